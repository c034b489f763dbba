#![doc = include_str!("../README.md")]

mod api;
mod app;
mod config;
mod domain;
mod error;
mod followers;
mod store;

pub use crate::store::MIGRATIONS;

use tokio::sync::watch;
use tracemesh_chassis::{Health, OnFailure, Probe, Runtime, Service, TaskError};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_peers::Peers;
use tracemesh_proto::analytics::v1::analytics_service_server::AnalyticsServiceServer;

use crate::app::{Analytics, Progress};
use crate::config::Settings;
use crate::followers::ingestion::IngestionHandler;
use crate::followers::registry::RegistryHandler;

/// Starts analytics of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let settings: Settings = runtime.config().analytics.read("analytics")?;
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
    let analytics = Analytics {
        node: runtime.node().clone(),
        db: kept.db.clone(),
        journal: kept.journal.clone(),
        counted: keeper::journal_name(runtime, "ingestion"),
        clock: runtime.clock().clone(),
        peers: Peers::new(runtime),
        settings,
        progress: watch::Sender::new(Progress::default()),
        causes: Default::default(),
    };
    // A follower is called what its service is.
    analytics.begin_counting(runtime.noun()).await?;

    let clients = analytics.peers.as_service();
    let counting = IngestionHandler { analytics: analytics.clone() };
    keeper::follow(runtime, &clients, &kept.db, "ingestion", move || counting.clone());
    keeper::follow(runtime, &clients, &kept.db, "registry", || RegistryHandler);
    let announcing = analytics.clone();
    runtime.tasks().spawn("analytics.announcer", OnFailure::Restart(Default::default()), move |shutdown| {
        let analytics = announcing.clone();
        async move {
            tokio::select! {
                failed = analytics.keep_announcing() => Ok(failed?),
                () = shutdown.requested() => Ok(()),
            }
        }
    });
    keeper::verify_with(runtime, journals, &kept, || ());

    let limit = runtime.config().limits.message_bytes;
    let server = AnalyticsServiceServer::new(analytics.clone()).max_decoding_message_size(limit).max_encoding_message_size(limit);
    Ok(Service::new("analytics").grpc(server).probe(keeper::probe(runtime, &kept)).probe(counting_probe(analytics)))
}

/// Figures that are shown as they were, for good or until they are counted again: somebody has to know.
fn counting_probe(analytics: Analytics) -> Probe {
    Probe::new("analytics.counting", move || {
        let Progress { fork, is_rebuild, .. } = analytics.progress.borrow().clone();
        let rebuild = is_rebuild.then(|| "the figures are counted again; until that is done those of before answer".to_owned());
        async { fork.or(rebuild).map_or(Health::Ok, Health::Degraded) }
    })
}
