#![doc = include_str!("../README.md")]

mod api;
mod app;
mod domain;
mod error;
mod store;

pub use crate::store::MIGRATIONS;

use tracemesh_access::Principal;
use tracemesh_chassis::{Runtime, Service, TaskError};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_proto::registry::v1::registry_service_server::RegistryServiceServer;

use crate::app::{Cause, Registry};

/// Starts the registry of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
    let registry =
        Registry { node: runtime.node().clone(), db: kept.db.clone(), journal: kept.journal.clone(), clock: runtime.clock().clone() };
    let itself = Principal::service("registry");
    registry.ensure_own_area(&Cause::by(&itself)).await?;
    registry.ensure_local_provider(&Cause::by(&itself)).await?;
    registry.ensure_first_account(&Cause::by(&itself)).await?;
    let first_link = registry.first_link(&Cause::by(&itself)).await?;
    keeper::verify_with(runtime, journals, &kept, || ());

    let server = RegistryServiceServer::new(registry.clone()).max_decoding_message_size(runtime.config().limits.message_bytes);
    Ok(Service::new("registry")
        .grpc(server)
        .credentials(registry)
        .probe(keeper::probe(runtime, &kept))
        .sign_in(first_link.map(|path| path.0)))
}
