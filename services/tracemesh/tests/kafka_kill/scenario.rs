//! Slices of load, a kill in the middle of each, and then a look at what is left.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tracemesh_proto::ingestion::v1::GetIntakeRequest;
use tracemesh_proto::registry::v1::{AddProviderRequest, Provider};
use tracemesh_store::DatabaseConfig;
use tracemesh_testkit::Place;
use tracemesh_testkit::kafka::{Broker, Message};

use crate::door;
use crate::evidence::{Evidence, Sent};
use crate::load::message;
use crate::process::{Process, data_dir};

pub const PROVIDER: &str = "acme";
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

#[allow(clippy::disallowed_methods, reason = "a night's run is longer than the gate's")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// What is wrong in the end; nothing, unless there is a bug.
pub async fn run(place: &Place, plan: &Plan, fault: Option<&str>) -> Vec<String> {
    println!("{} kills, {} messages, TRACEMESH_KILL_SEED={}, {fault:?}", plan.kills, plan.records, plan.seed);
    let mut dice = StdRng::seed_from_u64(plan.seed);
    let (broker, prefix) = (Broker::start().await, format!("kill{}.", RUNS.fetch_add(1, Ordering::Relaxed)));
    let (folder, configuration) = (place.folder.path(), configuration(place, &broker, &prefix, fault));
    let mut node = Process::start(folder, &configuration);
    add_provider(&node, &broker, &prefix).await;

    let over = Arc::new(AtomicBool::new(false));
    let door = door::send(data_dir(folder), PROVIDER.into(), over.clone());
    let kills = async {
        let (slice, mut sent) = (plan.records.div_ceil(plan.kills + 1), Vec::new());
        for number in 0..=plan.kills {
            let messages: Vec<Message> = (number * slice..((number + 1) * slice).min(plan.records)).map(message).collect();
            sent.extend(broker.send(&format!("{prefix}trace.in.{PROVIDER}"), &messages).await);
            if number < plan.kills {
                wait_for_progress(&node).await;
                tokio::time::sleep(Duration::from_millis(dice.random_range(0..KILL_WITHIN_MS))).await;
                node.kill();
                node = Process::start(folder, &configuration);
            }
        }
        over.store(true, Ordering::Relaxed);
        (sent, node)
    };
    let ((at, node), by_door) = tokio::join!(kills, door);

    let sent = Sent { at, by_door };
    let tables = tables(place, folder);
    let wrong = Evidence::gather(&node, &broker, &prefix, &tables, &sent).await.wrong(&sent);
    node.stop();
    wrong
}

fn configuration(place: &Place, broker: &Broker, prefix: &str, fault: Option<&str>) -> String {
    let database = match place.config("ingestion") {
        DatabaseConfig::Postgres { url } => format!("[database]\nurl = \"{url}\"\n"),
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
        DatabaseConfig::Sqlite { .. } => DatabaseConfig::Sqlite { path: data_dir(folder).join("ingestion.sqlite") },
        postgres => postgres,
    }
}

async fn add_provider(node: &Process, broker: &Broker, prefix: &str) {
    let provider = Provider { id: PROVIDER.into(), ..Provider::default() };
    node.operator().await.registry().add_provider(AddProviderRequest { provider: Some(provider) }).await.unwrap();
    for topic in ["in", "receipt", "deadletter"] {
        let topic = format!("{prefix}trace.{topic}.{PROVIDER}");
        eventually(&topic, async || broker.has_topic(&topic)).await;
    }
}

/// The slice has begun to arrive.
async fn wait_for_progress(node: &Process) {
    let clients = node.operator().await;
    let mut seen = BTreeMap::new();
    eventually("something is taken", async || {
        let intake = clients.ingestion().get_intake(GetIntakeRequest {}).await.unwrap().into_inner();
        seen.insert(intake.submissions, ());
        seen.len() > 1
    })
    .await;
}

pub async fn eventually(what: &str, mut is: impl AsyncFnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is().await {
        assert!(Instant::now() < until, "{what}: not within {} s", PATIENCE.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
}
