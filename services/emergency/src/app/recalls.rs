//! What the public is told: orders that were released to it. A drill never is.

use tracemesh_proto::emergency::v1::{Order, Recall};

use super::Emergency;
use super::reading::{Before, next_page};
use crate::error::EmergencyError;
use crate::store;
use crate::store::orders::Filter;

impl Emergency {
    /// Newest first, those that have ended too.
    pub async fn recalls(&self, before: &Before, limit: u32) -> Result<(Vec<Recall>, Option<Before>), EmergencyError> {
        let filter = Filter { public_only: true, ..Filter::default() };
        let page = store::orders::page(self.db.read(), filter, (before.at, &before.id), limit).await?;
        let next = next_page(&page, limit);
        Ok((page.into_iter().map(|(_, order)| recall(order)).collect(), next))
    }

    /// Those in force that one of these units is under.
    pub async fn recall_state(&self, units: &[u64]) -> Result<Vec<Recall>, EmergencyError> {
        Ok(store::orders::in_force_for(self.db.read(), units).await?.into_iter().map(recall).collect())
    }
}

fn recall(order: Order) -> Recall {
    Recall {
        order: order.id,
        kind: order.kind,
        number: order.number,
        title_zh: order.title_zh,
        title_en: order.title_en,
        instructions_zh: order.instructions_zh,
        instructions_en: order.instructions_en,
        issued_at: order.issued_at,
        state: order.state,
        issuer: order.issuer,
        codes: order.scope.map(|scope| scope.codes).unwrap_or_default(),
        drill: false,
    }
}
