//! The registry over gRPC: decode, call, encode. Who may call what is declared in the proto and enforced before a handler runs.

use tonic::{Request, Response, Status};
use tracemesh_access::{Principal, Role};
use tracemesh_chassis::error::{Error, Violation};
use tracemesh_codes::resident_id;
use tracemesh_proto::registry::v1 as wire;
use tracemesh_proto::registry::v1::registry_service_server::RegistryService;
use tracemesh_store::page;

use crate::app::{Cause, Registry, account_document, contact_document, document, may_read_personal};
use crate::domain::contact::Contact;
use crate::domain::subject::Subject;

const PAGE_USUAL: u32 = 100;
const PAGE_MOST: u32 = 1_000;

#[tonic::async_trait]
impl RegistryService for Registry {
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
        let reader = caller(&request);
        let asked = request.into_inner();
        let limit = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let mut providers = self.providers(&after(&asked.page_token)?, limit).await?;
        let next_page_token = next(&providers, limit, |provider| &provider.id);
        let sight = self.sight(&reader).await?;
        providers.retain(|provider| sight.sees_provider(provider));
        Ok(Response::new(wire::ListProvidersResponse { providers, next_page_token }))
    }

    async fn register_subject(
        &self,
        request: Request<wire::RegisterSubjectRequest>,
    ) -> Result<Response<wire::RegisterSubjectResponse>, Status> {
        let actor = caller(&request);
        let asked = request.into_inner().subject.unwrap_or_default();
        let (subject, existing) = self.create_subject(&Cause::by(&actor), asked).await?;
        let subject =
            if existing && !self.sight(&actor).await?.sees_subject(&subject) { known_already(&subject) } else { shown(&subject, &actor) };
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
        let sight = self.sight(&actor).await?;
        let subjects = found.iter().filter(|subject| sight.sees_subject(subject)).map(|subject| shown(subject, &actor)).collect();
        Ok(Response::new(wire::FindSubjectsResponse { subjects, next_page_token }))
    }

    async fn appoint_account(
        &self,
        request: Request<wire::AppointAccountRequest>,
    ) -> Result<Response<wire::AppointAccountResponse>, Status> {
        let actor = caller(&request);
        let wire::AppointAccountRequest { account, why } = request.into_inner();
        let (account, link) = self.appoint(&Cause { actor: &actor, why: &why }, account.unwrap_or_default()).await?;
        Ok(Response::new(wire::AppointAccountResponse { account: Some(account_document(&account)), sign_in: link.0 }))
    }

    async fn set_account_state(
        &self,
        request: Request<wire::SetAccountStateRequest>,
    ) -> Result<Response<wire::SetAccountStateResponse>, Status> {
        let actor = caller(&request);
        let wire::SetAccountStateRequest { name, state, why } = request.into_inner();
        let account = self.change_account_state(&Cause { actor: &actor, why: &why }, &name, &state).await?;
        Ok(Response::new(wire::SetAccountStateResponse { account: Some(account_document(&account)) }))
    }

    async fn list_accounts(&self, request: Request<wire::ListAccountsRequest>) -> Result<Response<wire::ListAccountsResponse>, Status> {
        let asked = request.into_inner();
        let limit = page::size(asked.page_size, PAGE_USUAL, PAGE_MOST);
        let accounts = self.accounts(&after(&asked.page_token)?, limit).await?;
        let next_page_token = next(&accounts, limit, |account| &account.name);
        Ok(Response::new(wire::ListAccountsResponse { accounts: accounts.iter().map(account_document).collect(), next_page_token }))
    }

    async fn set_contact(&self, request: Request<wire::SetContactRequest>) -> Result<Response<wire::SetContactResponse>, Status> {
        let actor = caller(&request);
        let wire::SetContactRequest { subject, contact } = request.into_inner();
        let wire::Contact { person, phone, address, webhook, .. } = contact.unwrap_or_default();
        let (subject, contact) = self.put_contact(&Cause::by(&actor), &subject, Contact { person, phone, address, webhook }).await?;
        Ok(Response::new(wire::SetContactResponse { contact: Some(shown_contact(&subject, &contact, &actor)) }))
    }

    async fn find_contacts(&self, request: Request<wire::FindContactsRequest>) -> Result<Response<wire::FindContactsResponse>, Status> {
        let reader = caller(&request);
        let found = self.contacts(&reader, &request.into_inner().subjects).await?;
        let contacts = found.iter().map(|(subject, contact)| shown_contact(subject, contact, &reader)).collect();
        Ok(Response::new(wire::FindContactsResponse { contacts }))
    }

    async fn authorise_laboratory(
        &self,
        request: Request<wire::AuthoriseLaboratoryRequest>,
    ) -> Result<Response<wire::AuthoriseLaboratoryResponse>, Status> {
        let actor = caller(&request);
        let wire::AuthoriseLaboratoryRequest { laboratory, why } = request.into_inner();
        let laboratory = self.authorise(&Cause { actor: &actor, why: &why }, laboratory.unwrap_or_default()).await?;
        Ok(Response::new(wire::AuthoriseLaboratoryResponse { laboratory: Some(laboratory) }))
    }

    async fn list_laboratories(
        &self,
        _: Request<wire::ListLaboratoriesRequest>,
    ) -> Result<Response<wire::ListLaboratoriesResponse>, Status> {
        Ok(Response::new(wire::ListLaboratoriesResponse { laboratories: self.laboratories().await? }))
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

/// A person's number as a subject's code is masked as in [`shown`], except for whoever needs the rest of the contact as well.
fn shown_contact(subject: &Subject, contact: &Contact, to: &Principal) -> wire::Contact {
    let mut document = contact_document(subject, contact);
    if !may_read_personal(to) {
        document.code = shown(subject, to).code;
    }
    document
}

/// Whoever registers a code of somebody that he does not see learns no more than that it is there: he could try all of them.
fn known_already(subject: &Subject) -> wire::Subject {
    wire::Subject { id: subject.id.clone(), state: subject.state.to_string(), ..wire::Subject::default() }
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
