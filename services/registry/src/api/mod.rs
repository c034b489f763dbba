//! The registry over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs.

use tonic::{Request, Response, Status};
use tracemesh_access::{Principal, Role};
use tracemesh_chassis::error::{Error, Violation};
use tracemesh_codes::resident_id;
use tracemesh_proto::registry::v1 as wire;
use tracemesh_proto::registry::v1::registry_service_server::RegistryService;
use tracemesh_store::page;

use crate::app::{Cause, Registry, document};
use crate::domain::subject::Subject;

const PAGE_USUAL: u32 = 100;
const PAGE_MOST: u32 = 1_000;

#[tonic::async_trait]
impl RegistryService for Registry {
    async fn appoint_account(&self, _: Request<wire::AppointAccountRequest>) -> Result<Response<wire::AppointAccountResponse>, Status> {
        Err(Status::unimplemented("AppointAccount"))
    }

    async fn set_account_state(&self, _: Request<wire::SetAccountStateRequest>) -> Result<Response<wire::SetAccountStateResponse>, Status> {
        Err(Status::unimplemented("SetAccountState"))
    }

    async fn list_accounts(&self, _: Request<wire::ListAccountsRequest>) -> Result<Response<wire::ListAccountsResponse>, Status> {
        Err(Status::unimplemented("ListAccounts"))
    }

    async fn set_contact(&self, _: Request<wire::SetContactRequest>) -> Result<Response<wire::SetContactResponse>, Status> {
        Err(Status::unimplemented("SetContact"))
    }

    async fn find_contacts(&self, _: Request<wire::FindContactsRequest>) -> Result<Response<wire::FindContactsResponse>, Status> {
        Err(Status::unimplemented("FindContacts"))
    }

    async fn authorise_laboratory(
        &self,
        _: Request<wire::AuthoriseLaboratoryRequest>,
    ) -> Result<Response<wire::AuthoriseLaboratoryResponse>, Status> {
        Err(Status::unimplemented("AuthoriseLaboratory"))
    }

    async fn list_laboratories(
        &self,
        _: Request<wire::ListLaboratoriesRequest>,
    ) -> Result<Response<wire::ListLaboratoriesResponse>, Status> {
        Err(Status::unimplemented("ListLaboratories"))
    }

    async fn get_node(&self, _: Request<wire::GetNodeRequest>) -> Result<Response<wire::GetNodeResponse>, Status> {
        let node = wire::Node {
            id: self.node.id.clone(),
            tier: self.node.tier.as_str().into(),
            area: self.node.area.clone(),
            name_zh: self.node.name_zh.clone(),
            name_en: self.node.name_en.clone(),
            categories: self.node.categories.clone(),
        };
        Ok(Response::new(wire::GetNodeResponse { node: Some(node) }))
    }

    async fn list_areas(&self, _: Request<wire::ListAreasRequest>) -> Result<Response<wire::ListAreasResponse>, Status> {
        Ok(Response::new(wire::ListAreasResponse { areas: self.areas().await? }))
    }

    async fn add_area(&self, request: Request<wire::AddAreaRequest>) -> Result<Response<wire::AddAreaResponse>, Status> {
        let actor = caller(&request);
        let area = self.create_area(&Cause::by(&actor), request.into_inner().area.unwrap_or_default()).await?;
        Ok(Response::new(wire::AddAreaResponse { area: Some(area) }))
    }

    async fn add_provider(&self, request: Request<wire::AddProviderRequest>) -> Result<Response<wire::AddProviderResponse>, Status> {
        let actor = caller(&request);
        let asked = request.into_inner().provider.unwrap_or_default();
        let (provider, token) = self.create_provider(&Cause::by(&actor), asked).await?;
        Ok(Response::new(wire::AddProviderResponse { provider: Some(provider), token }))
    }

    async fn rotate_provider_token(
        &self,
        request: Request<wire::RotateProviderTokenRequest>,
    ) -> Result<Response<wire::RotateProviderTokenResponse>, Status> {
        let actor = caller(&request);
        let token = self.rotate_token(&Cause::by(&actor), &request.into_inner().id).await?;
        Ok(Response::new(wire::RotateProviderTokenResponse { token }))
    }

    async fn set_provider_state(
        &self,
        request: Request<wire::SetProviderStateRequest>,
    ) -> Result<Response<wire::SetProviderStateResponse>, Status> {
        let actor = caller(&request);
        let wire::SetProviderStateRequest { id, state, why } = request.into_inner();
        let provider = self.change_provider_state(&Cause { actor: &actor, why: &why }, &id, &state).await?;
        Ok(Response::new(wire::SetProviderStateResponse { provider: Some(provider) }))
    }

