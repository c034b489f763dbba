//! A gateway that says what a test tells it to, or nothing at all.

use std::sync::{Arc, Mutex};

use tonic::{Request, Response, Status};
use tracemesh_proto::federation::v1::federation_service_server::FederationService;
use tracemesh_proto::federation::v1::*;

#[derive(Clone, Default)]
pub struct Gateway(Arc<Mutex<Option<Vec<LinkState>>>>);

impl Gateway {
    pub fn says(&self, children: Vec<LinkState>) {
        *self.0.lock().unwrap() = Some(children);
    }

    /// From now on it answers nobody.
    pub fn falls_silent(&self) {
        *self.0.lock().unwrap() = None;
    }
}

pub fn link(node: &str, state: &str, children: Vec<LinkState>) -> LinkState {
    LinkState { node: node.into(), state: state.into(), children, ..LinkState::default() }
}

#[tonic::async_trait]
impl FederationService for Gateway {
    async fn get_link_status(&self, _: Request<GetLinkStatusRequest>) -> Result<Response<GetLinkStatusResponse>, Status> {
        let children = self.0.lock().unwrap().clone();
        match children {
            Some(children) => Ok(Response::new(GetLinkStatusResponse { children, ..GetLinkStatusResponse::default() })),
            None => std::future::pending().await,
        }
    }

    async fn create_invitation(&self, _: Request<CreateInvitationRequest>) -> Result<Response<CreateInvitationResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn join_parent(&self, _: Request<JoinParentRequest>) -> Result<Response<JoinParentResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn revoke(&self, _: Request<RevokeRequest>) -> Result<Response<RevokeResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn resync(&self, _: Request<ResyncRequest>) -> Result<Response<ResyncResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn ask_mesh(&self, _: Request<AskMeshRequest>) -> Result<Response<AskMeshResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }
}
