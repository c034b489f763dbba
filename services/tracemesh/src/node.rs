//! A node's services in this process: all of them for `up`, which `demo` runs six times, or some for `serve`.

use anyhow::Context;
use tracemesh_chassis::config::ConfigError;
use tracemesh_chassis::process::{Locks, Running};
use tracemesh_chassis::{Clock, NodeConfig, Process, Runtime, Service, TaskError, Telemetry};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_peers::{Peers, Sessions};
use tracemesh_store::MigrationSet;

use crate::output::WrongUse;

/// The services that there are, in the order in which they start.
const SERVICES: [&str; 7] = ["registry", "ingestion", "quality", "emergency", "analytics", "federation", "portal"];

/// A whole node.
pub async fn start(config: NodeConfig, clock: Clock) -> anyhow::Result<Running> {
    start_services(config, clock, &SERVICES).await
}

/// Some services of a node, by their nouns.
pub async fn start_some(config: NodeConfig, clock: Clock, asked: &[String]) -> anyhow::Result<Running> {
    start_services(config, clock, &chosen(asked)?).await
}

/// Brings the tables of some services forward, or of all where none is named. Answers whose tables those were.
pub async fn migrate(config: &NodeConfig, asked: &[String]) -> anyhow::Result<Vec<&'static str>> {
    let chosen = if asked.is_empty() { SERVICES.to_vec() } else { chosen(asked)? };
    let _locks = Locks::take(&config.data_dir, &chosen)?;
    let mut brought = Vec::new();
    for noun in chosen {
        let Some(migrations) = migrations(noun) else { continue };
        let done = keeper::migrate(config, noun, migrations).await;
        done.map_err(anyhow::Error::from_boxed).with_context(|| format!("the tables of {noun} are not brought forward"))?;
        brought.push(noun);
    }
    Ok(brought)
}

fn chosen(asked: &[String]) -> anyhow::Result<Vec<&'static str>> {
    if let Some(unknown) = asked.iter().find(|noun| !SERVICES.contains(&noun.as_str())) {
        return Err(WrongUse(format!("there is no service {unknown:?}; there are {}", SERVICES.join(", "))).into());
    }
    Ok(SERVICES.into_iter().filter(|noun| asked.iter().any(|asked| asked == noun)).collect())
}

/// The tables of a service; the portal has none.
fn migrations(noun: &str) -> Option<MigrationSet> {
    match noun {
        "registry" => Some(tracemesh_registry::MIGRATIONS),
        "ingestion" => Some(tracemesh_ingestion::MIGRATIONS),
        "quality" => Some(tracemesh_quality::MIGRATIONS),
        "emergency" => Some(tracemesh_emergency::MIGRATIONS),
        "analytics" => Some(tracemesh_analytics::MIGRATIONS),
        "federation" => Some(tracemesh_federation::MIGRATIONS),
        _ => None,
    }
}

async fn start_services(config: NodeConfig, clock: Clock, nouns: &[&'static str]) -> anyhow::Result<Running> {
    let whole = nouns.len() == SERVICES.len();
    let instance = if whole { config.node.id.clone() } else { format!("{}.{}", config.node.id, nouns.join("+")) };
    let telemetry = Telemetry::start(&config.telemetry, &instance)?;
    let process = Process::prepare(config, clock, telemetry, nouns).await?;
    let journals = JournalServer::default();
    let mut services = vec![keeper::journal_service(&process.runtime("journal"), &journals)];
    for &noun in nouns {
        let started = start_one(noun, &process.runtime(noun), &journals).await;
        services.push(started.map_err(named).with_context(|| format!("{noun} does not start"))?);
    }
    if !nouns.contains(&"registry") {
        services.push(people(&process.runtime("sessions")));
    }
    process.serve(services).await.context("the node does not serve")
}

/// A service's own section of the configuration may be wrong, which the exit code tells apart.
fn named(why: TaskError) -> anyhow::Error {
    why.downcast::<ConfigError>().map_or_else(anyhow::Error::from_boxed, |wrong| anyhow::Error::new(*wrong))
}

/// Where the registry runs, it knows people by their sessions itself.
fn people(runtime: &Runtime) -> Service {
    Service::new("sessions").credentials(Sessions::new(&Peers::new(runtime), runtime.clock().clone()))
}

async fn start_one(noun: &str, runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    match noun {
        "registry" => tracemesh_registry::start(runtime, journals).await,
        "ingestion" => tracemesh_ingestion::start(runtime, journals).await,
        "quality" => tracemesh_quality::start(runtime, journals).await,
        "emergency" => tracemesh_emergency::start(runtime, journals).await,
        "analytics" => tracemesh_analytics::start(runtime, journals).await,
        "federation" => tracemesh_federation::start(runtime, journals).await,
        "portal" => tracemesh_portal::start(runtime),
        other => Err(format!("nobody starts {other}").into()),
    }
}
