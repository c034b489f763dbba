//! Slices of load, a kill in the middle of each, and then a look at what is left.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tempfile::TempDir;
use tracemesh_proto::ingestion::v1::ListReceiptsRequest;
use tracemesh_proto::registry::v1::{AddProviderRequest, Provider};
use tracemesh_store::DatabaseConfig;
use tracemesh_testkit::Place;
use tracemesh_testkit::kafka::{Broker, Message};

use super::evidence::{Evidence, Sent};
use super::load::message;
use crate::kill::setting;
use crate::process::{CONFIGURATION, Node, data};
use crate::senders::Sender;

/// Who sends through Kafka.
pub const BY_KAFKA: &str = "acme";
/// Who sends at another door meanwhile.
pub const BY_DOOR: &str = "streaming";
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);
/// A kill comes so long at most after a slice has begun to arrive: the time of one or two commits.
const KILL_WITHIN_MS: u64 = 400;

static RUNS: AtomicU32 = AtomicU32::new(0);

pub struct Plan {
    pub kills: usize,
    pub records: usize,
    pub seed: u64,
}

impl Plan {
    pub fn of_the_environment() -> Self {
        Self {
            kills: setting("TRACEMESH_KILLS").unwrap_or(2) as usize,
            records: setting("TRACEMESH_KILL_RECORDS").unwrap_or(5_000) as usize,
            seed: setting("TRACEMESH_KILL_SEED").unwrap_or_else(|| rand::rng().random()),
        }
    }
}

/// What is wrong in the end; nothing, unless there is a bug.
pub async fn run(place: &Place, plan: &Plan, fault: Option<&str>) -> Vec<String> {
    println!("{} kills, {} messages, TRACEMESH_KILL_SEED={}, {fault:?}", plan.kills, plan.records, plan.seed);
    let (broker, prefix) = (Broker::start().await, format!("kill{}.", RUNS.fetch_add(1, Ordering::Relaxed)));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(CONFIGURATION), configuration(place, &broker, &prefix, fault)).unwrap();
    let tables = tables(place, folder.path());
    let node = Node::start_in(folder);
    add_provider(&node, BY_KAFKA).await;
    let door = Sender { provider: BY_DOOR, token: add_provider(&node, BY_DOOR).await, data: node.data() };
    topics_are_there(&broker, &prefix).await;

    let over = Arc::new(AtomicBool::new(false));
    let killing = async {
        let done = send_and_kill(node, plan, &broker, &prefix).await;
        over.store(true, Ordering::Relaxed);
        done
    };
    let ((node, by_kafka), by_door) = tokio::join!(killing, door.stream(over.clone()));

    let sent = Sent { by_kafka, by_door };
    let evidence = Evidence::gather(&node, &broker, &prefix, &tables, &sent).await;
    println!("{}", evidence.told());
    node.stop();
    evidence.wrong(&sent)
}

/// Gives where the broker acknowledged each message.
async fn send_and_kill(mut node: Node, plan: &Plan, broker: &Broker, prefix: &str) -> (Node, Vec<(i32, i64)>) {
    let mut dice = StdRng::seed_from_u64(plan.seed);
    let slice = plan.records.div_ceil(plan.kills + 1);
    let mut sent = Vec::new();
    for number in 0..=plan.kills {
        let messages: Vec<Message> = (number * slice..((number + 1) * slice).min(plan.records)).map(message).collect();
        // Both are at work when the kill comes.
        takes(&node, BY_DOOR, async || {}).await;
        takes(&node, BY_KAFKA, async || sent.extend(broker.send(&format!("{prefix}trace.in.{BY_KAFKA}"), &messages).await)).await;
        if number < plan.kills {
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..KILL_WITHIN_MS))).await;
            let folder: TempDir = node.kill();
            node = Node::start_in(folder);
        }
    }
    (node, sent)
}

fn configuration(place: &Place, broker: &Broker, prefix: &str, fault: Option<&str>) -> String {
    let database = match place.config("ingestion") {
        DatabaseConfig::Postgres { url, .. } => format!("[database]\nurl = \"{url}\"\n"),
        DatabaseConfig::Sqlite { .. } => String::new(),
    };
    let fault = fault.map_or_else(String::new, |fault| format!("fault = \"{fault}\"\n"));
    // Small batches, so that a kill finds one under way.
    format!(
        "{database}[kafka]\nbrokers = [\"{}\"]\ntopic_prefix = \"{prefix}\"\n[ingestion]\n{fault}[ingestion.kafka]\nbatch_messages = 250\n\
         [telemetry]\nlog = \"warn\"\n",
        broker.servers()
    )
}

/// Ingestion's database, as another process sees it.
fn tables(place: &Place, folder: &Path) -> DatabaseConfig {
    match place.config("ingestion") {
        DatabaseConfig::Sqlite { .. } => DatabaseConfig::Sqlite { path: data(folder).join("ingestion.sqlite") },
        postgres => postgres,
    }
}

/// Gives its token.
async fn add_provider(node: &Node, id: &str) -> String {
    let provider = Provider { id: id.into(), ..Provider::default() };
    let request = AddProviderRequest { provider: Some(provider) };
    node.operator().await.registry().add_provider(request).await.unwrap().into_inner().token
}

async fn topics_are_there(broker: &Broker, prefix: &str) {
    for topic in ["in", "receipt", "deadletter"] {
        for provider in [BY_KAFKA, BY_DOOR] {
            let topic = format!("{prefix}trace.{topic}.{provider}");
            in_the_end(&topic, async || broker.has_topic(&topic)).await;
        }
    }
}

/// Waits until the node takes something of this provider's that it had not before `then`.
async fn takes(node: &Node, provider: &str, then: impl AsyncFnOnce()) {
    let clients = node.operator().await;
    let request = ListReceiptsRequest { provider: provider.into(), page_size: 1, ..ListReceiptsRequest::default() };
    let newest = async || clients.ingestion().list_receipts(request.clone()).await.unwrap().into_inner().receipts.pop();
    let before = newest().await;
    then().await;
    in_the_end(provider, async || newest().await.is_some_and(|newest| Some(newest) != before)).await;
}

pub async fn in_the_end(what: &str, mut is: impl AsyncFnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is().await {
        assert!(Instant::now() < until, "{what}: not within {} s", PATIENCE.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
}
