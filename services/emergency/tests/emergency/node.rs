//! A node that has nothing but its emergency service, and people who do their part.

use std::time::Duration;

use prost::Message;
use tonic::Status;
use tonic_types::StatusExt;
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_chassis::config::NodeConfig;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, Process, Service, Telemetry};
use tracemesh_journal::{DecodedEntry, JournalServer, open_commit};
use tracemesh_keeper as keeper;
use tracemesh_peers::{Caller, Peers};
use tracemesh_proto::emergency::v1::emergency_service_client::EmergencyServiceClient;
use tracemesh_proto::emergency::v1::*;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceServiceServer;
use tracemesh_proto::journal::v1::FollowRequest;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_store::{Database, DatabaseConfig};
use tracemesh_testkit::Place;

use crate::clerk::Clerk;

/// 2026-02-09 10:00 in China, a Monday.
pub const NOW: i64 = 1_770_602_400_000_000;
pub const MINUTE: i64 = 60_000_000;
pub const CODE: &str = "opaque:yantai/L1";
pub const PATIENCE: Duration = Duration::from_secs(60);

pub type Client = EmergencyServiceClient<Caller>;

pub struct Node {
    pub id: String,
    pub running: Running,
    pub clerk: Clerk,
    journals: JournalServer,
    /// The service's own, beside it.
    tables: Database,
}

impl Node {
    pub async fn start(place: &Place, id: &str, area: &str, clock: &Clock) -> Node {
        Node::start_as(place, id, area, clock, |_| ()).await
    }

    pub async fn start_as(place: &Place, id: &str, area: &str, clock: &Clock, change: impl FnOnce(&mut NodeConfig)) -> Node {
        let mut config = NodeConfig::on_free_ports(place.folder.path());
        (config.node.id, config.node.area) = (id.into(), area.into());
        if let DatabaseConfig::Postgres { url, .. } = place.config("any") {
            (config.database.url, config.database.connections) = (url, 4);
        }
        change(&mut config);
        let hosted = ["registry", "ingestion", "federation", "emergency"];
        let process = Process::prepare(config, clock.clone(), Telemetry::detached(), &hosted).await.unwrap();
        let journals = JournalServer::new();
        let clerk = Clerk::open(&process, &journals).await;
        let services = vec![
            keeper::journal_service(&process.runtime("journal"), &journals),
            Service::new("ingestion").grpc(TraceServiceServer::new(clerk.clone())),
            tracemesh_emergency::start(&process.runtime("emergency"), &journals).await.unwrap(),
        ];
        let running = process.serve(services).await.unwrap();
        let tables = Database::open(&place.config("emergency"), "emergency").await.unwrap();
        Node { id: id.into(), running, clerk, journals, tables }
    }

