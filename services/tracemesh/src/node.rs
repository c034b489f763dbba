//! A node's services in this process: all of them for `up`, which `demo` runs six times, or some for `serve`.

use anyhow::Context;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, NodeConfig, Process, Runtime, Service, TaskError, Telemetry};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;

use crate::output::WrongUse;

/// The services that there are, in the order in which they start.
const SERVICES: [&str; 5] = ["registry", "ingestion", "analytics", "federation", "portal"];

/// A whole node.
pub async fn start(config: NodeConfig, clock: Clock) -> anyhow::Result<Running> {
    start_services(config, clock, &SERVICES).await
}

/// Some services of a node, by their nouns.
pub async fn start_some(config: NodeConfig, clock: Clock, asked: &[String]) -> anyhow::Result<Running> {
    if let Some(unknown) = asked.iter().find(|noun| !SERVICES.contains(&noun.as_str())) {
        return Err(WrongUse(format!("there is no service {unknown:?}; there are {}", SERVICES.join(", "))).into());
    }
    let chosen: Vec<&'static str> = SERVICES.into_iter().filter(|noun| asked.iter().any(|asked| asked == noun)).collect();
    start_services(config, clock, &chosen).await
}

async fn start_services(config: NodeConfig, clock: Clock, nouns: &[&'static str]) -> anyhow::Result<Running> {
    let telemetry = Telemetry::start(&config.telemetry, &config.node.id)?;
    let process = Process::prepare(config, clock, telemetry, nouns).await?;
    let journals = JournalServer::default();
    let mut services = vec![keeper::journal_service(&process.runtime("journal"), &journals)];
    for &noun in nouns {
        let started = start_one(noun, &process.runtime(noun), &journals).await;
        services.push(started.map_err(anyhow::Error::from_boxed).with_context(|| format!("{noun} does not start"))?);
    }
    process.serve(services).await.context("the node does not serve")
}

async fn start_one(noun: &str, runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    match noun {
        "registry" => tracemesh_registry::start(runtime, journals).await,
        "ingestion" => tracemesh_ingestion::start(runtime, journals).await,
        "analytics" => tracemesh_analytics::start(runtime, journals).await,
        "federation" => tracemesh_federation::start(runtime, journals).await,
        "portal" => tracemesh_portal::start(runtime),
        other => Err(format!("nobody starts {other}").into()),
    }
}
