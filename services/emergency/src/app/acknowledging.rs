//! Answers to an order at this node: of the tier itself, and of its establishments, by their provider or by an official on their behalf.

use tracemesh_access::Role;
use tracemesh_chassis::error::Violation;
use tracemesh_journal::Entry;
use tracemesh_model::Amount;
use tracemesh_proto::emergency::v1::{AcknowledgeRequest, Board, EstablishmentRow, ReportRecoveryRequest};
use tracemesh_proto::time::timestamp;
use tracemesh_store::DatabaseTransaction;

use super::{About, Cause, Emergency, To, missing, not_allowed};
use crate::domain::board::{ACKNOWLEDGED, Rows};
use crate::domain::order::OrderState;
use crate::error::EmergencyError;
use crate::store;
use crate::store::orders::Kept;

const HOW: [&str; 2] = ["phone", "visit"];

impl Emergency {
    /// Repeating is harmless: the first answer counts.
    pub async fn acknowledge(&self, cause: Cause<'_>, asked: AcknowledgeRequest) -> Result<Board, EmergencyError> {
        let tx = self.db.begin().await?;
        let kept = self.in_force(&tx, &asked.order).await?;
        if asked.establishment.is_empty() {
            let changed = self.acknowledge_tier(&tx, cause, &kept).await?;
            return self.end_answer(tx, cause, kept, changed, vec![]).await;
        }
        let (changed, by_itself) = self.acknowledge_establishment(&tx, cause, &asked).await?;
        let about = About { area: &kept.order.area, category: &kept.order.category };
        let is_told = !by_itself && changed != Rows::default();
        let told = is_told.then(|| self.entry("order.answered", To::Nobody, cause, about, &asked)).into_iter().collect();
        self.end_answer(tx, cause, kept, changed, told).await
    }

    async fn acknowledge_tier(&self, tx: &DatabaseTransaction, cause: Cause<'_>, kept: &Kept) -> Result<Rows, EmergencyError> {
        let nobody = || EmergencyError::NoEstablishment { order: kept.order.id.clone(), establishment: self.node.id.clone() };
        let row = store::rows::tier(tx, &kept.order.id, &self.node.id).await?.ok_or_else(nobody)?;
        if !cause.actor.has(Role::Acknowledger) {
            let name = cause.actor.name().into();
            return Err(EmergencyError::NotTheirs { name, establishment: self.node.id.clone() });
        }
        if row.state == ACKNOWLEDGED {
            return Ok(Rows::default());
        }
        let row = self.own_tier(ACKNOWLEDGED, cause.actor.name(), "");
        store::rows::put_tier(tx, &kept.order.id, "", &row).await?;
        Ok(Rows { tiers: vec![row], ..Rows::default() })
    }

    /// The rows that changed, and whether it answered itself.
    async fn acknowledge_establishment(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        asked: &AcknowledgeRequest,
    ) -> Result<(Rows, bool), EmergencyError> {
        let by_itself = self.answers_itself(tx, cause, &asked.establishment).await?;
        let faults = if by_itself { vec![] } else { on_behalf_faults(asked) };
        if !faults.is_empty() {
            return Err(EmergencyError::Invalid(faults));
        }
        let mut rows = self.rows_of(tx, &asked.order, &asked.establishment).await?;
        rows.retain(|row| row.state != ACKNOWLEDGED);
        for row in &mut rows {
            row.state = ACKNOWLEDGED.into();
            row.at = Some(timestamp(self.clock.now_micros()));
            row.by = cause.actor.name().into();
            if !by_itself {
                (row.on_behalf, row.contact) = (asked.how.clone(), asked.who.clone());
            }
            store::rows::put_establishment(tx, &asked.order, "", row).await?;
        }
        Ok((Rows { establishments: rows, ..Rows::default() }, by_itself))
    }

