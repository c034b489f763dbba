//! The end of an order: by whoever signs, by a release, or because the node that issued it has ended it. The end goes down as the order did.

use prost::Message;
use tracemesh_journal::Entry;
use tracemesh_proto::emergency::v1::{ClosureReport, Order, OrderChanged};
use tracemesh_store::DatabaseTransaction;

use super::reading::{clocks_of, wire_clock};
use super::{About, Cause, Emergency, To};
use crate::domain::closure::{Ending, report};
use crate::domain::order::Act;
use crate::domain::scope::outline;
use crate::error::EmergencyError;
use crate::store;
use crate::store::orders::Kept;

impl Emergency {
    pub async fn close_order(&self, cause: Cause<'_>, id: &str) -> Result<ClosureReport, EmergencyError> {
        let tx = self.db.begin().await?;
        let kept = self.own_order(&tx, id).await?;
        self.try_act(&kept.order, Act::Close, cause)?;
        let waiting = store::rows::of(&tx, id).await?.waiting_for();
        if !waiting.is_empty() && cause.why.is_empty() {
            return Err(EmergencyError::Waiting { order: id.into(), waiting });
        }
        let (closure, entries) = self.end_order(&tx, cause, kept).await?;
        self.commit(tx, &entries).await?;
        Ok(closure)
    }

    /// A release ends what it takes back, where that has not ended yet.
    pub async fn end_released(&self, tx: &DatabaseTransaction, cause: Cause<'_>, release: &Order) -> Result<Vec<Entry>, EmergencyError> {
        let Some(kept) = store::orders::for_change(tx, &release.releases).await? else { return Ok(vec![]) };
        if kept.order.state != "issued" {
            return Ok(vec![]);
        }
        let why = format!("released by {}", release.id);
        let (_, entries) = self.end_order(tx, Cause { why: &why, ..cause }, kept).await?;
        Ok(entries)
    }

    /// The node above says that an order has ended. Of one that is not here, or did not come from there, nothing follows.
    pub async fn take_closing(&self, tx: &DatabaseTransaction, cause: Cause<'_>, body: &[u8]) -> Result<Vec<Entry>, EmergencyError> {
        let Some(order) = OrderChanged::decode(body).ok().and_then(|changed| changed.order) else { return Ok(vec![]) };
        let Some(kept) = store::orders::for_change(tx, &order.id).await? else { return Ok(vec![]) };
        if kept.order.issuer == self.node.id || kept.order.state != "issued" {
            return Ok(vec![]);
        }
        let why = order.steps.last().map(|step| step.why.clone()).unwrap_or_default();
        let (_, entries) = self.end_order(tx, Cause { why: &why, ..cause }, kept).await?;
        Ok(entries)
    }

    async fn end_order(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        kept: Kept,
    ) -> Result<(ClosureReport, Vec<Entry>), EmergencyError> {
        let next = self.try_act(&kept.order, Act::Close, cause)?;
        let order = self.stepped(kept.order, &next, "closed", cause);
        let mut entries = self.stop_clocks(tx, cause, &kept.incident, |clock| clock.order == order.id).await?;
        let clocks = clocks_of(&store::clocks::of(tx, &kept.incident).await?, &order.id);
        let rows = store::rows::of(tx, &order.id).await?;
        let ending = Ending { at: self.clock.now_micros(), by: cause.actor.name(), why: cause.why };
        let closure = report(&order, &rows, clocks.iter().map(wire_clock).collect(), ending);
        store::orders::close(tx, &order, &closure).await?;
        let about = About { area: &order.area, category: &order.category };
        let body = OrderChanged {
            order: Some(Order { scope: order.scope.as_ref().map(outline), ..order.clone() }),
            closure: Some(closure.clone()),
        };
        entries.push(self.entry("order.closed", To::Children, cause, about, &body));
        Ok((closure, entries))
    }
}
