//! An order takes effect: here, with its signature or when it has come from above; and from here on downward.

use prost::Message;
use tracemesh_journal::{ENTRY_BYTES_MAX, Entry};
use tracemesh_proto::emergency::v1::{Order, OrderIssued, Scope, TierRow};
use tracemesh_proto::time::timestamp;
use tracemesh_store::DatabaseTransaction;

use super::case::risk_known_at;
use super::reading::wire_clock;
use super::{About, Cause, Emergency, To};
use crate::domain::clock::{self, Clock};
use crate::domain::scope;
use crate::error::EmergencyError;
use crate::store;

/// Room in an entry for its envelope and the nodes that it came through.
const AROUND_BYTES: usize = 128 << 10;

impl Emergency {
    /// Freezes, signs and sends an order whose number is drawn. Answers it with the entries that say so.
    pub async fn issue(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        mut order: Order,
        incident: &str,
        scope: Scope,
    ) -> Result<(Order, Vec<Entry>), EmergencyError> {
        let now = self.clock.now_micros();
        let kept = store::incidents::for_change(tx, incident).await?.ok_or_else(|| EmergencyError::NoIncident(incident.into()))?;
        let clocks = clock::of_order(&kept.rules, &order.id, order.recall_class, risk_known_at(&kept.incident), now);
        order.issued_at = Some(timestamp(now));
        order.clocks = clocks.iter().map(wire_clock).collect();
        order.scope = Some(scope);
        let issued = self.key.sign(&order);
        if issued.encoded_len() + AROUND_BYTES > ENTRY_BYTES_MAX {
            return Err(EmergencyError::TooLarge);
        }
        let mut told = store::children::all(tx).await?;
        told.extend(order.scope.iter().flat_map(|scope| &scope.holdings).map(|holding| holding.node.clone()));
        for node in told.into_iter().filter(|node| *node != self.node.id && !node.is_empty()) {
            let row = TierRow { node, state: "sent".into(), at: Some(timestamp(now)), ..TierRow::default() };
            store::rows::put_tier(tx, &order.id, "", &row).await?;
        }
        store::orders::issue(tx, &order, &issued).await?;
        let mut entries = vec![self.sent_down(cause, &order, &issued)];
        entries.extend(self.take_effect(tx, cause, &order, incident, clocks).await?);
        Ok((order, entries))
    }

    /// As it was signed, to every node directly below.
    pub fn sent_down(&self, cause: Cause<'_>, order: &Order, issued: &OrderIssued) -> Entry {
        self.entry("order.issued", To::Children, cause, About { area: &order.area, category: &order.category }, issued)
    }

    /// What an order in force changes at any node: its units are marked, its establishments wait, its limits run, and what it takes back ends.
    pub async fn take_effect(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        order: &Order,
        incident: &str,
        mut clocks: Vec<Clock>,
    ) -> Result<Vec<Entry>, EmergencyError> {
        let now = self.clock.now_micros();
        let frozen = order.scope.clone().unwrap_or_default();
        let breached = clock::note_breaches(&mut clocks, now);
        store::clocks::put(tx, incident, &clocks).await?;
        for row in scope::establishments(&frozen, &self.node.id) {
            store::rows::put_establishment(tx, &order.id, "", &row).await?;
        }
        let mut entries = Vec::new();
        if breached {
            entries.extend(self.breached_entry(tx, cause, incident).await?);
        }
        if order.kind == "RELEASE" {
            entries.extend(self.end_released(tx, cause, order).await?);
        } else {
            store::units::put(tx, &order.id, &frozen.units).await?;
        }
        Ok(entries)
    }
}