    async fn list_providers(&self, request: Request<wire::ListProvidersRequest>) -> Result<Response<wire::ListProvidersResponse>, Status> {
        let asked = request.into_inner();
        let limit = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let providers = self.providers(&after(&asked.page_token)?, limit).await?;
        let next_page_token = next(&providers, limit, |provider| &provider.id);
        Ok(Response::new(wire::ListProvidersResponse { providers, next_page_token }))
    }

    async fn register_subject(
        &self,
        request: Request<wire::RegisterSubjectRequest>,
    ) -> Result<Response<wire::RegisterSubjectResponse>, Status> {
        let actor = caller(&request);
        let asked = request.into_inner().subject.unwrap_or_default();
        let (subject, existing) = self.create_subject(&Cause::by(&actor), asked).await?;
        let subject = if existing { known_already(&subject, &actor) } else { shown(&subject, &actor) };
        Ok(Response::new(wire::RegisterSubjectResponse { subject: Some(subject), existing }))
    }

    async fn change_subject_state(
        &self,
        request: Request<wire::ChangeSubjectStateRequest>,
    ) -> Result<Response<wire::ChangeSubjectStateResponse>, Status> {
        let actor = caller(&request);
        let wire::ChangeSubjectStateRequest { id, state, why } = request.into_inner();
        let subject = self.move_subject(&Cause { actor: &actor, why: &why }, &id, &state).await?;
        Ok(Response::new(wire::ChangeSubjectStateResponse { subject: Some(shown(&subject, &actor)) }))
    }

    async fn find_subjects(&self, request: Request<wire::FindSubjectsRequest>) -> Result<Response<wire::FindSubjectsResponse>, Status> {
        let actor = caller(&request);
        let asked = request.into_inner();
        let limit = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let found = self.subjects(&asked.code, &asked.name, &after(&asked.page_token)?, limit).await?;
        let next_page_token = next(&found, limit, |subject| &subject.id);
        let subjects = found.iter().map(|subject| shown(subject, &actor)).collect();
        Ok(Response::new(wire::FindSubjectsResponse { subjects, next_page_token }))
    }

    async fn make_sign_in_link(
        &self,
        request: Request<wire::MakeSignInLinkRequest>,
    ) -> Result<Response<wire::MakeSignInLinkResponse>, Status> {
        let actor = caller(&request);
        let path = self.new_link(&Cause { actor: &actor, why: &request.into_inner().why }).await?;
        Ok(Response::new(wire::MakeSignInLinkResponse { path: path.0 }))
    }

    async fn redeem_sign_in(&self, request: Request<wire::RedeemSignInRequest>) -> Result<Response<wire::RedeemSignInResponse>, Status> {
        let (session, principal) = self.redeem(&request.into_inner().secret).await?;
        Ok(Response::new(wire::RedeemSignInResponse { session, principal: Some((&principal).into()) }))
    }

    async fn get_session(&self, request: Request<wire::GetSessionRequest>) -> Result<Response<wire::GetSessionResponse>, Status> {
        let principal = self.session(&request.into_inner().session).await?;
        Ok(Response::new(wire::GetSessionResponse { principal: principal.as_ref().map(Into::into) }))
    }

    async fn end_session(&self, request: Request<wire::EndSessionRequest>) -> Result<Response<wire::EndSessionResponse>, Status> {
        self.close_session(&request.into_inner().session).await?;
        Ok(Response::new(wire::EndSessionResponse {}))
    }
}

/// Who calls; the layer before the handlers has put it there.
fn caller<T>(request: &Request<T>) -> Principal {
    request.extensions().get::<Principal>().cloned().unwrap_or_else(Principal::public)
}

/// Codes of natural persons are masked for whoever is not an administrator of the node.
fn shown(subject: &Subject, to: &Principal) -> wire::Subject {
    let mut document = document(subject);
    if !to.has(Role::SystemAdministrator) {
        document.code = resident_id::mask(&document.code).to_string();
    }
    document
}

/// A provider that registers somebody else's code learns no more than that it is there: it could try all of them.
fn known_already(subject: &Subject, to: &Principal) -> wire::Subject {
    let shown = shown(subject, to);
    if to.has(Role::SystemAdministrator) || to.has(Role::Regulator) {
        return shown;
    }
    wire::Subject { id: shown.id, state: shown.state, ..wire::Subject::default() }
}

fn after(page_token: &str) -> Result<String, Status> {
    let position = page::position::<1>(page_token);
    let invalid = |_| Error::invalid(vec![Violation::new("page_token", "error.request.page_token").with("value", page_token)]);
    let position = position.map_err(invalid).map_err(Status::from)?;
    Ok(position.map_or_else(String::new, |[id]| id))
}

/// The token after a full page; none after a short one.
fn next<T>(page: &[T], limit: u32, id: impl Fn(&T) -> &String) -> String {
    page.last().filter(|_| page.len() as u32 == limit).map_or_else(String::new, |last| page::token([id(last)]))
}
