//! A node with quality as it is, and journals of ingestion and registry that the test writes.

use std::time::Duration;

use serde_json::json;
use tracemesh_access::Principal;
use tracemesh_chassis::config::NodeConfig;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, Process, Telemetry};
use tracemesh_journal::{DecodedEntry, Entry, Journal, JournalServer, open_commit};
use tracemesh_keeper as keeper;
use tracemesh_peers::{Clients, Peers};
use tracemesh_proto::journal::v1::FollowRequest;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_proto::quality::v1::*;
use tracemesh_store::{Database, DatabaseConfig, MigrationSet};
use tracemesh_testkit::Place;

use crate::ledger::Clerk;

/// Monday 2026-01-05, 18:00 in China.
pub const NOW: i64 = 1_767_607_200_000_000;

pub struct Node {
    pub running: Running,
    pub journals: JournalServer,
    pub ingestion: Journal,
    pub registry: Journal,
    pub inbox: Journal,
    pub clerk: Clerk,
    pub clock: Clock,
    databases: Vec<Database>,
}

impl Node {
    pub async fn start(place: &Place) -> Node {
        Node::start_with(place, json!({})).await
    }

    pub async fn start_with(place: &Place, settings: serde_json::Value) -> Node {
        let mut config = NodeConfig::on_free_ports(place.folder.path());
        config.node.id = "yantai".into();
        config.quality = serde_json::from_value(settings).unwrap();
        if let DatabaseConfig::Postgres { url, .. } = place.config("any") {
            config.database.url = url;
        }
        let clock = Clock::manual(NOW);
        let hosted = ["ingestion", "registry", "quality", "federation"];
        let process = Process::prepare(config, clock.clone(), Telemetry::detached(), &hosted).await.unwrap();
        let journals = JournalServer::new();
        let ingestion = keeper::open(&process.runtime("ingestion"), &journals, without_tables("ingestion")).await.unwrap();
        let registry = keeper::open(&process.runtime("registry"), &journals, without_tables("registry")).await.unwrap();
        let runtime = process.runtime("federation");
        let federation = keeper::open(&runtime, &journals, without_tables("federation")).await.unwrap();
        let inbox = keeper::open_journal(&runtime, &journals, &federation.db, "yantai.federation.inbox").await.unwrap();
        let services = vec![
            keeper::journal_service(&process.runtime("journal"), &journals),
            tracemesh_quality::start(&process.runtime("quality"), &journals).await.unwrap(),
        ];
        let running = process.serve(services).await.unwrap();
        let databases = vec![ingestion.db, registry.db, federation.db];
        let (ingestion, registry, clerk) = (ingestion.journal, registry.journal, Clerk::default());
        Node { running, journals, ingestion, registry, inbox, clerk, clock, databases }
    }

    pub async fn stop(self) {
        self.journals.stop();
        self.running.stop().await.unwrap();
        for database in self.databases {
            database.close().await;
        }
    }

    pub fn as_principal(&self, principal: &Principal) -> Clients {
        Peers::new(&self.running.runtime("quality")).on_behalf(principal)
    }

    /// Journals lines as ingestion would, in commits of `size`, and waits until they are followed.
    pub async fn submit(&mut self, lines: &str, size: usize) {
        for commit in self.clerk.commits(lines, size) {
            append(&self.ingestion, &commit).await;
        }
        self.followed().await;
    }

    /// Waits until quality is as of the end of ingestion's journal.
    pub async fn followed(&self) {
        let end = self.ingestion.head().await.unwrap().seq;
        for _ in 0..12_000 {
            if self.scorecard("", "").await.as_of.unwrap().seq == end {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("quality does not come to entry {end}");
    }

    /// By dimensions with spaces between them, of the days `FROM..TO`.
    pub async fn scorecard(&self, by: &str, days: &str) -> GetScorecardResponse {
        let (from, to) = days.split_once("..").unwrap_or_default();
        let by = by.split_whitespace().map(str::to_owned).collect();
        let request = GetScorecardRequest { from: from.into(), to: to.into(), by, ..GetScorecardRequest::default() };
        self.as_principal(&Principal::operator()).quality().get_scorecard(request).await.unwrap().into_inner()
    }

    /// Everything that was ever found, by number.
    pub async fn findings(&self) -> Vec<Finding> {
        self.listed(ListFindingsRequest { state: "all".into(), page_size: 500, ..ListFindingsRequest::default() }).await
    }

    pub async fn listed(&self, request: ListFindingsRequest) -> Vec<Finding> {
        let mut request = request;
        let mut findings = Vec::new();
        loop {
            let page = self.as_principal(&Principal::operator()).quality().list_findings(request.clone()).await.unwrap().into_inner();
            findings.extend(page.findings);
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        findings.sort_by_key(|finding| finding.id.rsplit('-').next().unwrap().parse::<u64>().unwrap());
        findings
    }

    /// What quality itself has journaled.
    pub async fn entries(&self) -> Vec<DecodedEntry> {
        let journal = "yantai.quality".to_owned();
        let request = FollowRequest { journal: journal.clone(), epoch: 0, after: 0 };
        let service = Peers::new(&self.running.runtime("quality")).as_service();
        let mut stream = service.journal("quality").follow(request).await.unwrap().into_inner();
        let mut entries = Vec::new();
        while let Some(Item::Commit(commit)) = stream.message().await.unwrap().unwrap().item {
            entries.extend(open_commit(&journal.as_str().into(), &commit).unwrap().entries);
        }
        entries
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

/// `ID KIND STATE PROVIDER SUBJECT RECORDS`
pub fn shown(finding: &Finding) -> String {
    let Finding { id, kind, state, provider, subject, records, .. } = finding;
    let subject = subject.rsplit('/').next().unwrap();
    format!("{id} {kind} {state} {provider} {subject} {records}")
}

pub async fn all(node: &Node) -> Vec<String> {
    node.findings().await.iter().map(shown).collect()
}

/// Indicators as `ID NUMERATOR/DENOMINATOR`, those without a denominator left out.
pub fn indicators(row: &ScoreRow) -> Vec<String> {
    let some = row.indicators.iter().filter(|of| of.denominator > 0);
    some.map(|of| format!("{} {}/{}", of.id, of.numerator, of.denominator)).collect()
}
