//! Follows the gateway: keeps our copy of who is directly below, whom an order has to reach.

use prost::Message;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_proto::federation::v1::LinkChanged;
use tracemesh_store::DatabaseTransaction;

use crate::store;

#[derive(Clone)]
pub struct FederationHandler;

impl Handler for FederationHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            let kind = entry.envelope.kind.as_str();
            if !["link.enrolled", "link.revoked"].contains(&kind) {
                continue;
            }
            let Some(body) = &entry.body else { continue };
            let node = LinkChanged::decode(body.as_ref())?.link.unwrap_or_default().node;
            match kind {
                "link.enrolled" => store::children::put(tx, &node).await?,
                _ => store::children::remove(tx, &node).await?,
            }
        }
        Ok(())
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "the gateway's history forked: orders go to the nodes below that are known");
        Ok(())
    }
}
