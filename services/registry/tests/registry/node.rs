//! A node that has nothing but its registry.

use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{FieldViolation, StatusExt};
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_chassis::config::NodeConfig;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, Process, Telemetry};
use tracemesh_journal::{DecodedEntry, JournalServer, open_commit};
use tracemesh_keeper as keeper;
use tracemesh_peers::local::Target;
use tracemesh_peers::{Caller, Clients, Peers};
use tracemesh_proto::journal::v1::FollowRequest;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_proto::registry::v1::registry_service_client::RegistryServiceClient;
use tracemesh_proto::registry::v1::*;
use tracemesh_store::DatabaseConfig;
use tracemesh_testkit::Place;

/// 2026-01-15.
pub const NOW: i64 = 1_768_464_000_000_000;
const PATIENCE: Duration = Duration::from_secs(30);

pub type Registry = RegistryServiceClient<Caller>;

pub struct Node {
    pub running: Running,
    pub clock: Clock,
    journals: JournalServer,
}

impl Node {
    pub async fn start(place: &Place) -> Node {
        let mut config = NodeConfig::on_free_ports(place.folder.path());
        config.node.id = "yantai".into();
        config.node.area = "370600".into();
        if let DatabaseConfig::Postgres { url, .. } = place.config("any") {
            config.database.url = url;
        }
        let clock = Clock::manual(NOW);
        let process = Process::prepare(config, clock.clone(), Telemetry::detached(), &["registry"]).await.unwrap();
        let journals = JournalServer::new();
        let services = vec![
            keeper::journal_service(&process.runtime("journal"), &journals),
            tracemesh_registry::start(&process.runtime("registry"), &journals).await.unwrap(),
        ];
        Node { running: process.serve(services).await.unwrap(), clock, journals }
    }

    pub async fn stop(self) {
        self.journals.stop();
        self.running.stop().await.unwrap();
    }

    /// As whoever runs the node.
    pub fn operator(&self) -> Registry {
        self.of(&Principal::operator())
    }

    /// As another service of the node, such as the portal.
    pub fn service(&self) -> Registry {
        self.peers().as_service().registry()
    }

    pub fn provider(&self, id: &str) -> Registry {
        self.of(&Principal::provider(id, Scope::Everything, Scope::Everything).unwrap())
    }

    pub fn regulator(&self) -> Registry {
        self.of(&Principal::user("li", [Role::Regulator], Scope::Everything, Scope::Everything).unwrap())
    }

    /// As the administrator of security.
    pub fn security(&self) -> Registry {
        self.of(&Principal::user("zhao", [Role::SecurityAdministrator], Scope::Everything, Scope::Everything).unwrap())
    }

    /// As somebody who reaches stalls by phone.
    pub fn phoning(&self) -> Registry {
        self.of(&Principal::user("sun", [Role::Acknowledger], Scope::Everything, Scope::Everything).unwrap())
    }

    /// As somebody who sees these areas and categories alone.
    pub fn regulator_of(&self, area: &str, category: &str) -> Registry {
        let [area, category] = [area, category].map(|word| Scope::from_words([word]));
        self.of(&Principal::user("qian", [Role::Regulator], area, category).unwrap())
    }

    /// Appoints, and gives the secret of the link.
    pub async fn appoint(&self, account: Account) -> Result<String, Status> {
        let request = AppointAccountRequest { account: Some(account), why: "new here".into() };
        let appointed = self.security().appoint_account(request).await?.into_inner();
        Ok(appointed.sign_in.strip_prefix("/console/sign-in/").unwrap().to_owned())
    }

    pub async fn set_account(&self, name: &str, state: &str, why: &str) -> Result<Account, Status> {
        let request = SetAccountStateRequest { name: name.into(), state: state.into(), why: why.into() };
        Ok(self.security().set_account_state(request).await?.into_inner().account.unwrap())
    }

    /// As whoever shows this token at the node's port.
    pub async fn showing(&self, token: &str) -> Registry {
        let endpoints = self.running.endpoints();
        let target = Target { token: Some(token.into()), ..Target::local(endpoints.ca.parent().unwrap().parent().unwrap()) };
        target.connect().await.unwrap().registry()
    }

    pub fn of(&self, principal: &Principal) -> Registry {
        self.peers().on_behalf(principal).registry()
    }

    fn peers(&self) -> Peers {
        Peers::new(&self.running.runtime("registry"))
    }

    /// Everything in the journal.
    pub async fn entries(&self) -> Vec<DecodedEntry> {
        tokio::time::timeout(PATIENCE, read(self.peers().as_service())).await.expect("the journal is read to its end")
    }

