//! What nodes below have answered: rows of orders, and incidents of theirs. A child speaks of itself and of what is below it; what else it says is noted
//! and changes nothing.

use prost::Message;
use tracemesh_calendar::china_day;
use tracemesh_journal::Entry;
use tracemesh_proto::emergency::v1::{EstablishmentRow, IncidentChanged, Order, OrderProgress, OrderRefused, TierRow};
use tracemesh_proto::time::{micros, timestamp};
use tracemesh_store::DatabaseTransaction;

use super::{About, Cause, Emergency, To};
use crate::domain::board::{Rows, is_sound};
use crate::domain::clock::ACKNOWLEDGE;
use crate::domain::rules::Matter;
use crate::domain::tree::may_speak;
use crate::error::EmergencyError;
use crate::store;
use crate::store::incidents::Kept;

/// Establishments that one entry of a child may tell of.
const ROWS_MOST: usize = 100_000;

impl Emergency {
    /// Takes over what `from` says of an order, and tells it further up where the order came from there.
    pub async fn merge_progress(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        from: &str,
        body: &[u8],
    ) -> Result<Vec<Entry>, EmergencyError> {
        let Ok(progress) = OrderProgress::decode(body) else { return Ok(vec![]) };
        let Some(kept) = store::orders::for_change(tx, &progress.order).await? else { return Ok(vec![]) };
        let children = store::children::all(tx).await?;
        let (mut taken, mut left) = (Rows::default(), 0);
        for row in progress.tiers {
            let through = store::rows::via(tx, &progress.order, &row.node).await?;
            if may_speak(from, &row.node, &self.node.id, &children, &through) {
                store::rows::put_tier(tx, &progress.order, from, &row).await?;
                taken.tiers.push(row);
            } else {
                left += 1;
            }
        }
        for row in progress.establishments.into_iter().take(ROWS_MOST) {
            let through = store::rows::via(tx, &progress.order, &row.node).await?;
            // A node is heard of by its own row first.
            let is_known = row.node == from || through == from;
            if is_known && is_sound(&row) && may_speak(from, &row.node, &self.node.id, &children, &through) {
                store::rows::put_establishment(tx, &progress.order, from, &row).await?;
                taken.establishments.push(row);
            } else {
                left += 1;
            }
        }
        if left > 0 {
            tracing::warn!(from, order = progress.order, left, "rows about other nodes, or unreadable ones, are left out");
        }
        if taken == Rows::default() {
            return Ok(vec![]);
        }
        let mut entries = vec![self.progress(cause, &kept.order, taken)];
        entries.extend(self.note_answers(tx, cause, &kept.order.id, &kept.incident).await?);
        Ok(entries)
    }

    /// A node below has refused the order: it stands on the board until somebody has seen to it.
    pub async fn note_refusal(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        from: &str,
        body: &[u8],
    ) -> Result<Vec<Entry>, EmergencyError> {
        let Ok(OrderRefused { order, node, reason, .. }) = OrderRefused::decode(body) else { return Ok(vec![]) };
        let row = TierRow { node, state: "refused".into(), at: Some(self.now()), detail: reason, ..TierRow::default() };
        let progress = OrderProgress { order, tiers: vec![row], establishments: vec![] };
        self.merge_progress(tx, cause, from, &progress.encode_to_vec()).await
    }

    /// Keeps what a node below says of an incident of its own, or of one of a node below it.
    pub async fn keep_theirs(&self, tx: &DatabaseTransaction, from: &str, body: &[u8]) -> Result<(), EmergencyError> {
        let Some(incident) = IncidentChanged::decode(body).ok().and_then(|changed| changed.incident) else { return Ok(()) };
        let known = store::incidents::for_change(tx, &incident.id).await?;
        let through = known.as_ref().map(|kept| kept.via.clone()).unwrap_or_default();
        let is_ours = known.as_ref().is_some_and(|kept| kept.via.is_empty());
        let children = store::children::all(tx).await?;
        if is_ours || !may_speak(from, &incident.node, &self.node.id, &children, &through) {
            tracing::warn!(from, incident = incident.id, "an incident that is not theirs is left out");
            return Ok(());
        }
        if known.is_some() {
            return Ok(store::incidents::update(tx, &incident).await?);
        }
        let tree = store::areas::tree(tx).await?;
        let day = china_day(micros(incident.risk_known_at.as_ref()));
        let rules = self.rules.in_force(Matter { category: &incident.category, area: &incident.area, day }, &tree);
        store::incidents::insert(tx, &Kept { incident, via: from.into(), rules }).await?;
        Ok(())
    }

    /// What has changed on the board of an order; it goes up where the order came from there. Names of people stay here.
    pub fn progress(&self, cause: Cause<'_>, order: &Order, rows: Rows) -> Entry {
        let to = if order.issuer == self.node.id { To::Nobody } else { To::Parent };
        let nameless = |row| EstablishmentRow { contact: String::new(), ..row };
        let establishments = rows.establishments.into_iter().map(nameless).collect();
        let body = OrderProgress { order: order.id.clone(), tiers: rows.tiers, establishments };
        self.entry("order.progress", to, cause, About { area: &order.area, category: &order.category }, &body)
    }

    /// Where nobody is waited for any more, the limit to acknowledge was kept, or was missed.
    pub async fn note_answers(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        order: &str,
        incident: &str,
    ) -> Result<Vec<Entry>, EmergencyError> {
        if !store::rows::of(tx, order).await?.waiting_for().is_empty() {
            return Ok(vec![]);
        }
        self.stop_clocks(tx, cause, incident, |clock| clock.order == order && clock.kind == ACKNOWLEDGE).await
    }

    fn now(&self) -> prost_types::Timestamp {
        timestamp(self.clock.now_micros())
    }
}
