#![doc = include_str!("../README.md")]

mod api;
mod app;
mod store;

pub use crate::store::MIGRATIONS;

use tracemesh_chassis::{Runtime, Service, TaskError};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_peers::Peers;
use tracemesh_proto::emergency::v1::emergency_service_server::EmergencyServiceServer;

use crate::app::Emergency;

/// Starts emergency of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
    let emergency = Emergency {
        node: runtime.node().clone(),
        db: kept.db.clone(),
        journal: kept.journal.clone(),
        clock: runtime.clock().clone(),
        peers: Peers::new(runtime),
    };
    keeper::verify_with(runtime, journals, &kept, || ());

    let limit = runtime.config().limits.message_bytes;
    let server = EmergencyServiceServer::new(emergency).max_decoding_message_size(limit).max_encoding_message_size(limit);
    Ok(Service::new("emergency").grpc(server).probe(keeper::probe(runtime, &kept)))
}
