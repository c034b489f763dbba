//! An order before its signature: draft, review, refuse, cancel.

use tracemesh_chassis::error::Violation;
use tracemesh_journal::Entry;
use tracemesh_proto::emergency::v1::{DraftOrderRequest, Order, OrderChanged, Step};
use tracemesh_proto::time::timestamp;
use tracemesh_store::DatabaseTransaction;

use super::{About, Cause, Emergency, To, missing, not_allowed};
use crate::domain::order::{Act, Refusal, Standing, standing};
use crate::error::EmergencyError;
use crate::store;
use crate::store::orders::Kept;

const KINDS: [&str; 4] = ["STOP_SALE", "RECALL", "WITHDRAWAL", "RELEASE"];
const AT_INTAKE: [&str; 3] = ["", "refuse", "flag"];

impl Emergency {
    /// A new draft, or a returned one once more.
    pub async fn draft_order(&self, cause: Cause<'_>, asked: DraftOrderRequest) -> Result<Order, EmergencyError> {
        let faults = faults_of(&asked);
        if !faults.is_empty() {
            return Err(EmergencyError::Invalid(faults));
        }
        let tx = self.db.begin().await?;
        let (order, entry) = self.draft(&tx, cause, asked, false).await?;
        self.commit(tx, &[entry]).await?;
        Ok(order)
    }

    /// A draft in somebody's transaction, with the entry that says so. An automatic one is left to a rule.
    pub async fn draft(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        asked: DraftOrderRequest,
        automatic: bool,
    ) -> Result<(Order, Entry), EmergencyError> {
        let known = store::incidents::for_change(tx, &asked.incident).await?;
        let incident = known.ok_or_else(|| EmergencyError::NoIncident(asked.incident.clone()))?.incident;
        if incident.state == "closed" {
            return Err(EmergencyError::IncidentClosed(incident.id));
        }
        if asked.kind == "RELEASE" {
            self.releasable(tx, &asked.releases).await?;
        }
        let mut order = Order {
            incident: incident.id.clone(),
            kind: asked.kind,
            issuer: self.node.id.clone(),
            category: incident.category,
            area: self.node.area.clone(),
            recall_class: asked.recall_class,
            title_zh: asked.title_zh,
            title_en: asked.title_en,
            instructions_zh: asked.instructions_zh,
            instructions_en: asked.instructions_en,
            drill: incident.drill,
            releases: asked.releases,
            at_intake: asked.at_intake,
            automatic,
            ..Order::default()
        };
        if asked.id.is_empty() {
            order.id = format!("{}/{}", self.node.id, store::series::next(tx, "order").await?);
            order = self.stepped(order, &Standing::drafted(cause.actor.name()), "drafted", cause);
            let kept = Kept { order: order.clone(), incident: incident.id };
            store::orders::insert(tx, &kept, self.clock.now_micros()).await?;
        } else {
            let known = self.own_order(tx, &asked.id).await?.order;
            let next = self.try_act(&known, Act::DraftAgain, cause)?;
            (order.id, order.steps) = (known.id, known.steps);
            order = self.stepped(order, &next, "drafted", cause);
            store::orders::update(tx, &order).await?;
        }
        let entry = self.order_entry("order.drafted", To::Nobody, cause, &order);
        Ok((order, entry))
    }

    /// Passes it on to whoever signs, or gives it back.
    pub async fn review_order(&self, cause: Cause<'_>, id: &str, refuse: bool) -> Result<Order, EmergencyError> {
        if refuse && cause.why.is_empty() {
            return Err(EmergencyError::Invalid(vec![Violation::new("why", "error.request.why_missing")]));
        }
        let (act, what) = if refuse { (Act::Refuse, "returned") } else { (Act::Review, "reviewed") };
        self.act(cause, id, act, what).await
    }

    pub async fn cancel_order(&self, cause: Cause<'_>, id: &str) -> Result<Order, EmergencyError> {
        self.act(cause, id, Act::Cancel, "cancelled").await
    }

    async fn act(&self, cause: Cause<'_>, id: &str, act: Act, what: &str) -> Result<Order, EmergencyError> {
        let tx = self.db.begin().await?;
        let order = self.own_order(&tx, id).await?.order;
        let next = match self.try_act(&order, act, cause) {
            Ok(next) => next,
            Err(refused) => return Err(self.deny(tx, cause, order, refused).await?),
        };
        let order = self.stepped(order, &next, what, cause);
        store::orders::update(&tx, &order).await?;
        let entry = self.order_entry(&format!("order.{what}"), To::Nobody, cause, &order);
        self.commit(tx, &[entry]).await?;
        Ok(order)
    }

