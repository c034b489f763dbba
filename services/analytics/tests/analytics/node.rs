//! A node with analytics as it is, and journals of ingestion and registry that the test writes.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::json;
use tonic::Streaming;
use tracemesh_access::Principal;
use tracemesh_chassis::config::NodeConfig;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, Process, Service, Telemetry};
use tracemesh_journal::{DecodedEntry, Entry, Journal, JournalServer, open_commit};
use tracemesh_keeper as keeper;
use tracemesh_peers::{Clients, Peers};
use tracemesh_proto::analytics::v1::*;
use tracemesh_proto::federation::v1::federation_service_server::FederationServiceServer;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_proto::journal::v1::{FollowRequest, FollowResponse};
use tracemesh_store::{Database, DatabaseConfig, MigrationSet};
use tracemesh_testkit::Place;

use crate::gateway::Gateway;
use crate::ledger::Clerk;

/// 2026-01-15 in the middle of the ledger's time.
const NOW: i64 = 1_768_464_000_000_000;

pub struct Node {
    pub running: Running,
    pub journals: JournalServer,
    pub ingestion: Journal,
    pub registry: Journal,
    pub gateway: Gateway,
    pub clerk: Clerk,
    databases: Vec<Database>,
}

impl Node {
    pub async fn start(place: &Place) -> Node {
        Node::start_with(place, "yantai", json!({"announce_interval_ms": 100})).await
    }

    pub async fn start_with(place: &Place, id: &str, settings: serde_json::Value) -> Node {
        Node::start_hearing(place, id, settings, true).await
    }

    /// A node that hears nothing of ingestion: whatever it has to count stays uncounted.
    pub async fn start_deaf(place: &Place, id: &str, settings: serde_json::Value) -> Node {
        Node::start_hearing(place, id, settings, false).await
    }

    async fn start_hearing(place: &Place, id: &str, settings: serde_json::Value, hears: bool) -> Node {
        let mut config = NodeConfig::on_free_ports(place.folder.path());
        config.node.id = id.into();
        config.analytics = serde_json::from_value(settings).unwrap();
        if let DatabaseConfig::Postgres { url, .. } = place.config("any") {
            config.database.url = url;
        }
        let hosted = ["ingestion", "registry", "federation", "analytics"];
        let process = Process::prepare(config, Clock::manual(NOW), Telemetry::detached(), &hosted).await.unwrap();
        let (journals, gateway) = (JournalServer::new(), Gateway::default());
        gateway.says(vec![]);
        if !hears {
            journals.stop();
        }
        let ingestion = keeper::open(&process.runtime("ingestion"), &journals, without_tables("ingestion")).await.unwrap();
        let registry = keeper::open(&process.runtime("registry"), &journals, without_tables("registry")).await.unwrap();
        let services = vec![
            keeper::journal_service(&process.runtime("journal"), &journals),
            Service::new("federation").grpc(FederationServiceServer::new(gateway.clone())),
            tracemesh_analytics::start(&process.runtime("analytics"), &journals).await.unwrap(),
        ];
        let running = process.serve(services).await.unwrap();
        let databases = vec![ingestion.db, registry.db];
        Node { running, journals, ingestion: ingestion.journal, registry: registry.journal, gateway, clerk: Clerk::default(), databases }
    }

    pub async fn stop(self) {
        self.journals.stop();
        self.running.stop().await.unwrap();
        for database in self.databases {
            database.close().await;
        }
    }

    pub fn as_principal(&self, principal: &Principal) -> Clients {
        Peers::new(&self.running.runtime("federation")).on_behalf(principal)
    }

    pub fn as_service(&self) -> Clients {
        Peers::new(&self.running.runtime("federation")).as_service()
    }

    /// Journals lines as ingestion would, in commits of `size`, and waits until they are counted.
    pub async fn submit(&mut self, lines: &str, size: usize) {
        for commit in self.clerk.commits(lines, size) {
            append(&self.ingestion, &commit).await;
        }
        self.counted().await;
    }

    /// The same, and every commit is counted before the next comes.
    pub async fn submit_slowly(&mut self, lines: &str, size: usize) {
        for commit in self.clerk.commits(lines, size) {
            append(&self.ingestion, &commit).await;
            self.counted().await;
        }
    }

    /// Waits until the figures are as of the end of ingestion's journal.
    pub async fn counted(&self) {
        let end = self.ingestion.head().await.unwrap().seq;
        self.answers(GetAggregatesRequest::default(), |answer| answer.as_of.as_ref().unwrap().seq == end).await;
    }

