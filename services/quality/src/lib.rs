#![doc = include_str!("../README.md")]

mod api;
mod app;
mod store;

pub use crate::store::MIGRATIONS;

use tracemesh_chassis::{Runtime, Service, TaskError};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_peers::Peers;
use tracemesh_proto::quality::v1::quality_service_server::QualityServiceServer;

use crate::app::Quality;

/// Starts quality of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
    let quality = Quality {
        node: runtime.node().clone(),
        db: kept.db.clone(),
        journal: kept.journal.clone(),
        clock: runtime.clock().clone(),
        peers: Peers::new(runtime),
    };
    keeper::verify_with(runtime, journals, &kept, || ());

    let limit = runtime.config().limits.message_bytes;
    let server = QualityServiceServer::new(quality).max_decoding_message_size(limit).max_encoding_message_size(limit);
    Ok(Service::new("quality").grpc(server).probe(keeper::probe(runtime, &kept)))
}