    /// Waits until emergency has followed a journal so far.
    pub async fn has_followed(&self, (journal, seq): (String, u64)) {
        let look = async {
            while tracemesh_journal::cursor(self.tables.read(), "emergency", &journal).await.unwrap().seq < seq {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, look).await.unwrap_or_else(|_| panic!("{} does not follow {journal} to {seq}", self.id));
    }

    pub async fn stop(self) {
        self.journals.stop();
        self.running.stop().await.unwrap();
        self.tables.close().await;
    }

    pub fn of(&self, principal: &Principal) -> Client {
        self.peers().on_behalf(principal).emergency()
    }

    /// A person in one role.
    pub fn person(&self, name: &str, role: Role) -> Client {
        self.of(&Principal::user(name, [role], Scope::Everything, Scope::Everything).unwrap())
    }

    pub fn drafter(&self) -> Client {
        self.person("li", Role::Drafter)
    }

    pub fn reviewer(&self) -> Client {
        self.person("wang", Role::Reviewer)
    }

    pub fn signer(&self) -> Client {
        self.person("zhao", Role::Signer)
    }

    pub fn acknowledger(&self) -> Client {
        self.person("chen", Role::Acknowledger)
    }

    pub fn public(&self) -> Client {
        self.of(&Principal::public())
    }

    fn peers(&self) -> Peers {
        Peers::new(&self.running.runtime("emergency"))
    }

    pub async fn open(&self, facts: Facts) -> Incident {
        self.try_open(OpenIncidentRequest { facts: Some(facts), ..incident() }).await.unwrap()
    }

    pub async fn try_open(&self, request: OpenIncidentRequest) -> Result<Incident, Status> {
        Ok(self.drafter().open_incident(request).await?.into_inner().incident.unwrap())
    }

    pub async fn incident(&self, id: &str) -> Incident {
        let request = GetIncidentRequest { id: id.into() };
        self.drafter().get_incident(request).await.unwrap().into_inner().incident.unwrap()
    }

    pub async fn draft(&self, request: DraftOrderRequest) -> Order {
        self.drafter().draft_order(request).await.unwrap().into_inner().order.unwrap()
    }

    pub async fn review(&self, id: &str) -> Order {
        let request = ReviewOrderRequest { id: id.into(), ..ReviewOrderRequest::default() };
        self.reviewer().review_order(request).await.unwrap().into_inner().order.unwrap()
    }

    pub async fn sign(&self, id: &str) -> Order {
        self.try_sign(id, "", true).await.unwrap()
    }

    pub async fn try_sign(&self, id: &str, number: &str, release: bool) -> Result<Order, Status> {
        let request = SignOrderRequest { id: id.into(), number: number.into(), release };
        Ok(self.signer().sign_order(request).await?.into_inner().order.unwrap())
    }

    /// Drafted by Li, reviewed by Wang, signed by Zhao.
    pub async fn issue(&self, request: DraftOrderRequest) -> Order {
        let order = self.draft(request).await;
        self.review(&order.id).await;
        self.sign(&order.id).await
    }

    pub async fn board(&self, id: &str) -> Board {
        self.got(id).await.board.unwrap()
    }

    pub async fn got(&self, id: &str) -> GetOrderResponse {
        self.drafter().get_order(GetOrderRequest { id: id.into() }).await.unwrap().into_inner()
    }

    pub async fn acknowledge(&self, order: &str, establishment: &str) -> Board {
        let [order, establishment, how, who] = [order, establishment, "phone", "the owner"].map(str::to_owned);
        let request = AcknowledgeRequest { order, establishment, how, who };
        self.acknowledger().acknowledge(request).await.unwrap().into_inner().board.unwrap()
    }

    pub async fn recover(&self, order: &str, establishment: &str, recovered: &str, destroyed: &str) -> Board {
        let [order, establishment, recovered, destroyed, unit_of_measure] =
            [order, establishment, recovered, destroyed, "kg"].map(str::to_owned);
        let request = ReportRecoveryRequest { order, establishment, recovered, destroyed, unit_of_measure };
        self.acknowledger().report_recovery(request).await.unwrap().into_inner().board.unwrap()
    }

    /// Everything in the journal, in order.
    pub async fn entries(&self) -> Vec<DecodedEntry> {
        let journal = format!("{}.emergency", self.id);
        let mut client = self.peers().as_service().journal("emergency");
        let read = async {
            let request = FollowRequest { journal: journal.clone(), epoch: 0, after: 0 };
            let mut stream = client.follow(request).await.unwrap().into_inner();
            let mut entries = Vec::new();
            while let Some(Item::Commit(commit)) = stream.message().await.unwrap().unwrap().item {
                entries.extend(open_commit(&journal.as_str().into(), &commit).unwrap().entries);
            }
            entries
        };
        tokio::time::timeout(PATIENCE, read).await.expect("the journal is read to its end")
    }

    pub async fn kinds(&self) -> Vec<String> {
        self.entries().await.into_iter().map(|entry| entry.envelope.kind).collect()
    }

    /// The bodies of all entries of a kind, as soon as there are so many.
    pub async fn told<M: Message + Default>(&self, kind: &str, count: usize) -> Vec<M> {
        let look = async {
            loop {
                let entries = self.entries().await;
                let those: Vec<M> = entries
                    .iter()
                    .filter(|entry| entry.envelope.kind == kind)
                    .map(|entry| M::decode(entry.body.as_ref().unwrap().as_ref()).unwrap())
                    .collect();
                if those.len() >= count {
                    return those;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, look).await.unwrap_or_else(|_| panic!("{} does not say {kind} {count} times", self.id))
    }
}

/// Something found in food in Yantai.
pub fn incident() -> OpenIncidentRequest {
    OpenIncidentRequest {
        title: "猪肉检出瘦肉精".into(),
        category: "FOOD".into(),
        area: "370600".into(),
        codes: vec![CODE.into()],
        ..OpenIncidentRequest::default()
    }
}

pub fn recall(incident: &str, recall_class: u32) -> DraftOrderRequest {
    DraftOrderRequest { kind: "RECALL".into(), recall_class, ..stop_sale(incident) }
}

pub fn stop_sale(incident: &str) -> DraftOrderRequest {
    DraftOrderRequest {
        incident: incident.into(), kind: "STOP_SALE".into(), title_zh: "停止销售".into(), ..DraftOrderRequest::default()
    }
}

/// The clock of this kind.
pub fn clock(clocks: &[tracemesh_proto::emergency::v1::Clock], kind: &str) -> tracemesh_proto::emergency::v1::Clock {
    clocks.iter().find(|clock| clock.kind == kind).unwrap_or_else(|| panic!("no {kind} in {clocks:?}")).clone()
}

pub fn due(clocks: &[tracemesh_proto::emergency::v1::Clock], kind: &str) -> i64 {
    tracemesh_proto::time::micros(clock(clocks, kind).due_at.as_ref())
}

/// Why a call was refused.
pub fn reason(refused: &Status) -> String {
    refused.get_details_error_info().unwrap().reason
}