    /// Whether this person may do this to the order now.
    pub fn try_act(&self, order: &Order, act: Act, cause: Cause<'_>) -> Result<Standing, EmergencyError> {
        let steps = order.steps.iter().map(|step| (step.what.as_str(), step.by.as_str()));
        let state = order.state.parse().map_err(|_| EmergencyError::NoOrder(order.id.clone()))?;
        let name = cause.actor.name();
        standing(state, steps).transition(act, name).map_err(|refusal| match refusal {
            Refusal::State(state) => EmergencyError::OrderState { id: order.id.clone(), state },
            Refusal::SamePerson { did } => EmergencyError::SamePerson { id: order.id.clone(), name: name.into(), did },
        })
    }

    /// Says in the journal that somebody tried what is another person's, and gives the error back.
    pub async fn deny(
        &self,
        tx: DatabaseTransaction,
        cause: Cause<'_>,
        order: Order,
        refused: EmergencyError,
    ) -> Result<EmergencyError, EmergencyError> {
        if matches!(refused, EmergencyError::SamePerson { .. }) {
            let why = refused.to_string();
            let entry = self.order_entry("order.denied", To::Nobody, Cause { why: &why, ..cause }, &order);
            self.commit(tx, &[entry]).await?;
        }
        Ok(refused)
    }

    /// An order that this node has drafted.
    pub async fn own_order(&self, tx: &DatabaseTransaction, id: &str) -> Result<Kept, EmergencyError> {
        let kept = store::orders::for_change(tx, id).await?.ok_or_else(|| EmergencyError::NoOrder(id.into()))?;
        if kept.order.issuer != self.node.id {
            return Err(EmergencyError::Elsewhere { id: id.into(), node: kept.order.issuer });
        }
        Ok(kept)
    }

    /// The order that a release takes back: one of ours, and in force.
    pub async fn releasable(&self, tx: &DatabaseTransaction, id: &str) -> Result<Order, EmergencyError> {
        let order = self.own_order(tx, id).await?.order;
        if order.state != "issued" || order.kind == "RELEASE" {
            let state = order.state.parse().map_err(|_| EmergencyError::NoOrder(id.into()))?;
            return Err(EmergencyError::OrderState { id: id.into(), state });
        }
        Ok(order)
    }

    /// The order one step further.
    pub fn stepped(&self, mut order: Order, next: &Standing, what: &str, cause: Cause<'_>) -> Order {
        order.state = next.state.to_string();
        order.steps.push(self.step(what, cause));
        order
    }

    pub fn step(&self, what: &str, cause: Cause<'_>) -> Step {
        Step {
            what: what.into(),
            by: cause.actor.name().into(),
            at: Some(timestamp(self.clock.now_micros())),
            why: cause.why.into(),
            node: self.node.id.clone(),
        }
    }

    pub fn order_entry(&self, kind: &str, to: To, cause: Cause<'_>, order: &Order) -> Entry {
        let about = About { area: &order.area, category: &order.category };
        let scope = order.scope.as_ref().map(crate::domain::scope::outline);
        let body = OrderChanged { order: Some(Order { scope, ..order.clone() }), closure: None };
        self.entry(kind, to, cause, about, &body)
    }
}

fn faults_of(asked: &DraftOrderRequest) -> Vec<Violation> {
    let mut faults = Vec::new();
    if !KINDS.contains(&asked.kind.as_str()) {
        faults.push(not_allowed("kind", &asked.kind, &KINDS));
    }
    let classes = if asked.kind == "RECALL" { 1..=3 } else { 0..=0 };
    if !classes.contains(&asked.recall_class) {
        let fault = Violation::new("recall_class", "error.request.value_invalid").with("value", asked.recall_class.to_string());
        faults.push(fault.with("expected", "1, 2 or 3 for a recall, 0 for others"));
    }
    if asked.title_zh.trim().is_empty() {
        faults.push(missing("title_zh"));
    }
    if !AT_INTAKE.contains(&asked.at_intake.as_str()) {
        faults.push(not_allowed("at_intake", &asked.at_intake, &AT_INTAKE));
    }
    if (asked.kind == "RELEASE") == asked.releases.is_empty() {
        let fault = Violation::new("releases", "error.request.value_invalid").with("value", &asked.releases);
        faults.push(fault.with("expected", "an order for a release, nothing for others"));
    }
    faults
}
