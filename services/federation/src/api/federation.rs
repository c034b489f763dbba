//! What the operator and the other services of the node ask.

use tonic::{Request, Response, Status};
use tracemesh_proto::federation::v1::federation_service_server::FederationService;
use tracemesh_proto::federation::v1::{
    AskHopsRequest, AskMeshRequest, AskMeshResponse, CreateInvitationRequest, CreateInvitationResponse, GetLinkStatusRequest,
    GetLinkStatusResponse, JoinParentRequest, JoinParentResponse, ResyncRequest, ResyncResponse, RevokeRequest, RevokeResponse,
};
use tracemesh_proto::time::timestamp;

use super::caller;
use crate::app::{Cause, Federation};

#[tonic::async_trait]
impl FederationService for Federation {
    async fn create_invitation(&self, request: Request<CreateInvitationRequest>) -> Result<Response<CreateInvitationResponse>, Status> {
        let actor = caller(&request);
        let CreateInvitationRequest { node, area, categories } = request.into_inner();
        let (code, expires_at) = self.invite(&Cause::by(&actor), &node, &area, categories).await?;
        Ok(Response::new(CreateInvitationResponse { code, expires_at: Some(timestamp(expires_at)) }))
    }

    async fn join_parent(&self, request: Request<JoinParentRequest>) -> Result<Response<JoinParentResponse>, Status> {
        let actor = caller(&request);
        let JoinParentRequest { url, code } = request.into_inner();
        let parent = self.join(&Cause::by(&actor), &url, &code).await?;
        Ok(Response::new(JoinParentResponse { parent }))
    }

    async fn get_link_status(&self, _: Request<GetLinkStatusRequest>) -> Result<Response<GetLinkStatusResponse>, Status> {
        Ok(Response::new(self.link_status().await?))
    }

    async fn resync(&self, request: Request<ResyncRequest>) -> Result<Response<ResyncResponse>, Status> {
        let actor = caller(&request);
        let ResyncRequest { child, why } = request.into_inner();
        let link = Federation::resync(self, &Cause { actor: &actor, why: &why }, &child).await?;
        Ok(Response::new(ResyncResponse { child: Some(link) }))
    }

    async fn revoke(&self, request: Request<RevokeRequest>) -> Result<Response<RevokeResponse>, Status> {
        let actor = caller(&request);
        let RevokeRequest { child, why } = request.into_inner();
        let link = Federation::revoke(self, &Cause { actor: &actor, why: &why }, &child).await?;
        Ok(Response::new(RevokeResponse { child: Some(link) }))
    }

    async fn ask_mesh(&self, request: Request<AskMeshRequest>) -> Result<Response<AskMeshResponse>, Status> {
        let actor = caller(&request);
        let AskMeshRequest { walk, units, limit } = request.into_inner();
        let answer = Federation::ask_mesh(self, &actor, AskHopsRequest { walk, units, limit }).await?;
        Ok(Response::new(AskMeshResponse { nodes: answer.nodes, silent: answer.silent }))
    }
}
