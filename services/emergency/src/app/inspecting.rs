//! A failed inspection: sale of what was inspected is to stop at everybody who holds it. That is proposed at once, as an incident and a drafted order,
//! which people review and sign like any other. Where the jurisdiction's rule says so, and an authorised laboratory answers for the record itself, the
//! order is issued without them, as soon as ingestion has said whom it reaches, and says that it was.

use std::collections::BTreeSet;

use tracemesh_access::Principal;
use tracemesh_calendar::china_day;
use tracemesh_codes::{Identified, Scheme};
use tracemesh_journal::Entry;
use tracemesh_model::{AreaTree, Class, EvidenceResult, Granularity, TraceRecord, Unit};
use tracemesh_proto::emergency::v1::{DraftOrderRequest, Order};
use tracemesh_proto::registry::v1::Laboratory;
use tracemesh_store::DatabaseTransaction;

use super::opening::CODES_MOST;
use super::{Cause, Emergency, Opening, To};
use crate::domain::order::Act;
use crate::domain::rules::Matter;
use crate::error::EmergencyError;
use crate::store;

impl Emergency {
    /// What follows from a record; nothing unless it reports a failure. `receipt` is the record's, which opens an incident once.
    pub async fn note_record(&self, tx: &DatabaseTransaction, receipt: &str, record: &TraceRecord) -> Result<Vec<Entry>, EmergencyError> {
        let has_failed = record.evidence.iter().any(|evidence| evidence.result == Some(EvidenceResult::Fail));
        let codes = codes_of(record);
        if !has_failed || codes.is_empty() || store::incidents::by_source(tx, receipt).await?.is_some() {
            return Ok(vec![]);
        }
        let itself = Principal::service("emergency");
        let cause = Cause::by(&itself);
        let tree = store::areas::tree(tx).await?;
        let opening = Opening {
            title: format!("检验不合格：{}", named(record)),
            category: record.category.as_str().into(),
            area: record.area.clone(),
            codes,
            by_kind: "inspection",
            source: receipt.into(),
            ..Opening::default()
        };
        let (incident, mut entries) = self.open(tx, cause, opening, &tree).await?;
        let asked = DraftOrderRequest {
            incident: incident.id,
            kind: "STOP_SALE".into(),
            title_zh: format!("停止销售：{}", named(record)),
            title_en: format!("Stop sale: {}", named(record)),
            ..DraftOrderRequest::default()
        };
        let automatic = self.stops_by_itself(tx, record, &tree).await?;
        let (_, drafted) = self.draft(tx, cause, asked, automatic).await?;
        entries.push(drafted);
        Ok(entries)
    }

    /// Whether the rule of the place leaves it to an authorised laboratory, and one answers for this record.
    async fn stops_by_itself(&self, tx: &DatabaseTransaction, record: &TraceRecord, tree: &AreaTree) -> Result<bool, EmergencyError> {
        let day = china_day(self.clock.now_micros());
        let matter = Matter { category: record.category.as_str(), area: &record.area, day };
        let rule = self.rules.in_force(matter, tree).inspection;
        let code = record.responsible().filter(|code| code.scheme == Scheme::Uscc && record.class == Class::Inspect);
        let (true, Some(code)) = (rule.is_some_and(|rule| rule.automatic), code) else { return Ok(false) };
        let known = store::laboratories::by_code(tx, &code.value).await?;
        Ok(known.is_some_and(|laboratory| is_authorised(&laboratory, matter, tree)))
    }

    /// Issues what is left to a rule, one after the other, whenever there is something.
    pub async fn keep_issuing(&self) -> Result<(), EmergencyError> {
        let mut changes = self.changes.subscribe();
        loop {
            changes.mark_unchanged();
            for order in store::orders::drafts(self.db.read()).await?.into_iter().filter(|order| order.automatic) {
                self.issue_by_rule(order).await?;
            }
            // The sender lives as long as this service does.
            let _ = changes.changed().await;
        }
    }

    /// An order that would reach nobody is left to people.
    async fn issue_by_rule(&self, order: Order) -> Result<(), EmergencyError> {
        let itself = Principal::service("emergency");
        let cause = Cause { actor: &itself, why: "an authorised laboratory reports a failure, and the rule in force leaves it to that" };
        let incident = store::incidents::by_id(self.db.read(), &order.incident).await?;
        let codes = incident.map(|kept| kept.incident.codes).unwrap_or_default();
        let scope = match self.fetch_scope(&codes).await {
            Ok(scope) => Some(scope),
            Err(EmergencyError::NothingKnown) => None,
            Err(away) => return Err(away),
        };
        let tx = self.db.begin().await?;
        let kept = self.own_order(&tx, &order.id).await?;
        // Somebody may have been faster.
        let Ok(next) = self.try_act(&kept.order, Act::IssueByRule, cause) else { return Ok(()) };
        let Some(scope) = scope else {
            let order = Order { automatic: false, ..kept.order };
            store::orders::update(&tx, &order).await?;
            let entry = self.order_entry("order.drafted", To::Nobody, cause, &order);
            return self.commit(tx, &[entry]).await;
        };
        let mut order = self.stepped(kept.order, &next, "issued", cause);
        order.number = self.number(&tx, "").await?;
        let (_, entries) = self.issue(&tx, cause, order, &kept.incident, scope).await?;
        self.commit(tx, &entries).await
    }
}

/// What was inspected: items and batches, each once.
fn codes_of(record: &TraceRecord) -> Vec<String> {
    let units = record.units.iter().filter(|unit| unit.granularity != Granularity::Class);
    let spelled = |unit: &Unit| {
        let (code, batch) = (unit.code.clone(), unit.batch.clone());
        Identified { code, batch, granularity: Some(unit.granularity), confidence: 100, doubts: vec![] }.to_string()
    };
    let codes: BTreeSet<String> = units.map(spelled).collect();
    codes.into_iter().take(CODES_MOST).collect()
}

fn named(record: &TraceRecord) -> &str {
    let product = record.product.name.trim();
    if product.is_empty() { &record.record_id } else { product }
}

fn is_authorised(laboratory: &Laboratory, Matter { category, area, day }: Matter<'_>, tree: &AreaTree) -> bool {
    let Laboratory { areas, categories, valid_from, valid_to, .. } = laboratory;
    // Days that are spelled like this stand in the order of time.
    let day = day.to_string();
    let is_time = *valid_from <= day && (valid_to.is_empty() || day <= *valid_to);
    let is_place = areas.iter().any(|root| root == "*" || tree.lies_in(area, root));
    is_time && is_place && categories.iter().any(|named| named == "*" || named == category)
}
