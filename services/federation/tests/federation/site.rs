//! One node: its folder, which outlives its process, and what an operator does with it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prost::Message;
use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tonic::Status;
use tracemesh_access::Principal;
use tracemesh_chassis::config::Tier;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, NodeConfig, Process, Runtime, Service, Telemetry};
use tracemesh_journal::{DecodedEntry, Journal, JournalServer, open_commit};
use tracemesh_keeper as keeper;
use tracemesh_peers::{Clients, Peers};
use tracemesh_proto::analytics::v1::analytics_service_server::AnalyticsServiceServer;
use tracemesh_proto::federation::v1::*;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceServiceServer;
use tracemesh_store::{Database, DatabaseConfig, MigrationSet};

use crate::clerk::{Clerk, Paper, look};
use crate::dispatcher;

/// No test waits longer for something that is to happen.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(40);

pub const MONTH: &str = "2026-11";

/// Looks again and again until it is so.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < PATIENCE, "not that {what}");
        tokio::time::sleep(LOOK).await;
    }
}

pub struct Site {
    pub folder: TempDir,
    pub paper: Arc<Mutex<Paper>>,
    pub clock: Clock,
    config: NodeConfig,
    up: Option<Up>,
}

struct Up {
    running: Running,
    journals: JournalServer,
    clerk: Clerk,
}

/// What a backup would hold.
pub struct Copy {
    folder: TempDir,
    paper: Paper,
}

impl Site {
    pub async fn start(id: &str, area: &str) -> Site {
        Site::start_at(id, area, Clock::system()).await
    }

