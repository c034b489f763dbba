#![doc = include_str!("../README.md")]

mod api;
mod app;
mod domain;
mod error;
mod followers;
mod store;

use std::sync::Arc;

use tracemesh_chassis::{OnFailure, Runtime, Service, TaskError};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_peers::Peers;
use tracemesh_proto::ingestion::v1::ingestion_service_server::IngestionServiceServer;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceServiceServer;

use crate::app::Ingestion;
use crate::app::commit::Commit;
use crate::app::directory::Directory;
use crate::app::intake;
use crate::app::pulse::Pulse;
use crate::app::verify::Tables;
use crate::followers::registry::RegistryHandler;

/// Starts ingestion of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let kept = keeper::open(runtime, journals, store::MIGRATIONS).await?;
    let node = runtime.node().id.clone();
    let directory = Directory::open(&kept.db, &node, &runtime.node().area).await?;
    let (intake, queue) = intake::queue();
    let ingestion = Ingestion {
        node: node.clone(),
        db: kept.db.clone(),
        journal: kept.journal.clone(),
        clock: runtime.clock().clone(),
        directory: directory.clone(),
        intake,
        pulse: Arc::new(Pulse::default()),
        peers: Peers::new(runtime),
    };

    let commit = Commit { node: node.clone(), db: kept.db.clone(), journal: kept.journal.clone() };
    let (clock, pulse) = (runtime.clock().clone(), ingestion.pulse.clone());
    runtime.tasks().once("ingestion.committer", async move {
        intake::run_committer(commit, queue, clock, pulse).await;
        Ok(())
    });
    let (kept_up, db) = (directory.clone(), kept.db.clone());
    runtime.tasks().spawn("ingestion.directory", OnFailure::Restart(Default::default()), move |shutdown| {
        let (directory, db) = (kept_up.clone(), db.clone());
        async move {
            tokio::select! {
                failed = directory.keep_up(&db) => Ok(failed?),
                () = shutdown.requested() => Ok(()),
            }
        }
    });
    let follower = RegistryHandler { directory: directory.clone() };
    keeper::follow(runtime, &ingestion.peers.as_service(), &kept.db, "registry", move || follower.clone());
    keeper::verify_with(runtime, journals, &kept, move || Tables::new(&node));

    let limits = &runtime.config().limits;
    let submissions = IngestionServiceServer::new(ingestion.clone()).max_decoding_message_size(limits.message_bytes);
    let traces = TraceServiceServer::new(ingestion.clone()).max_encoding_message_size(limits.message_bytes);
    Ok(Service::new("ingestion")
        .grpc(submissions)
        .grpc(traces)
        .http(api::http::routes(ingestion, limits.http_body_bytes))
        .credentials(directory)
        .probe(keeper::probe(runtime, &kept)))
}
