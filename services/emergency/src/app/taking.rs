//! An order that came over a link from the node above.
//!
//! It is read, held against everything that this node can check without anybody, and takes effect once, in the order in which the link brought it, which
//! is the order of issue. Then it goes on to the nodes below, its bytes untouched, and the node above is told that it is here. What does not hold is said
//! in the journal and upward, and changes nothing. A key is believed at first sight, as everywhere where histories are followed: it came over the link of
//! a parent that was proven, and no other one counts from then on.

use prost::Message;
use sha2::{Digest, Sha256};
use tracemesh_journal::Entry;
use tracemesh_model::AreaTree;
use tracemesh_proto::emergency::v1::{Facts, Order, OrderIssued, OrderRefused, TierRow};
use tracemesh_proto::time::{micros, timestamp};
use tracemesh_store::{DatabaseTransaction, DbErr};

use super::signing::is_signed;
use super::{About, Cause, Emergency, Opening, To};
use crate::domain::clock::Clock;
use crate::domain::scope;
use crate::error::EmergencyError;
use crate::store;
use crate::store::orders::Kept;

/// More tiers than there are.
const THROUGH_MOST: usize = 8;

/// Why an order does not take effect, in the words of the contract.
type Why = &'static str;

/// An order and how it came.
struct Arrived {
    order: Order,
    issued: OrderIssued,
}

impl Emergency {
    /// What follows from an order that `from`, the node above, has handed on.
    pub async fn take_order(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        from: &str,
        body: &[u8],
    ) -> Result<Vec<Entry>, EmergencyError> {
        let tree = store::areas::tree(tx).await?;
        let Some(arrived) = read(body) else { return Ok(vec![self.refused(cause, from, body, &Order::default(), "unreadable")]) };
        let refused = |why| Ok(vec![self.refused(cause, from, &arrived.issued.order, &arrived.order, why)]);
        if let Some(why) = self.fault_of(&arrived, from, &tree) {
            return refused(why);
        }
        if let Some(why) = self.fault_in_store(tx, &arrived).await? {
            return refused(why);
        }
        self.begin(tx, cause, from, arrived, &tree).await
    }

    /// What the order itself shows.
    fn fault_of(&self, Arrived { order, issued }: &Arrived, from: &str, tree: &AreaTree) -> Option<Why> {
        let through = &issued.through;
        let came_this_way = through.first() == Some(&order.issuer)
            && through.last().is_some_and(|last| last == from)
            && through.len() <= THROUGH_MOST
            && !through.contains(&self.node.id)
            && (1..through.len()).all(|i| !through[..i].contains(&through[i]));
        let categories = &self.node.categories;
        let is_ours = categories.iter().any(|category| category == "*" || *category == order.category);
        let checks = [
            (!is_signed(issued), "signature"),
            (!came_this_way, "through"),
            (!tree.lies_in(&self.node.area, &order.area), "area"),
            (!is_ours, "category"),
        ];
        checks.into_iter().find(|(fails, _)| *fails).map(|(_, why)| why)
    }

    /// What only this node's memory shows.
    async fn fault_in_store(&self, tx: &DatabaseTransaction, Arrived { order, issued }: &Arrived) -> Result<Option<Why>, DbErr> {
        if store::issuers::key(tx, &order.issuer, &issued.public_key).await? != issued.public_key {
            return Ok(Some("key"));
        }
        if store::orders::by_id(tx, &order.id).await?.is_some() {
            let known = store::orders::issued(tx, &order.id).await?.order;
            return Ok(Some(if known == issued.order { "repeated" } else { "changed" }));
        }
        if store::orders::is_number_taken(tx, &order.issuer, &order.number).await? {
            return Ok(Some("number"));
        }
        if order.kind == "RELEASE" {
            let released = store::orders::by_id(tx, &order.releases).await?;
            let is_theirs = released.is_some_and(|kept| kept.order.issuer == order.issuer);
            return Ok((!is_theirs).then_some("released"));
        }
        Ok(None)
    }

