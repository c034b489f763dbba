#![doc = include_str!("../README.md")]

mod api;
mod app;
mod config;
mod domain;
mod error;
#[cfg(feature = "faults")]
mod faults;
mod followers;
#[doc(hidden)]
pub mod hot_path;
mod kafka;
mod sources;
mod store;

pub use crate::store::MIGRATIONS;

use std::sync::Arc;

use futures::FutureExt;
use tracemesh_chassis::config::KafkaConfig;
use tracemesh_chassis::{OnFailure, Probe, Runtime, Service, TaskError};
use tracemesh_journal::{Journal, JournalServer, Verifier};
use tracemesh_keeper as keeper;
use tracemesh_peers::Peers;
use tracemesh_proto::ingestion::v1::ingestion_service_server::IngestionServiceServer;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceServiceServer;

use crate::app::Ingestion;
use crate::app::commit::Commit;
use crate::app::directory::Directory;
use crate::app::intake;
use crate::app::pulse::Pulse;
use crate::app::verify::verify;
use crate::config::{KafkaSettings, Settings};
use crate::followers::quality::QualityHandler;
use crate::followers::receipts::Receipts;
use crate::followers::registry::RegistryHandler;
use crate::kafka::client::Broker;
use crate::kafka::topics::Topics;
use crate::kafka::troubles::Troubles;
use crate::sources::kafka::Border;

/// Starts ingestion of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let settings: Settings = runtime.config().ingestion.read("ingestion")?;
    #[cfg(feature = "faults")]
    settings.fault.into_iter().for_each(faults::choose);
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
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
        public_answers: Arc::default(),
    };

    let commit = Commit { node: node.clone(), db: kept.db.clone(), journal: kept.journal.clone() };
    let kafka = runtime.config().kafka().map(|kafka| start_kafka(runtime, &ingestion, &commit, kafka, settings.kafka)).transpose()?;
    let (clock, pulse, shutdown) = (runtime.clock().clone(), ingestion.pulse.clone(), runtime.shutdown());
    let mut committer = Some(intake::run_committer(commit, queue, clock, pulse, shutdown));
    runtime.tasks().spawn("ingestion.committer", OnFailure::StopProcess, move |_| {
        let committer = committer.take();
        async move {
            committer.ok_or("the queue went with the committer that failed")?.await;
            Ok(())
        }
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
    let follower = QualityHandler::new(directory.clone());
    keeper::follow(runtime, &ingestion.peers.as_service(), &kept.db, "quality", move || follower.clone());
    journals.add_verifier("ingestion", verifier(&kept.journal, &node));

    let limits = &runtime.config().limits;
    let submissions = IngestionServiceServer::new(ingestion.clone()).max_decoding_message_size(limits.message_bytes);
    let traces = TraceServiceServer::new(ingestion.clone()).max_encoding_message_size(limits.message_bytes);
    let service = Service::new("ingestion")
        .grpc(submissions)
        .grpc(traces)
        .http(api::http::routes(ingestion, limits.http_body_bytes))
        .credentials(directory)
        .probe(keeper::probe(runtime, &kept));
    Ok(kafka.into_iter().fold(service, Service::probe))
}

/// Both directions of the border, and what `/readyz` says of it.
fn start_kafka(
    runtime: &Runtime,
    ingestion: &Ingestion,
    commit: &Commit,
    kafka: &KafkaConfig,
    settings: KafkaSettings,
) -> Result<Probe, TaskError> {
    let border = Border {
        broker: Broker::new(&runtime.node().id, kafka, &settings)?,
        topics: Topics::new(&kafka.topic_prefix, &settings),
        troubles: Troubles::default(),
        settings,
    };
    let held = sources::kafka::start(runtime, ingestion, commit, &border)?;
    let receipts = Receipts::new(ingestion, &border, held);
    runtime.tasks().spawn("ingestion.receipts", OnFailure::Restart(Default::default()), move |shutdown| receipts.clone().run(shutdown));
    Ok(border.troubles.probe())
}

/// `audit verify` reads our tables along with the journal.
fn verifier(journal: &Journal, node: &str) -> Verifier {
    let (journal, node) = (journal.clone(), node.to_owned());
    Arc::new(move || {
        let (journal, node) = (journal.clone(), node.clone());
        async move { Ok(vec![verify(&journal, &node).await?]) }.boxed()
    })
}
