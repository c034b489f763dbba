//! Follows the registry: keeps our copies of its tree of areas and of its authorised laboratories.

use prost::Message;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_proto::registry::v1::{Area, LaboratoryChanged};
use tracemesh_store::DatabaseTransaction;

use crate::store;

#[derive(Clone)]
pub struct RegistryHandler;

impl Handler for RegistryHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            let Some(body) = entry.body.as_deref() else { continue };
            match entry.envelope.kind.as_str() {
                "area.added" => {
                    let Area { id, parent, .. } = Area::decode(body)?;
                    store::areas::put(tx, &id, &parent).await?;
                }
                "laboratory.authorised" => {
                    let laboratory = LaboratoryChanged::decode(body)?.laboratory.unwrap_or_default();
                    store::laboratories::put(tx, &laboratory).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "the registry's history forked: orders are held against the areas and laboratories that are known");
        Ok(())
    }
}
