//! An operator approves a neighbour's history after a quarantine: a child's, or what the parent has for this node.

use tracemesh_chassis::error::Violation;
use tracemesh_proto::federation::v1::{LinkChanged, LinkState};
use tracemesh_store::DatabaseTransaction;

use super::{Cause, Federation};
use crate::domain::link::Purpose;
use crate::driver::children::follower_name;
use crate::error::FederationError;
use crate::store;
use crate::store::children::Child;
use crate::store::parent::Parent;

impl Federation {
    /// How the link is then. Only what is quarantined can be approved.
    pub async fn resync(&self, cause: &Cause<'_>, node: &str) -> Result<LinkState, FederationError> {
        if cause.why.is_empty() {
            return Err(FederationError::Invalid(vec![Violation::new("why", "error.request.why_missing")]));
        }
        match store::parent::get(self.db.read()).await?.filter(|parent| parent.node == node) {
            Some(parent) => self.resync_parent(cause, parent).await,
            None => self.resync_child(cause, node).await,
        }
    }

    /// Follows what the parent says now from its beginning, under another name. What this node has of it already does not come into the inbox again.
    async fn resync_parent(&self, cause: &Cause<'_>, parent: Parent) -> Result<LinkState, FederationError> {
        if parent.forked.is_empty() {
            return Err(FederationError::NotQuarantined(parent.node));
        }
        let parent = Parent { history: parent.history + 1, ..parent };
        let tx = self.db.begin().await?;
        store::parent::set_history(&tx, parent.history).await?;
        let link = LinkState { node: parent.node.clone(), ..LinkState::default() };
        self.commit(tx, "link.resynced", cause, &LinkChanged { link: Some(link), fingerprint: String::new() }).await?;
        self.upward.approved();
        self.parent_link(&parent).await
    }

    /// Follows the child's history of now from its beginning, as another one than before: the cursors and the last checkpoints of the former
    /// stay as evidence in the tables and the journal. Nothing takes effect twice, as figures have versions and other entries are known by
    /// their hashes. The child goes on in an epoch that was never seen of it, so that no number is given out twice and its figures take the place
    /// of those that are kept.
    async fn resync_child(&self, cause: &Cause<'_>, node: &str) -> Result<LinkState, FederationError> {
        let tx = self.db.begin().await?;
        let child = store::children::get(&tx, node).await?.ok_or_else(|| FederationError::NoChild(node.to_owned()))?;
        if child.state != "quarantined" {
            return Err(FederationError::NotQuarantined(node.to_owned()));
        }
        let epoch = self.newest_epoch(&tx, &child).await? + 1;
        store::children::set_history(&tx, node, child.history + 1, epoch).await?;
        store::children::set_state(&tx, node, "away", "its history was approved", child.last_seen).await?;
        store::held::forget(&tx, node).await?;
        let link = LinkState { node: child.node, area: child.area, tier: child.tier, state: "away".into(), ..LinkState::default() };
        self.commit(tx, "link.resynced", cause, &LinkChanged { link: Some(link), fingerprint: child.fingerprint }).await?;
        self.children.approved(node).await;
        let status = self.link_status().await?;
        let link = status.children.into_iter().find(|link| link.node == node);
        link.ok_or_else(|| FederationError::NoChild(node.to_owned()))
    }

    /// The newest of all epochs that the child's journals were ever seen in.
    async fn newest_epoch(&self, tx: &DatabaseTransaction, child: &Child) -> Result<u64, FederationError> {
        let mut seen = child.epoch;
        for held in store::held::all(tx, &child.node).await? {
            seen = held.checkpoint.iter().chain(&held.offered).map(|checkpoint| checkpoint.epoch).fold(seen, u64::max);
        }
        for uplink in [Purpose::Urgent, Purpose::Bulk].into_iter().filter_map(|purpose| purpose.uplink(&child.node)) {
            seen = seen.max(tracemesh_journal::cursor(tx, &follower_name(child.history), &uplink).await?.epoch);
        }
        Ok(seen)
    }
}
