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
use tracemesh_proto::quality::v1::quality_service_server::QualityServiceServer;

use crate::app::{Progress, Quality};
use crate::config::Settings;
use crate::followers::inbox::InboxHandler;
use crate::followers::ingestion::IngestionHandler;
use crate::followers::registry::RegistryHandler;

/// Starts quality of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let settings: Settings = runtime.config().quality.read("quality")?;
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
    let quality = Quality {
        node: runtime.node().clone(),
        db: kept.db.clone(),
        journal: kept.journal.clone(),
        followed: keeper::journal_name(runtime, "ingestion"),
        clock: runtime.clock().clone(),
        peers: Peers::new(runtime),
        settings,
        progress: watch::Sender::new(Progress::default()),
    };
    // A follower is called what its service is.
    quality.begin_following(runtime.noun()).await?;

    let clients = quality.peers.as_service();
    let following = IngestionHandler { quality: quality.clone() };
    keeper::follow(runtime, &clients, &kept.db, "ingestion", move || following.clone());
    keeper::follow(runtime, &clients, &kept.db, "registry", || RegistryHandler);
    let received = InboxHandler { quality: quality.clone() };
    keeper::follow_journal(runtime, &clients, &kept.db, "federation", "inbox", move || received.clone());
    let escalating = quality.clone();
    runtime.tasks().spawn("quality.escalation", OnFailure::Restart(Default::default()), move |shutdown| {
        let quality = escalating.clone();
        async move {
            tokio::select! {
                failed = quality.keep_escalating() => Ok(failed?),
                () = shutdown.requested() => Ok(()),
            }
        }
    });
    keeper::verify_with(runtime, journals, &kept, || ());

    let limit = runtime.config().limits.message_bytes;
    let server = QualityServiceServer::new(quality.clone()).max_decoding_message_size(limit).max_encoding_message_size(limit);
    Ok(Service::new("quality").grpc(server).probe(keeper::probe(runtime, &kept)).probe(following_probe(quality)))
}

/// Findings that stay as they were for good: somebody has to know.
fn following_probe(quality: Quality) -> Probe {
    Probe::new("quality.following", move || {
        let fork = quality.progress.borrow().fork.clone();
        async { fork.map_or(Health::Ok, Health::Degraded) }
    })
}
