//! A node that has nothing but its registry.

use std::time::Duration;

use tonic::Status;
use tracemesh_access::{Principal, Scope};
use tracemesh_chassis::config::NodeConfig;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, Process, Telemetry};
use tracemesh_journal::{DecodedEntry, JournalServer, open_commit};
use tracemesh_keeper as keeper;
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
    journals: JournalServer,
}

impl Node {
    pub async fn start(place: &Place) -> Node {
        let mut config = NodeConfig::on_free_ports(place.folder.path());
        config.node.id = "yantai".into();
        config.node.area = "370600".into();
        if let DatabaseConfig::Postgres { url } = place.config("any") {
            config.database.url = url;
        }
        let process = Process::prepare(config, Clock::manual(NOW), Telemetry::detached(), &["registry"]).await.unwrap();
        let journals = JournalServer::new();
        let services = vec![
            keeper::journal_service(&process.runtime("journal"), &journals),
            tracemesh_registry::start(&process.runtime("registry"), &journals).await.unwrap(),
        ];
        Node { running: process.serve(services).await.unwrap(), journals }
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
        let provider = Provider { id: id.into(), ..Provider::default() };
        self.operator().add_provider(AddProviderRequest { provider: Some(provider) }).await.unwrap().into_inner().token
    }

    /// Registers a subject with a number of the node's own.
    pub async fn add_subject(&self, name: &str) -> Subject {
        let subject = Subject {
            kind: "operator".into(),
            scheme: "opaque".into(),
            code: format!("no-{name}"),
            name: name.into(),
            ..Subject::default()
        };
        let registered = self.operator().register_subject(RegisterSubjectRequest { subject: Some(subject) }).await.unwrap().into_inner();
        registered.subject.unwrap()
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

    /// The provider as the registry lists it.
    pub async fn provider_of(&self, id: &str) -> Provider {
        let listed = self.operator().list_providers(ListProvidersRequest::default()).await.unwrap().into_inner();
        listed.providers.into_iter().find(|provider| provider.id == id).expect("the provider is registered")
    }
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
