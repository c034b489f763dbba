//! What every request passes through before its handler, from the outside inwards. Each layer is a function or a library's layer, and says
//! why it stands where it stands.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::error_handling::HandleErrorLayer;
use axum::extract::DefaultBodyLimit;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::{BoxError, Router};
use tonic::Status;
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tracemesh_access::token::TokenFault;

use super::{body, deadline, observe};
use crate::auth::{Authenticator, PeerNode};
use crate::config::LimitsConfig;
use crate::error::{Error, ErrorCode};
use crate::rules;
use crate::tasks::{Shutdown, panic_message};

/// Who is let in to the RPCs.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) authenticator: Arc<Authenticator>,
    /// Nouns of services to which calls are passed on. They may know a caller whom nobody here does: ingestion alone knows providers.
    pub(crate) elsewhere: Arc<BTreeSet<String>>,
}

/// The layers of the gRPC listener, of the pipes in memory and of tunnels.
pub(crate) fn grpc(routes: Router, limits: &LimitsConfig, door: Door, calls: observe::Calls, shutdown: Shutdown) -> Router {
    routes.layer(
        ServiceBuilder::new()
            // a span that continues the caller's trace, and the duration: outermost, so that refused calls are seen too
            .layer(from_fn_with_state(calls, observe::call))
            // what does not fit is refused at once instead of waiting, therefore outside the limit
            .layer(HandleErrorLayer::new(|why: BoxError| async move { grpc_error(overloaded(why)) }))
            .load_shed()
            // over all connections together: a limit per connection is none
            .layer(GlobalConcurrencyLimitLayer::new(limits.concurrent_calls))
            // the caller's deadline or ours, whichever ends first; it counts the look-up of the caller in
            .layer(from_fn_with_state(deadline::Deadlines::of_grpc(limits), deadline::call))
            // streams would outlive any drain: they end when the process is asked to stop
            .layer(from_fn_with_state(shutdown, deadline::end_streams_at_stop))
            // no handler runs for a caller whom the contract's rule does not allow
            .layer(from_fn_with_state(door, authorize))
            // innermost, so that a handler's panic is an answer with a number and the connection's other calls go on
            .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| grpc_error(panicked(panic.as_ref())))),
    )
}

/// The layers of the HTTP listener.
pub(crate) fn http(routes: Router, limits: &LimitsConfig, authenticator: Arc<Authenticator>, calls: observe::Calls) -> Router {
    routes.layer(
        ServiceBuilder::new()
            // as above
            .layer(from_fn_with_state(calls, observe::request))
            .layer(HandleErrorLayer::new(|why: BoxError| async move { overloaded(why) }))
            .load_shed()
            .layer(GlobalConcurrencyLimitLayer::new(limits.concurrent_calls))
            // before the body is read; what says nothing of its length is cut where the limit is
            .layer(from_fn_with_state(body::Limit(limits.http_body_bytes), body::limit))
            .layer(DefaultBodyLimit::max(limits.http_body_bytes))
            .layer(from_fn_with_state(deadline::Deadlines::of_http(limits), deadline::request))
            // who is calling; whether it may is asked by the handler, as a page is no RPC and has no rule
            .layer(from_fn_with_state(authenticator, identify))
            .layer(CatchPanicLayer::custom(|panic: Box<dyn Any + Send>| panicked(panic.as_ref()).into_response())),
    )
}

async fn authorize(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if is_infrastructure(path) {
        return next.run(request).await;
    }
    let Some(rule) = rules::rule_for(path) else {
        return grpc_error(ErrorCode::Unimplemented.into());
    };
    let peer = request.extensions().get::<PeerNode>();
    let principal = match door.authenticator.known(request.headers(), peer).await {
        Ok(None) if door.elsewhere.contains(rules::noun(path)) => return next.run(request).await,
        known => known.and_then(|known| known.ok_or_else(|| TokenFault::Malformed.into())),
    };
    match principal.and_then(|principal| tracemesh_access::decide(&principal, rule).map(|()| principal).map_err(Error::from)) {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            next.run(request).await
        }
        Err(error) => grpc_error(error),
    }
}

async fn identify(State(authenticator): State<Arc<Authenticator>>, mut request: Request, next: Next) -> Response {
    match authenticator.principal(request.headers(), None).await {
        Ok(principal) => {
            request.extensions_mut().insert(principal);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Health and reflection say nothing that the published contract does not say, and orchestrators ask them without credentials.
fn is_infrastructure(path: &str) -> bool {
    path.starts_with("/grpc.health.v1.") || path.starts_with("/grpc.reflection.v1")
}

pub(super) fn grpc_error(error: Error) -> Response {
    Status::from(error).into_http()
}

fn overloaded(why: BoxError) -> Error {
    Error::from(ErrorCode::ResourceExhausted).retry_after(std::time::Duration::from_secs(1)).because(why)
}

fn panicked(panic: &(dyn Any + Send)) -> Error {
    Error::internal(format!("a handler panicked: {}", panic_message(panic)))
}

#[cfg(test)]
mod tests;