    pub async fn start_at(id: &str, area: &str, clock: Clock) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let mut config = NodeConfig::on_free_ports(folder.path());
        (config.node.id, config.node.area, config.node.tier) = (id.into(), area.into(), Tier::City);
        (config.link.reconnect_max_s, config.link.question_timeout_s) = (1, 4);
        config.federation = serde_json::from_value(json!({"checkpoint_every_ms": 200, "status_every_ms": 300})).unwrap();
        let mut site = Site { folder, paper: Arc::default(), clock, config, up: None };
        site.up().await;
        site
    }

    /// Starts the process, on the ports that it had before.
    pub async fn up(&mut self) {
        let hosted = ["ingestion", "analytics", "quality", "emergency", "federation"];
        let process = Process::prepare(self.config.clone(), self.clock.clone(), Telemetry::detached(), &hosted).await.unwrap();
        let journals = JournalServer::new();
        let kept = async |noun| keeper::open(&process.runtime(noun), &journals, without_tables(noun)).await.unwrap();
        let clerk = Clerk {
            node: self.id().into(),
            paper: self.paper.clone(),
            ingestion: kept("ingestion").await,
            analytics: kept("analytics").await,
            quality: kept("quality").await,
            emergency: kept("emergency").await,
        };
        dispatcher::start(&process.runtime("emergency"), &clerk.emergency);
        let services = vec![
            keeper::journal_service(&process.runtime("journal"), &journals),
            Service::new("ingestion").grpc(TraceServiceServer::new(clerk.clone())),
            Service::new("analytics").grpc(AnalyticsServiceServer::new(clerk.clone())),
            tracemesh_federation::start(&process.runtime("federation"), &journals).await.unwrap(),
        ];
        let running = process.serve(services).await.unwrap();
        let port = running.endpoints().grpc.rsplit(':').next().unwrap().parse().unwrap();
        self.config.listen.grpc.set_port(port);
        self.up = Some(Up { running, journals, clerk });
    }

    pub async fn down(&mut self) {
        let Up { running, journals, .. } = self.up.take().unwrap();
        journals.stop();
        running.stop().await.unwrap();
    }

    pub async fn copy(&mut self) -> Copy {
        self.down().await;
        let copy = Copy { folder: tempfile::tempdir().unwrap(), paper: look(&self.paper).clone() };
        copy_databases(self.folder.path(), copy.folder.path());
        self.up().await;
        copy
    }

    /// Sets the node back to an older copy of its databases, as somebody would who does not know how to restore.
    pub async fn set_back(&mut self, copy: &Copy) {
        self.down().await;
        copy_databases(copy.folder.path(), self.folder.path());
        *look(&self.paper) = copy.paper.clone();
        self.up().await;
    }

    pub fn id(&self) -> &str {
        &self.config.node.id
    }

    pub fn runtime(&self) -> Runtime {
        self.up.as_ref().unwrap().running.runtime("federation")
    }

    pub fn url(&self) -> &str {
        &self.up.as_ref().unwrap().running.endpoints().grpc
    }

    pub fn clerk(&self) -> &Clerk {
        &self.up.as_ref().unwrap().clerk
    }

    pub fn operator(&self) -> Clients {
        Peers::new(&self.runtime()).on_behalf(&Principal::operator())
    }

    pub fn service(&self) -> Clients {
        Peers::new(&self.runtime()).as_service()
    }

    /// The gateway's tables, beside the process.
    pub async fn tables(&self) -> Database {
        Database::open(&DatabaseConfig::Sqlite { path: self.folder.path().join("federation.sqlite") }, "federation").await.unwrap()
    }

    pub async fn invite(&self, node: &str, area: &str) -> Result<String, Status> {
        self.invite_for(node, area, &[]).await
    }

    /// A child that is shown these categories alone.
    pub async fn invite_for(&self, node: &str, area: &str, categories: &[&str]) -> Result<String, Status> {
        let categories = categories.iter().map(|category| (*category).to_owned()).collect();
        let request = CreateInvitationRequest { node: node.into(), area: area.into(), categories };
        Ok(self.operator().federation().create_invitation(request).await?.into_inner().code)
    }

    pub async fn join(&self, url: &str, code: &str) -> Result<String, Status> {
        let request = JoinParentRequest { url: url.into(), code: code.into() };
        Ok(self.operator().federation().join_parent(request).await?.into_inner().parent)
    }

    /// Enrols this node below a parent, and waits for the link.
    pub async fn join_below(&self, parent: &Site) {
        let code = parent.invite(self.id(), &self.config.node.area).await.unwrap();
        assert_eq!(self.join("", &code).await.unwrap(), parent.id());
        parent.until_child(self.id(), "connected").await;
        self.until("the parent is there", |status| status.parent.as_ref().is_some_and(|link| link.state == "connected")).await;
    }

    pub async fn resync(&self, child: &str, why: &str) -> Result<LinkState, Status> {
        let request = ResyncRequest { child: child.into(), why: why.into() };
        Ok(self.operator().federation().resync(request).await?.into_inner().child.unwrap())
    }

    pub async fn revoke(&self, child: &str, why: &str) -> Result<LinkState, Status> {
        let request = RevokeRequest { child: child.into(), why: why.into() };
        Ok(self.operator().federation().revoke(request).await?.into_inner().child.unwrap())
    }

    /// What the node's `/metrics` says.
    pub async fn metrics(&self) -> String {
        let ops = self.up.as_ref().unwrap().running.endpoints().ops.trim_start_matches("http://").to_owned();
        let mut stream = TcpStream::connect(ops).await.unwrap();
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    pub async fn status(&self) -> GetLinkStatusResponse {
        self.operator().federation().get_link_status(GetLinkStatusRequest {}).await.unwrap().into_inner()
    }

    /// Looks at the links until they are as expected.
    pub async fn until(&self, what: &str, is_so: impl Fn(&GetLinkStatusResponse) -> bool) -> GetLinkStatusResponse {
        let began = Instant::now();
        loop {
            let status = self.status().await;
            if is_so(&status) {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "{}: not that {what}: {status:#?}", self.id());
            tokio::time::sleep(LOOK).await;
        }
    }

    pub async fn until_child(&self, child: &str, state: &str) -> LinkState {
        let is_so = |status: &GetLinkStatusResponse| child_of(status, child).is_some_and(|link| link.state == state);
        let status = self.until(&format!("{child} is {state}"), is_so).await;
        child_of(&status, child).unwrap().clone()
    }

    /// Looks at the figures until those of another node are as it counted them.
    pub async fn until_figures(&self, of: &Site) {
        let there = look(&of.paper).records(of.id(), MONTH);
        let what = format!("{} has {there:?} records of {}", self.id(), of.id());
        eventually(&what, async || look(&self.paper).records(of.id(), MONTH) == there).await;
    }

    /// Kinds of the entries in the gateway's own journal.
    pub async fn journaled(&self) -> Vec<String> {
        let entries = self.entries(&format!("{}.federation", self.id())).await;
        entries.into_iter().map(|entry| entry.envelope.kind).collect()
    }

    /// What has come over links for the services of this node.
    pub async fn inbox(&self) -> Vec<Received> {
        let entries = self.entries(&format!("{}.federation.inbox", self.id())).await;
        let received = entries.into_iter().filter(|entry| entry.envelope.kind == "link.received");
        received.map(|entry| Received::decode(entry.body.unwrap()).unwrap()).collect()
    }

    /// All entries of one of the gateway's journals.
    async fn entries(&self, name: &str) -> Vec<DecodedEntry> {
        let db = self.tables().await;
        let key = self.runtime().keys().journal(name).unwrap();
        let journal = Journal::open(&db, name, key, Arc::new(|| 0)).await.unwrap();
        let (mut entries, mut after) = (Vec::new(), 0);
        loop {
            let commits = journal.read(after, 8 << 20).await.unwrap();
            let Some(last) = commits.last() else { break };
            after = last.first_seq + u64::from(last.entries) - 1;
            entries.extend(commits.iter().flat_map(|commit| open_commit(&name.into(), commit).unwrap().entries));
        }
        db.close().await;
        entries
    }
}

pub fn child_of<'a>(status: &'a GetLinkStatusResponse, child: &str) -> Option<&'a LinkState> {
    status.children.iter().find(|link| link.node == child)
}

/// The reason of an error, as programs read it.
pub fn reason(status: &Status) -> String {
    use tonic_types::StatusExt;
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

fn without_tables(name: &'static str) -> MigrationSet {
    MigrationSet { name, steps: &[] }
}

fn copy_databases(from: &Path, to: &Path) {
    let is_database = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(".sqlite"));
    for entry in std::fs::read_dir(to).unwrap().map(|entry| entry.unwrap().path()).filter(|path| is_database(path)) {
        std::fs::remove_file(entry).unwrap();
    }
    for entry in std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).filter(|path| is_database(path)) {
        std::fs::copy(&entry, to.join(entry.file_name().unwrap())).unwrap();
    }
}
