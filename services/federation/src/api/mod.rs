//! The gateway over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs.

mod federation;
mod link;

use tonic::Request;
use tracemesh_access::Principal;

/// Who calls; the layer before the handlers has put it there.
fn caller<T>(request: &Request<T>) -> Principal {
    request.extensions().get::<Principal>().cloned().unwrap_or_else(Principal::public)
}