    /// The newest entry.
    pub async fn entry(&self) -> DecodedEntry {
        self.entries().await.pop().expect("the journal is not empty")
    }

    /// Registers a provider for everything, and gives its token.
    pub async fn add_provider(&self, id: &str) -> String {
        self.try_add_provider(id).await.unwrap()
    }

    pub async fn try_add_provider(&self, id: &str) -> Result<String, Status> {
        let provider = Provider { id: id.into(), ..Provider::default() };
        Ok(self.operator().add_provider(AddProviderRequest { provider: Some(provider) }).await?.into_inner().token)
    }

    /// Registers a subject with a number of the node's own.
    pub async fn add_subject(&self, name: &str) -> Subject {
        self.try_add_subject(name).await.unwrap()
    }

    pub async fn try_add_subject(&self, name: &str) -> Result<Subject, Status> {
        let [kind, scheme] = ["operator", "opaque"].map(str::to_owned);
        let subject = Subject { kind, scheme, code: format!("no-{name}"), name: name.into(), ..Subject::default() };
        let registered = self.operator().register_subject(RegisterSubjectRequest { subject: Some(subject) }).await?.into_inner();
        Ok(registered.subject.unwrap())
    }

    /// The state that a subject is in afterwards.
    pub async fn move_subject(&self, id: &str, state: &str) -> Result<String, Status> {
        let request = ChangeSubjectStateRequest { id: id.into(), state: state.into(), why: "asked for".into() };
        Ok(self.operator().change_subject_state(request).await?.into_inner().subject.unwrap().state)
    }

    /// The first page of the subjects with this code and a name that holds this.
    pub async fn find(&self, code: &str, name: &str) -> Vec<Subject> {
        let request = FindSubjectsRequest { code: code.into(), name: name.into(), ..FindSubjectsRequest::default() };
        self.operator().find_subjects(request).await.unwrap().into_inner().subjects
    }

    /// The secret of the link that the start has printed.
    pub fn first_link(&self) -> Option<String> {
        let link = self.running.endpoints().sign_in.as_ref()?;
        link.rsplit('/').next().map(str::to_owned)
    }

    /// The session that a link opens.
    pub async fn redeem(&self, secret: &str) -> Result<String, Status> {
        Ok(self.service().redeem_sign_in(RedeemSignInRequest { secret: secret.into() }).await?.into_inner().session)
    }

    /// Whose session it is, with the roles.
    pub async fn session(&self, session: &str) -> String {
        let request = GetSessionRequest { session: session.into() };
        let found = self.service().get_session(request).await.unwrap().into_inner().principal;
        found.map_or("nobody".into(), |who| {
            let principal = Principal::try_from(who).unwrap();
            let roles: Vec<&str> = principal.roles().iter().map(|role| role.as_str()).collect();
            format!("{principal}: {}", roles.join(" "))
        })
    }

    /// The provider as the registry lists it.
    pub async fn provider_of(&self, id: &str) -> Provider {
        let listed = self.operator().list_providers(ListProvidersRequest::default()).await.unwrap().into_inner();
        listed.providers.into_iter().find(|provider| provider.id == id).expect("the provider is registered")
    }
}

/// Somebody in these roles, who sees everything.
pub fn account(name: &str, roles: &[&str]) -> Account {
    let everything = || vec!["*".to_owned()];
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Account { name: name.into(), roles, areas: everything(), categories: everything(), ..Account::default() }
}

/// Follows from the first entry until the journal says that this is all.
async fn read(clients: Clients) -> Vec<DecodedEntry> {
    let request = FollowRequest { journal: "yantai.registry".into(), epoch: 0, after: 0 };
    let mut stream = clients.journal("registry").follow(request).await.unwrap().into_inner();
    let mut entries = Vec::new();
    while let Some(Item::Commit(commit)) = stream.message().await.unwrap().unwrap().item {
        entries.extend(open_commit(&"yantai.registry".into(), &commit).unwrap().entries);
    }
    entries
}

/// What is wrong with a request: field and reason of each fault, which is told in both languages.
pub fn faults(refused: &Status) -> Vec<String> {
    assert_eq!(refused.code(), Code::InvalidArgument, "{refused}");
    let violations = refused.get_details_bad_request().unwrap().field_violations;
    let fault = |violation: &FieldViolation| {
        let chinese = &violation.localized_message.as_ref().unwrap().message;
        assert!(!violation.description.is_empty() && chinese.chars().any(|c| c > '\u{4e00}'), "{violation:?}");
        format!("{} {}", violation.field, violation.reason)
    };
    violations.iter().map(fault).collect()
}

/// Why a call was refused.
pub fn reason(refused: &Status) -> String {
    refused.get_details_error_info().unwrap().reason
}
