//! The doors: gRPC for programs, HTTP for records and EPCIS documents, and the trace. Each decodes, calls, encodes.

pub mod grpc;
pub mod http;
mod outbreak;
mod scope;
pub mod trace;

use tracemesh_access::Principal;

/// Who calls; the layer before the handlers has put it there.
fn caller<T>(request: &tonic::Request<T>) -> Principal {
    request.extensions().get::<Principal>().cloned().unwrap_or_else(Principal::public)
}