    /// Waits until figures that are counted again answer: then they are announced.
    pub async fn rebuilt(&self) {
        let mut entries = self.entries().await;
        for kind in ["figures.rebuilt", "figures.changed"] {
            while entries.next().await.envelope.kind != kind {}
        }
    }

    /// Asks again until the answer is as it should be.
    pub async fn answers(&self, request: GetAggregatesRequest, holds: impl Fn(&GetAggregatesResponse) -> bool) -> GetAggregatesResponse {
        for _ in 0..4_000 {
            let answer = self.aggregates(request.clone()).await;
            if holds(&answer) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{request:?} does not get the answer that it should");
    }

    pub async fn aggregates(&self, request: GetAggregatesRequest) -> GetAggregatesResponse {
        self.as_principal(&Principal::operator()).analytics().get_aggregates(request).await.unwrap().into_inner()
    }

    pub async fn recount(&self, from: &str, to: &str) -> RecountResponse {
        let request = RecountRequest { from: from.into(), to: to.into() };
        self.as_principal(&Principal::operator()).analytics().recount(request).await.unwrap().into_inner()
    }

    pub async fn pull(&self, origin: &str, month: &str) -> prost::bytes::Bytes {
        let request = PullAggregatesRequest { origin: origin.into(), month: month.into() };
        self.as_service().analytics().pull_aggregates(request).await.unwrap().into_inner().figures
    }

    pub async fn store(&self, child: &str, figures: &[u8]) -> Result<bool, tonic::Status> {
        let request = StoreAggregatesRequest { child: child.into(), figures: figures.to_vec().into() };
        Ok(self.as_service().analytics().store_aggregates(request).await?.into_inner().stored)
    }

    /// What analytics itself journals, from its first entry.
    pub async fn entries(&self) -> Entries {
        let journal = format!("{}.analytics", self.running.endpoints().node);
        let request = FollowRequest { journal: journal.clone(), epoch: 0, after: 0 };
        let stream = self.as_service().journal("analytics").follow(request).await.unwrap().into_inner();
        Entries { journal, stream, waiting: Default::default() }
    }
}

fn without_tables(name: &'static str) -> MigrationSet {
    MigrationSet { name, steps: &[] }
}

pub async fn append(journal: &Journal, entries: &[Entry]) {
    let tx = journal.database().begin().await.unwrap();
    journal.append(&tx, entries).await.unwrap();
    tx.commit().await.unwrap();
    journal.committed();
}

/// The entries of a journal, as they come.
pub struct Entries {
    journal: String,
    stream: Streaming<FollowResponse>,
    waiting: VecDeque<DecodedEntry>,
}

impl Entries {
    /// The next one; a test that waits for one that never comes fails.
    pub async fn next(&mut self) -> DecodedEntry {
        let next = async {
            loop {
                if let Some(entry) = self.next_there().await {
                    return entry;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), next).await.expect("another entry comes")
    }

    /// The next one, unless all that is there was read.
    pub async fn next_there(&mut self) -> Option<DecodedEntry> {
        while self.waiting.is_empty() {
            match self.stream.message().await.unwrap().unwrap().item {
                Some(Item::Commit(commit)) => {
                    self.waiting.extend(open_commit(&self.journal.as_str().into(), &commit).unwrap().entries);
                }
                _ => return None,
            }
        }
        self.waiting.pop_front()
    }
}

/// Figures as a line: `NAME: RECORDS records, LATE late, SUBJECTS subjects, AMOUNTS…`
pub fn shown(name: &str, figures: &Figures) -> String {
    let subjects = if figures.subjects < 0 { "?".to_owned() } else { figures.subjects.to_string() };
    let others: Vec<String> = figures.measures.iter().map(|measure| format!(", {} {}", measure.value, measure.unit)).collect();
    let Figures { records, late, weight_kg, .. } = figures;
    format!("{name}: {records} records, {late} late, {subjects} subjects, {weight_kg} kg{}", others.concat())
}

pub fn total(answer: &GetAggregatesResponse) -> String {
    shown("total", answer.total.as_ref().unwrap())
}

pub fn rows(answer: &GetAggregatesResponse) -> Vec<String> {
    let name = |row: &Row| {
        let words = [&row.origin, &row.day, &row.month, &row.area, &row.category, &row.class, &row.provider];
        words.into_iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    };
    answer.rows.iter().map(|row| shown(&name(row), row.figures.as_ref().unwrap())).collect()
}

/// A question: days, dimensions separated by spaces, an area, a category.
pub fn ask(from: &str, to: &str, by: &str, area: &str, category: &str) -> GetAggregatesRequest {
    let by = by.split_whitespace().map(str::to_owned).collect();
    GetAggregatesRequest { from: from.into(), to: to.into(), by, area: area.into(), category: category.into() }
}
