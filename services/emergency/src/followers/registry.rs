//! Follows the registry: keeps our copy of its tree of areas.

use prost::Message;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_proto::registry::v1::Area;
use tracemesh_store::DatabaseTransaction;

use crate::store;

#[derive(Clone)]
pub struct RegistryHandler;

impl Handler for RegistryHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let entries = commits.iter().flat_map(|commit| &commit.entries);
        for entry in entries.filter(|entry| entry.envelope.kind == "area.added") {
            if let Some(body) = &entry.body {
                let Area { id, parent, .. } = Area::decode(body.as_ref())?;
                store::areas::put(tx, &id, &parent).await?;
            }
        }
        Ok(())
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "the registry's history forked: orders are held against the areas that are known");
        Ok(())
    }
}
