#![doc = include_str!("../README.md")]

mod api;
mod app;
mod config;
mod domain;
mod error;
mod followers;
mod store;

pub use crate::store::MIGRATIONS;

use std::collections::HashSet;
use std::sync::Arc;

use tokio::sync::{Semaphore, watch};
use tracemesh_chassis::{OnFailure, Runtime, Service, TaskError};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_peers::Peers;
use tracemesh_proto::emergency::v1::emergency_service_server::EmergencyServiceServer;

use crate::app::{Emergency, OrderKey};
use crate::config::Settings;
use crate::error::EmergencyError;
use crate::followers::federation::FederationHandler;
use crate::followers::inbox::InboxHandler;
use crate::followers::ingestion::IngestionHandler;
use crate::followers::registry::RegistryHandler;

/// Starts emergency of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let settings: Settings = runtime.config().emergency.read("emergency")?;
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
    let emergency = Emergency {
        node: runtime.node().clone(),
        db: kept.db.clone(),
        journal: kept.journal.clone(),
        clock: runtime.clock().clone(),
        peers: Peers::new(runtime),
        rules: Arc::new(settings.rules()?),
        key: OrderKey(Arc::new(runtime.keys().journal(&format!("{}.orders", keeper::journal_name(runtime, "emergency")))?)),
        changes: watch::Sender::new(0),
        watchers: Arc::new(Semaphore::new(settings.watchers_max)),
        settings: Arc::new(settings),
        shutdown: runtime.shutdown(),
    };

    let clients = emergency.peers.as_service();
    keeper::follow(runtime, &clients, &kept.db, "registry", || RegistryHandler);
    keeper::follow(runtime, &clients, &kept.db, "federation", || FederationHandler);
    let inbox = InboxHandler { emergency: emergency.clone() };
    keeper::follow_journal(runtime, &clients, &kept.db, "federation", "inbox", move || inbox.clone());
    let records = IngestionHandler { emergency: emergency.clone(), known: HashSet::new(), has_news: false };
    keeper::follow(runtime, &clients, &kept.db, "ingestion", move || records.clone());
    keep(runtime, "emergency.limits", &emergency, |emergency| async move { emergency.keep_watch().await });
    keep(runtime, "emergency.automatic", &emergency, |emergency| async move { emergency.keep_issuing().await });
    keeper::verify_with(runtime, journals, &kept, || ());

    let limit = runtime.config().limits.message_bytes;
    let server = EmergencyServiceServer::new(emergency).max_decoding_message_size(limit).max_encoding_message_size(limit);
    Ok(Service::new("emergency").grpc(server).probe(keeper::probe(runtime, &kept)))
}

/// Runs a task that ends with the service alone; after a failure it starts again.
fn keep<T>(runtime: &Runtime, name: &'static str, emergency: &Emergency, task: fn(Emergency) -> T)
where
    T: Future<Output = Result<(), EmergencyError>> + Send + 'static,
{
    let emergency = emergency.clone();
    runtime.tasks().spawn(name, OnFailure::Restart(Default::default()), move |shutdown| {
        let task = task(emergency.clone());
        async move {
            tokio::select! {
                failed = task => Ok(failed?),
                () = shutdown.requested() => Ok(()),
            }
        }
    });
}
