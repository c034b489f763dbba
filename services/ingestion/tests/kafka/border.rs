//! A node with a broker: its topics, and what stands on them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tracemesh_chassis::NodeConfig;
use tracemesh_chassis::process::Endpoints;
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_store::{Database, DatabaseConfig, sql};
use tracemesh_testkit::Place;
use tracemesh_testkit::kafka::{Broker, Message, Received};

use crate::node::{Node, eventually};
use crate::records::harvest;
use crate::web::{self, receipt};

/// A machine that compiles beside the tests is slow, and a new topic is seen by everybody only after a while.
pub const PATIENCE: Duration = Duration::from_secs(60);

static TESTS: AtomicU32 = AtomicU32::new(0);

/// One test's part of the broker, and the database of its node.
pub struct Border {
    pub broker: Broker,
    pub prefix: String,
    place: Place,
}

impl Border {
    pub async fn at(place: Place) -> Self {
        let prefix = format!("t{}.", TESTS.fetch_add(1, Ordering::Relaxed));
        Self { broker: Broker::start().await, prefix, place }
    }

    pub async fn start(&self) -> Node {
        self.start_in(tempfile::tempdir().unwrap()).await
    }

    /// The node of a data directory.
    pub async fn start_in(&self, folder: TempDir) -> Node {
        Node::start_in(folder, |config| self.configure(config)).await
    }

    fn configure(&self, config: &mut NodeConfig) {
        config.kafka.brokers = vec![self.broker.servers().into()];
        config.kafka.topic_prefix = self.prefix.clone();
        // Not three commits a minute of what a test waits for.
        config.ingestion = serde_json::from_value(json!({"kafka": {"lease_s": 3}})).unwrap();
        if let DatabaseConfig::Postgres { url, .. } = self.place.config("ingestion") {
            config.database.url = url;
        }
    }

    /// Ingestion's tables, as another process sees them.
    pub async fn tables(&self, data_dir: &std::path::Path) -> Database {
        let config = match self.place.config("ingestion") {
            DatabaseConfig::Sqlite { .. } => DatabaseConfig::Sqlite { path: data_dir.join("ingestion.sqlite") },
            postgres => postgres,
        };
        Database::open(&config, "ingestion").await.unwrap()
    }

    pub fn inbound(&self, provider: &str) -> String {
        format!("{}trace.in.{provider}", self.prefix)
    }

    pub fn source(&self, provider: &str, partition: i32) -> String {
        format!("kafka:{}/{partition}", self.inbound(provider))
    }

    /// A provider whose topics are there.
    pub async fn provider(&self, node: &Node, id: &str) {
        node.provider(id).await;
        self.topics_are_there(id).await;
    }

    pub async fn topics_are_there(&self, id: &str) {
        for topic in ["in", "receipt", "deadletter"] {
            let topic = format!("{}trace.{topic}.{id}", self.prefix);
            eventually(&topic, async || self.broker.has_topic(&topic).then_some(())).await;
        }
    }

    pub async fn send(&self, provider: &str, messages: &[Message]) -> Vec<(i32, i64)> {
        self.broker.send(&self.inbound(provider), messages).await
    }

    /// Everything on the provider's receipt topic, once that many submissions are answered: by the receipts' ids.
    pub async fn receipts(&self, provider: &str, submissions: usize) -> BTreeMap<String, Answered> {
        let topic = format!("{}trace.receipt.{provider}", self.prefix);
        let mut seen = std::collections::BTreeSet::new();
        let read = self.broker.read(&topic, PATIENCE, |all| {
            seen.extend(all.last().map(|last| id_of(&last.payload)));
            seen.len() >= submissions
        });
        let read = read.await.unwrap_or_else(|so_far| panic!("{} of {submissions} receipts for {provider}", so_far.len()));
        let answered = |message: Received| {
            let receipt = receipt(&serde_json::from_slice(&message.payload).unwrap());
            (receipt.id.clone(), Answered { receipt, message })
        };
        let answers: BTreeMap<String, Answered> = read.into_iter().map(answered).collect();
        assert_eq!(answers.len(), submissions, "submissions answered for {provider}");
        answers
    }

    pub async fn dead_letters(&self, provider: &str, count: usize) -> Vec<Received> {
        let topic = format!("{}trace.deadletter.{provider}", self.prefix);
        let read = self.broker.read(&topic, PATIENCE, |all| all.len() >= count).await;
        read.unwrap_or_else(|so_far| panic!("{} of {count} dead letters for {provider}", so_far.len()))
    }
}

/// A receipt as it stood on its topic.
#[derive(Clone, Debug)]
pub struct Answered {
    pub receipt: Receipt,
    pub message: Received,
}

fn id_of(payload: &[u8]) -> String {
    let document: Value = serde_json::from_slice(payload).unwrap();
    document["id"].as_str().unwrap().to_owned()
}

/// A message with a record that breaks no rule, on this partition.
pub fn record(id: &str, partition: i32) -> Message {
    Message::new(&format!("lot-{id}"), harvest(id, &format!("lot-{id}")).to_string()).on(partition)
}

/// One dependency of `/readyz`: its state, and what it says of it.
pub async fn readiness(node: &Node, dependency: &str) -> (String, String) {
    let ops = Endpoints::read(node.folder.path()).unwrap().unwrap().ops;
    let request = http::Request::builder().uri("/readyz").body(bytes::Bytes::new()).unwrap();
    let answer = web::send(&ops, request).await.json();
    let state = &answer["dependencies"][dependency];
    let text = |key: &str| state[key].as_str().unwrap_or_default().to_owned();
    (text("state"), text("detail"))
}

/// Where the database says that a source stands.
pub async fn stored_offset(tables: &Database, source: &str) -> i64 {
    let row: Option<(i64,)> =
        sql::row(tables.read(), "SELECT next FROM source_offset WHERE source = $1", vec![source.into()]).await.unwrap();
    row.map_or(0, |(next,)| next)
}

/// Moves a source behind its reader's back.
pub async fn set_offset(tables: &Database, source: &str, next: i64) {
    let tx = tables.begin().await.unwrap();
    let text = "UPDATE source_offset SET next = $1 WHERE source = $2";
    assert_eq!(sql::run(&tx, text, vec![next.into(), source.into()]).await.unwrap(), 1, "{source} has an offset");
    tx.commit().await.unwrap();
}