    /// Totals: a later report replaces an earlier one.
    pub async fn report_recovery(&self, cause: Cause<'_>, asked: ReportRecoveryRequest) -> Result<Board, EmergencyError> {
        let faults = recovery_faults(&asked);
        if !faults.is_empty() {
            return Err(EmergencyError::Invalid(faults));
        }
        let tx = self.db.begin().await?;
        let kept = self.in_force(&tx, &asked.order).await?;
        self.answers_itself(&tx, cause, &asked.establishment).await?;
        let rows = self.rows_of(&tx, &asked.order, &asked.establishment).await?;
        let measures: Vec<String> = rows.iter().map(|row| row.unit_of_measure.clone()).collect();
        let Some(mut row) = rows.into_iter().find(|row| row.unit_of_measure == asked.unit_of_measure) else {
            let measures: Vec<&str> = measures.iter().map(String::as_str).collect();
            return Err(EmergencyError::Invalid(vec![not_allowed("unit_of_measure", &asked.unit_of_measure, &measures)]));
        };
        (row.recovered, row.destroyed) = (asked.recovered, asked.destroyed);
        store::rows::put_establishment(&tx, &kept.order.id, "", &row).await?;
        self.end_answer(tx, cause, kept, Rows { establishments: vec![row], ..Rows::default() }, vec![]).await
    }

    async fn end_answer(
        &self,
        tx: DatabaseTransaction,
        cause: Cause<'_>,
        kept: Kept,
        changed: Rows,
        mut entries: Vec<Entry>,
    ) -> Result<Board, EmergencyError> {
        if changed != Rows::default() {
            entries.push(self.progress(cause, &kept.order, changed));
            entries.extend(self.note_answers(&tx, cause, &kept.order.id, &kept.incident).await?);
        }
        let board = self.board(&tx, kept).await?;
        self.commit(tx, &entries).await?;
        Ok(board)
    }

    /// An order that can be answered.
    async fn in_force(&self, tx: &DatabaseTransaction, id: &str) -> Result<Kept, EmergencyError> {
        let kept = store::orders::for_change(tx, id).await?.ok_or_else(|| EmergencyError::NoOrder(id.into()))?;
        match kept.order.state.parse() {
            Ok(OrderState::Issued) => Ok(kept),
            Ok(state) => Err(EmergencyError::OrderState { id: id.into(), state }),
            Err(_) => Err(EmergencyError::NoOrder(id.into())),
        }
    }

    async fn rows_of(&self, tx: &DatabaseTransaction, order: &str, establishment: &str) -> Result<Vec<EstablishmentRow>, EmergencyError> {
        let rows = store::rows::of_establishment(tx, order, &self.node.id, establishment).await?;
        let nobody = || EmergencyError::NoEstablishment { order: order.into(), establishment: establishment.into() };
        if rows.is_empty() { Err(nobody()) } else { Ok(rows) }
    }

    /// Whether the caller is the establishment's own provider; an official answers on its behalf, and nobody else does.
    async fn answers_itself(&self, tx: &DatabaseTransaction, cause: Cause<'_>, establishment: &str) -> Result<bool, EmergencyError> {
        if cause.actor.has(Role::Acknowledger) {
            return Ok(false);
        }
        let provider = cause.actor.provider_id().unwrap_or_default();
        if store::submits::is_so(tx, establishment, provider).await? {
            return Ok(true);
        }
        Err(EmergencyError::NotTheirs { name: cause.actor.name().into(), establishment: establishment.into() })
    }
}

fn on_behalf_faults(asked: &AcknowledgeRequest) -> Vec<Violation> {
    let mut faults = Vec::new();
    if !HOW.contains(&asked.how.as_str()) {
        faults.push(not_allowed("how", &asked.how, &HOW));
    }
    if asked.who.trim().is_empty() {
        faults.push(missing("who"));
    }
    faults
}

fn recovery_faults(asked: &ReportRecoveryRequest) -> Vec<Violation> {
    let mut faults = Vec::new();
    for (field, text) in [("recovered", &asked.recovered), ("destroyed", &asked.destroyed)] {
        if Amount::parse(if text.is_empty() { "0" } else { text }).is_err() {
            faults.push(amount_fault(field, text, "a plain decimal of at most 15 + 6 digits"));
        }
    }
    let [recovered, destroyed] = [&asked.recovered, &asked.destroyed].map(|text| Amount::parse(text).unwrap_or_default());
    if faults.is_empty() && destroyed > recovered {
        faults.push(amount_fault("destroyed", &asked.destroyed, "no more than was recovered"));
    }
    if asked.establishment.is_empty() {
        faults.push(missing("establishment"));
    }
    faults
}

fn amount_fault(field: &str, value: &str, expected: &str) -> Violation {
    Violation::new(field, "error.request.value_invalid").with("value", value).with("expected", expected)
}
