//! What two gateways say to each other.

use std::pin::Pin;
use std::time::Duration;

use futures::{Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};
use tracemesh_access::{Principal, Role};
use tracemesh_chassis::auth::PeerNode;
use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_peers::Remote;
use tracemesh_proto::federation::v1::link_service_server::LinkService;
use tracemesh_proto::federation::v1::{
    AskHopsRequest, AskHopsResponse, HelloRequest, HelloResponse, JoinRequest, JoinResponse, RenewRequest, RenewResponse, TunnelRequest,
    TunnelResponse,
};

use super::caller;
use crate::app::Federation;
use crate::domain::link::Purpose;
use crate::domain::question::{Asker, stated_deadline};
use crate::driver::tunnel;
use crate::error::FederationError;

/// How long the first message of a tunnel may take.
const FIRST_MESSAGE: Duration = Duration::from_secs(10);

#[tonic::async_trait]
impl LinkService for Federation {
    type TunnelStream = Pin<Box<dyn Stream<Item = Result<TunnelResponse, Status>> + Send>>;

    async fn join(&self, request: Request<JoinRequest>) -> Result<Response<JoinResponse>, Status> {
        Ok(Response::new(self.enrol(request.into_inner()).await?))
    }

    async fn renew(&self, request: Request<RenewRequest>) -> Result<Response<RenewResponse>, Status> {
        let (actor, shown) = (caller(&request), request.extensions().get::<PeerNode>().cloned());
        let shown = shown.ok_or_else(|| Error::from(ErrorCode::PermissionDenied))?;
        let certificate = Federation::renew(self, &actor, &shown, &request.into_inner().signing_request).await?;
        Ok(Response::new(RenewResponse { certificate }))
    }

    async fn hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloResponse>, Status> {
        let actor = caller(&request);
        let peer = request.extensions().get::<PeerNode>().cloned();
        let answer = Federation::hello(self, &actor, peer.as_ref(), &request.into_inner()).await?;
        Ok(Response::new(answer))
    }

    async fn tunnel(&self, request: Request<Streaming<TunnelRequest>>) -> Result<Response<Self::TunnelStream>, Status> {
        let child = child(&request)?;
        let mut requests = request.into_inner();
        let first = tokio::time::timeout(FIRST_MESSAGE, requests.message()).await;
        let first = first.map_err(|_| Error::from(ErrorCode::DeadlineExceeded))??.unwrap_or_default();
        let purpose: Purpose = first.purpose.parse().map_err(|_| unknown_purpose(&first.purpose))?;
        let end = tunnel::parent_end(requests);
        let is_taken = self.children.opened(&child, purpose, Remote::over(end.pipe), end.closed).await;
        is_taken.then(|| Response::new(end.answer.boxed() as Self::TunnelStream)).ok_or_else(|| FederationError::NoChild(child).into())
    }

    async fn ask_hops(&self, request: Request<AskHopsRequest>) -> Result<Response<AskHopsResponse>, Status> {
        let actor = caller(&request);
        let asker = if actor.has(Role::Parent) { Asker::Parent } else { Asker::Child(child(&request)?) };
        let waits = request.metadata().get("grpc-timeout").and_then(|value| value.to_str().ok()).and_then(stated_deadline);
        let answer = Federation::ask_hops(self, &actor, asker, request.into_inner(), waits).await?;
        Ok(Response::new(answer))
    }
}

/// The child that calls, by the name that its certificate and its row agree on.
fn child<T>(request: &Request<T>) -> Result<String, Status> {
    let principal = request.extensions().get::<Principal>();
    let node = principal.filter(|principal| principal.has(Role::Child)).and_then(Principal::node_id);
    node.map(str::to_owned).ok_or_else(|| Error::from(ErrorCode::PermissionDenied).into())
}

fn unknown_purpose(word: &str) -> Status {
    let allowed = Purpose::ALL.map(Purpose::as_str).join(", ");
    Error::invalid(vec![Violation::new("purpose", "error.request.value_not_allowed").with("value", word).with("allowed", allowed)]).into()
}
