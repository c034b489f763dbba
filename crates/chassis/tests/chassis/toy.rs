//! The gateway's two contracts with answers that tell a test what arrived: who was calling, and in which trace.

use std::pin::Pin;
use std::sync::Arc;

use futures::{Stream, StreamExt};
use tempfile::TempDir;
use tokio::sync::Notify;
use tonic::{Request, Response, Status, Streaming};
use tracemesh_access::{Neighbour, Principal, Scope};
use tracemesh_chassis::auth::{Answer, Credential, CredentialSource};
use tracemesh_chassis::error::{Error, ErrorCode};
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, NodeConfig, Process, Service, Telemetry};
use tracemesh_proto::federation::v1::federation_service_server::{FederationService, FederationServiceServer};
use tracemesh_proto::federation::v1::link_service_server::{LinkService, LinkServiceServer};
use tracemesh_proto::federation::v1::*;

/// What the toy shares with its test.
#[derive(Clone, Default)]
pub struct Toy {
    /// `JoinParent` says so when it has begun, and answers when it is told to.
    pub begun: Arc<Notify>,
    pub release: Arc<Notify>,
}

fn caller<T>(request: &Request<T>) -> String {
    request.extensions().get::<Principal>().map_or_else(|| "nobody".to_owned(), ToString::to_string)
}

#[tonic::async_trait]
impl FederationService for Toy {
    async fn create_invitation(&self, _: Request<CreateInvitationRequest>) -> Result<Response<CreateInvitationResponse>, Status> {
        panic!("the toy has no invitations")
    }

    async fn join_parent(&self, request: Request<JoinParentRequest>) -> Result<Response<JoinParentResponse>, Status> {
        self.begun.notify_one();
        self.release.notified().await;
        Ok(Response::new(JoinParentResponse { parent: caller(&request) }))
    }

    async fn get_link_status(&self, request: Request<GetLinkStatusRequest>) -> Result<Response<GetLinkStatusResponse>, Status> {
        Ok(Response::new(GetLinkStatusResponse { node: caller(&request), ..Default::default() }))
    }

    async fn revoke(&self, _: Request<RevokeRequest>) -> Result<Response<RevokeResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn resync(&self, request: Request<ResyncRequest>) -> Result<Response<ResyncResponse>, Status> {
        let trace = request.metadata().get("traceparent").and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Response::new(ResyncResponse { child: Some(LinkState { detail: trace, ..Default::default() }) }))
    }

    async fn ask_mesh(&self, _: Request<AskMeshRequest>) -> Result<Response<AskMeshResponse>, Status> {
        Err(Error::from(ErrorCode::Unavailable).into())
    }
}

#[tonic::async_trait]
impl LinkService for Toy {
    type TunnelStream = Pin<Box<dyn Stream<Item = Result<TunnelResponse, Status>> + Send>>;

    async fn join(&self, request: Request<JoinRequest>) -> Result<Response<JoinResponse>, Status> {
        Ok(Response::new(JoinResponse { parent: caller(&request), ..Default::default() }))
    }

    async fn renew(&self, _: Request<RenewRequest>) -> Result<Response<RenewResponse>, Status> {
        Ok(Response::new(RenewResponse::default()))
    }

    async fn hello(&self, request: Request<HelloRequest>) -> Result<Response<HelloResponse>, Status> {
        Ok(Response::new(HelloResponse { node: caller(&request), ..Default::default() }))
    }

    /// Sends back what it gets, and stays open when nothing more comes.
    async fn tunnel(&self, request: Request<Streaming<TunnelRequest>>) -> Result<Response<Self::TunnelStream>, Status> {
        let echo = request.into_inner().map(|message| message.map(|message| TunnelResponse { data: message.data }));
        Ok(Response::new(echo.chain(futures::stream::pending()).boxed()))
    }

    async fn ask_hops(&self, _: Request<AskHopsRequest>) -> Result<Response<AskHopsResponse>, Status> {
        Ok(Response::new(AskHopsResponse::default()))
    }
}

/// Knows the provider `acme` by its token, the child `xm` by its certificate, and the parent that calls through a tunnel.
pub struct Known;

#[tonic::async_trait]
impl CredentialSource for Known {
    async fn who(&self, shown: &Credential) -> Answer {
        let principal = match shown {
            Credential::Token(token) if token.text() == "acme's" => Principal::provider("acme", Scope::Everything, Scope::Everything),
            Credential::Node(node) if node.id == "xm" => Principal::node("xm", Neighbour::Child, Scope::Everything, Scope::NOTHING),
            Credential::Node(node) if node.id == "cn" => Principal::node("cn", Neighbour::Parent, Scope::Everything, Scope::NOTHING),
            _ => return Answer::Unknown,
        };
        Answer::Known(principal.expect("a caller without fault"))
    }
}

impl Toy {
    pub fn service(&self) -> Service {
        Service::new("federation")
            .grpc(FederationServiceServer::new(self.clone()))
            .grpc(LinkServiceServer::new(self.clone()))
            .credentials(Known)
    }
}

/// A node on free ports in a folder of its own.
pub struct Node {
    pub running: Running,
    pub toy: Toy,
    pub folder: TempDir,
}

pub async fn prepared(folder: &TempDir) -> Process {
    let config = NodeConfig::on_free_ports(folder.path());
    Process::prepare(config, Clock::system(), Telemetry::detached(), &["federation"]).await.expect("a node on free ports starts")
}

impl Node {
    pub async fn start() -> Node {
        Node::with(|service| service).await
    }

    pub async fn with(more: impl FnOnce(Service) -> Service) -> Node {
        let (folder, toy) = (tempfile::tempdir().unwrap(), Toy::default());
        let running = prepared(&folder).await.serve(vec![more(toy.service())]).await.expect("a toy is served");
        Node { running, toy, folder }
    }

    pub fn ca(&self) -> String {
        std::fs::read_to_string(&self.running.endpoints().ca).unwrap()
    }
}
