//! What people are shown: incidents and boards, within their areas and categories.

use tracemesh_access::Principal;
use tracemesh_model::AreaTree;
use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::emergency::v1::{Board, ClosureReport, Incident, Order};
use tracemesh_proto::time::timestamp;
use tracemesh_store::{ConnectionTrait, DbErr};

use super::Emergency;
use crate::domain::clock::{ACKNOWLEDGE, Clock};
use crate::error::EmergencyError;
use crate::store;
use crate::store::orders::{Filter, Kept};

/// Where a page begins: after what began then and is called so.
#[derive(Clone, Debug)]
pub struct Before {
    pub at: i64,
    pub id: String,
}

impl Default for Before {
    fn default() -> Self {
        Self { at: i64::MAX, id: String::new() }
    }
}

impl Emergency {
    /// Another's incident is NOT_FOUND for whoever may not see it.
    pub async fn incident(&self, reader: &Principal, id: &str) -> Result<Incident, EmergencyError> {
        let tree = store::areas::tree(self.db.read()).await?;
        let kept = store::incidents::by_id(self.db.read(), id).await?;
        let seen = kept.filter(|kept| sees(reader, &kept.incident.area, &kept.incident.category, &tree));
        let kept = seen.ok_or_else(|| EmergencyError::NoIncident(id.into()))?;
        Ok(self.shown(self.db.read(), kept.incident).await?)
    }

    /// Newest first. A page may be shorter than asked for where the reader does not see all; it ends where `limit` rows were looked at.
    pub async fn incidents(
        &self,
        reader: &Principal,
        state: &str,
        before: &Before,
        limit: u32,
    ) -> Result<(Vec<Incident>, Option<Before>), EmergencyError> {
        let tree = store::areas::tree(self.db.read()).await?;
        let page = store::incidents::page(self.db.read(), state, (before.at, &before.id), limit).await?;
        let next = page
            .last()
            .filter(|_| page.len() as u32 == limit)
            .map(|last| Before { at: tracemesh_proto::time::micros(last.opened_at.as_ref()), id: last.id.clone() });
        let mut seen = Vec::new();
        for incident in page.into_iter().filter(|incident| sees(reader, &incident.area, &incident.category, &tree)) {
            seen.push(self.shown(self.db.read(), incident).await?);
        }
        Ok((seen, next))
    }

    /// The order with its board, and how it ended.
    pub async fn order(&self, reader: &Principal, id: &str) -> Result<(Board, Option<ClosureReport>), EmergencyError> {
        let tree = store::areas::tree(self.db.read()).await?;
        let kept = store::orders::by_id(self.db.read(), id).await?;
        let seen = kept.filter(|kept| sees(reader, &kept.order.area, &kept.order.category, &tree));
        let kept = seen.ok_or_else(|| EmergencyError::NoOrder(id.into()))?;
        let mut board = self.board(self.db.read(), kept).await?;
        if let Some(order) = board.order.as_mut().filter(|order| order.scope.is_some()) {
            order.scope = Some(store::orders::scope(self.db.read(), id).await?);
        }
        Ok((board, store::orders::closure(self.db.read(), id).await?))
    }

    /// Newest first; as [`Emergency::incidents`]. A provider is shown those that its establishments are on.
    pub async fn orders(
        &self,
        reader: &Principal,
        state: &str,
        incident: &str,
        before: &Before,
        limit: u32,
    ) -> Result<(Vec<Order>, Option<Before>), EmergencyError> {
        let tree = store::areas::tree(self.db.read()).await?;
        let provider = reader.provider_id();
        let filter = Filter { state, incident, provider: provider.unwrap_or_default(), public_only: false };
        let page = store::orders::page(self.db.read(), filter, (before.at, &before.id), limit).await?;
        let next = next_page(&page, limit);
        let seen = page.into_iter().map(|(_, order)| order);
        let seen = seen.filter(|order| provider.is_some() || sees(reader, &order.area, &order.category, &tree));
        Ok((seen.collect(), next))
    }

    /// The board of an order as it is now; of its scope the outline.
    pub async fn board(&self, db: &impl ConnectionTrait, kept: Kept) -> Result<Board, EmergencyError> {
        let id = kept.order.id.clone();
        let clocks = clocks_of(&store::clocks::of(db, &kept.incident).await?, &id);
        let mut rows = store::rows::of(db, &id).await?;
        let due = clocks.iter().find(|clock| clock.kind == ACKNOWLEDGE).map(|clock| clock.due_at);
        if let Some(due_at) = due {
            rows.mark_late(due_at, self.clock.now_micros());
        }
        let clocks = clocks.iter().map(wire_clock).collect();
        Ok(Board {
            waiting_for: rows.waiting_for(),
            recovered: rows.recovered(),
            order: Some(Order { clocks, ..kept.order }),
            tiers: rows.tiers,
            establishments: rows.establishments,
        })
    }

    /// An incident with its clocks and the ids of its orders. One of a node below brought its own clocks along.
    pub async fn shown(&self, db: &impl ConnectionTrait, mut incident: Incident) -> Result<Incident, DbErr> {
        let ours = store::clocks::of(db, &incident.id).await?;
        if incident.node == self.node.id {
            incident.clocks.clear();
            incident.orders.clear();
        }
        incident.clocks.extend(ours.iter().map(wire_clock));
        incident.orders.extend(store::orders::of_incident(db, &incident.id).await?.into_iter().map(|order| order.id));
        Ok(incident)
    }
}

/// Where the page after this one begins; nowhere after a short one.
pub fn next_page(page: &[(i64, Order)], limit: u32) -> Option<Before> {
    page.last().filter(|_| page.len() as u32 == limit).map(|(at, last)| Before { at: *at, id: last.id.clone() })
}

/// The clocks of one order.
pub fn clocks_of(clocks: &[Clock], order: &str) -> Vec<Clock> {
    clocks.iter().filter(|clock| clock.order == order).cloned().collect()
}

pub fn wire_clock(clock: &Clock) -> wire::Clock {
    let c = clock.clone();
    wire::Clock {
        kind: c.kind,
        started_at: Some(timestamp(c.started_at)),
        due_at: Some(timestamp(c.due_at)),
        stopped_at: c.stopped_at.map(timestamp),
        breached: c.breached,
        rule: c.rule,
        presumed: c.presumed,
        order: c.order,
    }
}

/// Whether an area and a category are the reader's.
pub fn sees(reader: &Principal, area: &str, category: &str, tree: &AreaTree) -> bool {
    reader.areas().covers_area(area, |area, root| tree.lies_in(area, root)) && reader.categories().names(category)
}