    async fn begin(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        from: &str,
        Arrived { mut order, mut issued }: Arrived,
        tree: &AreaTree,
    ) -> Result<Vec<Entry>, EmergencyError> {
        let now = self.clock.now_micros();
        let opening = Opening {
            title: order.title_zh.clone(),
            category: order.category.clone(),
            area: self.node.area.clone(),
            codes: order.scope.as_ref().map(|scope| scope.codes.clone()).unwrap_or_default(),
            risk_known_at: micros(order.issued_at.as_ref()),
            facts: Facts::default(),
            drill: order.drill,
            by_kind: "parent",
            source: order.incident.clone(),
        };
        let (incident, mut entries) = self.open(tx, cause, opening, tree).await?;
        // Its limits are those that it was signed with, whatever the tables here say.
        let clocks = order.clocks.iter().map(|clock| clock_of(clock, &order.id)).collect();
        order.steps.push(self.step("received", cause));
        store::orders::insert(tx, &Kept { order: order.clone(), incident: incident.id.clone() }, now).await?;
        store::orders::issue(tx, &order, &issued).await?;
        issued.through.push(self.node.id.clone());
        entries.push(self.sent_down(cause, &order, &issued));
        for node in store::children::all(tx).await? {
            let row = TierRow { node, state: "sent".into(), at: Some(timestamp(now)), ..TierRow::default() };
            store::rows::put_tier(tx, &order.id, "", &row).await?;
        }
        entries.extend(self.take_effect(tx, cause, &order, &incident.id, clocks).await?);
        let tier = self.own_tier("received", from, "");
        store::rows::put_tier(tx, &order.id, "", &tier).await?;
        let rows = store::rows::of(tx, &order.id).await?;
        entries.push(self.progress(cause, &order, rows));
        Ok(entries)
    }

    /// This tier's own row.
    pub fn own_tier(&self, state: &str, by: &str, detail: &str) -> TierRow {
        TierRow {
            node: self.node.id.clone(),
            area: self.node.area.clone(),
            state: state.into(),
            at: Some(timestamp(self.clock.now_micros())),
            by: by.into(),
            detail: detail.into(),
            late: false,
        }
    }

    fn refused(&self, cause: Cause<'_>, from: &str, bytes: &[u8], order: &Order, why: Why) -> Entry {
        let body = OrderRefused {
            order: order.id.clone(),
            node: self.node.id.clone(),
            from: from.into(),
            reason: why.into(),
            sha256: hex::encode(Sha256::digest(bytes)),
        };
        // That an order came twice says nothing against it, nor against this node.
        let to = if why == "repeated" { To::Nobody } else { To::Parent };
        self.entry("order.refused", to, Cause { why, ..cause }, About { area: &self.node.area, category: &order.category }, &body)
    }
}

/// An order whose parts belong together; nothing else is one.
fn read(body: &[u8]) -> Option<Arrived> {
    let issued = OrderIssued::decode(body).ok()?;
    let order = Order::decode(issued.order.as_ref()).ok()?;
    let frozen = order.scope.as_ref()?;
    let is_whole = order.state == "issued"
        && order.id.strip_prefix(&order.issuer).is_some_and(|rest| rest.starts_with('/'))
        && !order.number.is_empty()
        && scope::hash(frozen) == frozen.hash;
    is_whole.then_some(Arrived { order, issued })
}

fn clock_of(clock: &tracemesh_proto::emergency::v1::Clock, order: &str) -> Clock {
    Clock {
        kind: clock.kind.clone(),
        order: order.into(),
        started_at: micros(clock.started_at.as_ref()),
        due_at: micros(clock.due_at.as_ref()),
        stopped_at: clock.stopped_at.as_ref().map(|at| micros(Some(at))),
        breached: clock.breached,
        rule: clock.rule.clone(),
        presumed: clock.presumed,
    }
}
