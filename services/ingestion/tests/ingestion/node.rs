//! A small node in this process: what `tracemesh up` starts, as far as a record needs it.

use std::time::{Duration, Instant};

use tempfile::TempDir;
use tracemesh_chassis::process::{OPERATOR_TOKEN_FILE, Running};
use tracemesh_chassis::{Clock, NodeConfig, Process, Service, Telemetry};
use tracemesh_journal::{Journal, JournalServer};
use tracemesh_peers::Clients;
use tracemesh_peers::local::Target;
use tracemesh_proto::ingestion::v1::{GetIntakeRequest, GetIntakeResponse};
use tracemesh_proto::journal::v1::{VerifyRequest, VerifyResponse};
use tracemesh_proto::registry::v1::{
    Account, AddProviderRequest, AppointAccountRequest, Area, MakeSignInLinkRequest, Provider, RedeemSignInRequest,
};
use tracemesh_store::MigrationSet;

use crate::caller::Caller;

const HOSTED: [&str; 3] = ["registry", "ingestion", "journal"];
/// Longer than anything takes that is promised within a second, on a machine that compiles beside it.
const PATIENCE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(5);

/// What the test plays beside registry and ingestion.
enum Beside {
    Nobody,
    Gateway(Service),
    Quality(std::sync::mpsc::Sender<Journal>),
}

pub struct Node {
    pub folder: TempDir,
    running: Running,
}

impl Node {
    pub async fn start() -> Node {
        Node::with(|_| ()).await
    }

    /// A new node, configured otherwise.
    pub async fn with(change: impl FnOnce(&mut NodeConfig)) -> Node {
        Node::start_in(tempfile::tempdir().unwrap(), change).await
    }

    /// A new node whose gateway to other nodes is the test's.
    pub async fn start_beside(gateway: Service) -> Node {
        Node::start_with(tempfile::tempdir().unwrap(), |_| (), Beside::Gateway(gateway)).await
    }

    /// A new node, and the journal of its quality, which the test writes.
    pub async fn start_beside_quality() -> (Node, Journal) {
        let (journal, opened) = std::sync::mpsc::channel();
        let node = Node::start_with(tempfile::tempdir().unwrap(), |_| (), Beside::Quality(journal)).await;
        (node, opened.recv().unwrap())
    }

    /// The node of a data directory.
    pub async fn start_in(folder: TempDir, change: impl FnOnce(&mut NodeConfig)) -> Node {
        Node::start_with(folder, change, Beside::Nobody).await
    }

    async fn start_with(folder: TempDir, change: impl FnOnce(&mut NodeConfig), beside: Beside) -> Node {
        let mut config = NodeConfig::on_free_ports(folder.path());
        change(&mut config);
        let played = match &beside {
            Beside::Nobody => None,
            Beside::Gateway(_) => Some("federation"),
            Beside::Quality(_) => Some("quality"),
        };
        let hosted: Vec<&str> = HOSTED.into_iter().chain(played).collect();
        let process = Process::prepare(config, Clock::system(), Telemetry::detached(), &hosted).await.unwrap();
        let journals = JournalServer::default();
        let mut services = vec![
            tracemesh_registry::start(&process.runtime("registry"), &journals).await.unwrap(),
            tracemesh_ingestion::start(&process.runtime("ingestion"), &journals).await.unwrap(),
            tracemesh_keeper::journal_service(&process.runtime("journal"), &journals),
        ];
        match beside {
            Beside::Nobody => {}
            Beside::Gateway(gateway) => services.push(gateway),
            Beside::Quality(opened) => {
                let no_tables = MigrationSet { name: "quality", steps: &[] };
                let kept = tracemesh_keeper::open(&process.runtime("quality"), &journals, no_tables).await.unwrap();
                opened.send(kept.journal).unwrap();
            }
        }
        Node { running: process.serve(services).await.unwrap(), folder }
    }

    /// Stops it in order, and leaves its files.
    pub async fn stop(self) -> TempDir {
        self.running.stop().await.unwrap();
        self.folder
    }

    pub fn http(&self) -> &str {
        &self.running.endpoints().http
    }

    pub fn grpc(&self) -> &str {
        &self.running.endpoints().grpc
    }

    pub fn ca(&self) -> String {
        std::fs::read_to_string(&self.running.endpoints().ca).unwrap()
    }

    pub async fn operator(&self) -> Caller {
        let token = std::fs::read_to_string(self.folder.path().join(OPERATOR_TOKEN_FILE)).unwrap();
        self.caller(&token).await
    }

    pub async fn caller(&self, token: &str) -> Caller {
        let target = Target { token: Some(token.to_owned()), ..Target::local(self.folder.path()) };
        Caller { token: token.into(), clients: target.connect().await.unwrap(), http: self.http().into() }
    }

    /// A regulator with a session of his own, who sees one area and one category, `*` being all of them.
    pub async fn regulator(&self, area: &str, category: &str) -> Caller {
        let link = self.operator().await.clients.registry().make_sign_in_link(MakeSignInLinkRequest::default()).await.unwrap().into_inner();
        let administrator = self.signed_in(&link.path).await;
        let [areas, categories, roles] = [area, category, "REGULATOR"].map(|word| vec![word.to_owned()]);
        let account = Account { name: format!("{area}-{category}"), roles, areas, categories, ..Account::default() };
        let request = AppointAccountRequest { account: Some(account), why: String::new() };
        let appointed = administrator.clients.registry().appoint_account(request).await.unwrap().into_inner();
        self.signed_in(&appointed.sign_in).await
    }

    /// Whoever a one-time link lets in.
    async fn signed_in(&self, link: &str) -> Caller {
        let secret = link.rsplit('/').next().unwrap().to_owned();
        let redeemed = self.operator().await.clients.registry().redeem_sign_in(RedeemSignInRequest { secret }).await.unwrap();
        self.caller(&redeemed.into_inner().session).await
    }

    /// A new provider for all areas and categories, once the doors know it.
    pub async fn provider(&self, id: &str) -> Caller {
        self.provider_with(Provider { id: id.into(), ..Provider::default() }).await
    }

    pub async fn provider_with(&self, provider: Provider) -> Caller {
        let request = AddProviderRequest { provider: Some(provider) };
        let added = self.operator().await.clients.registry().add_provider(request).await.unwrap().into_inner();
        let caller = self.caller(&added.token).await;
        eventually("the doors know the provider", async || caller.is_known().await.then_some(())).await;
        caller
    }

    /// Adds areas to the tree, each below the one before it.
    pub async fn add_areas(&self, ids: &[&str]) {
        let mut registry = self.operator().await.clients.registry();
        let mut parent = "CN";
        for id in ids {
            let area = Area { id: (*id).into(), parent: parent.into(), name_zh: "区".into(), kind: "zone".into(), ..Area::default() };
            registry.add_area(tracemesh_proto::registry::v1::AddAreaRequest { area: Some(area) }).await.unwrap();
            parent = id;
        }
    }

    pub async fn intake(&self) -> GetIntakeResponse {
        self.operator().await.clients.ingestion().get_intake(GetIntakeRequest {}).await.unwrap().into_inner()
    }
}

/// What the audit finds in all journals of a node.
pub async fn verify(clients: &Clients) -> VerifyResponse {
    clients.journal("ingestion").verify(VerifyRequest::default()).await.unwrap().into_inner()
}

/// Looks until there is something, and gives up after a while.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "{what}: not within {} s", PATIENCE.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
}
