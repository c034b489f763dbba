//! An operator approves a child's history after a quarantine.

use tracemesh_chassis::error::Violation;
use tracemesh_proto::federation::v1::{LinkChanged, LinkState};

use super::{Cause, Federation};
use crate::error::FederationError;
use crate::store;

impl Federation {
    /// Follows the child's history of now from its beginning, as another one than before: the cursors and the last checkpoints of the former
    /// stay as evidence in the tables and the journal. Nothing takes effect twice, as figures have versions and other entries are known by
    /// their hashes.
    pub async fn resync(&self, cause: &Cause<'_>, node: &str) -> Result<LinkState, FederationError> {
        if cause.why.is_empty() {
            return Err(FederationError::Invalid(vec![Violation::new("why", "error.request.why_missing")]));
        }
        let tx = self.db.begin().await?;
        let child = store::children::get(&tx, node).await?.ok_or_else(|| FederationError::NoChild(node.to_owned()))?;
        if child.state != "quarantined" {
            return Err(FederationError::NotQuarantined(node.to_owned()));
        }
        store::children::set_history(&tx, node, child.history + 1).await?;
        store::children::set_state(&tx, node, "away", "its history was approved", child.last_seen).await?;
        store::held::forget(&tx, node).await?;
        let link = LinkState { node: child.node, area: child.area, tier: child.tier, state: "away".into(), ..LinkState::default() };
        self.commit(tx, "link.resynced", cause, &LinkChanged { link: Some(link), fingerprint: child.fingerprint }).await?;
        self.children.approved(node).await;
        let status = self.link_status().await?;
        let link = status.children.into_iter().find(|link| link.node == node);
        link.ok_or_else(|| FederationError::NoChild(node.to_owned()))
    }
}
