//! An incident while it is changed: read with its tables and limits, and written with the entries that say so.

use std::str::FromStr;

use tracemesh_codes::{Identified, unit_key};
use tracemesh_journal::Entry;
use tracemesh_proto::emergency::v1 as wire;
use tracemesh_proto::emergency::v1::{Incident, IncidentChanged, IncidentHold};
use tracemesh_proto::time::micros;
use tracemesh_store::DatabaseTransaction;

use super::{About, Cause, Emergency, To};
use crate::domain::clock::Clock;
use crate::domain::grade::{self, Facts};
use crate::domain::rules::InForce;
use crate::error::EmergencyError;
use crate::store;
use crate::store::incidents::Kept;

/// An incident that is being changed.
pub struct Case {
    pub incident: Incident,
    pub rules: InForce,
    pub clocks: Vec<Clock>,
    /// Whether a limit turned out to be missed.
    pub breached: bool,
}

impl Emergency {
    /// An incident of ours that is open, to be changed until the transaction ends.
    pub async fn case(&self, tx: &DatabaseTransaction, id: &str) -> Result<Case, EmergencyError> {
        let Kept { incident, via, rules } =
            store::incidents::for_change(tx, id).await?.ok_or_else(|| EmergencyError::NoIncident(id.into()))?;
        if !via.is_empty() {
            return Err(EmergencyError::Elsewhere { id: id.into(), node: incident.node });
        }
        if incident.state == "closed" {
            return Err(EmergencyError::IncidentClosed(id.into()));
        }
        Ok(Case { clocks: store::clocks::of(tx, id).await?, incident, rules, breached: false })
    }

    /// Writes a case as it is now, and answers the entries that say so: what was done, and that a limit was missed.
    pub async fn keep(
        &self,
        tx: &DatabaseTransaction,
        cause: Cause<'_>,
        kind: &str,
        to: To,
        case: &Case,
    ) -> Result<Vec<Entry>, EmergencyError> {
        store::incidents::update(tx, &case.incident).await?;
        store::clocks::put(tx, &case.incident.id, &case.clocks).await?;
        let body = IncidentChanged { incident: Some(self.shown(tx, case.incident.clone()).await?) };
        let about = About { area: &case.incident.area, category: &case.incident.category };
        let mut entries = vec![self.entry(kind, to, cause, about, &body)];
        if case.breached {
            entries.push(self.entry("incident.breached", To::Parent, cause, about, &body));
        }
        Ok(entries)
    }

    /// That the records of the incident's units are kept, or need not be any more.
    pub fn hold(&self, kind: &str, cause: Cause<'_>, incident: &Incident) -> Entry {
        let read = incident.codes.iter().filter_map(|code| Identified::from_str(code).ok());
        let units = read.map(|found| unit_key(&found.code, &found.batch).get()).collect();
        let about = About { area: &incident.area, category: &incident.category };
        self.entry(kind, To::Nobody, cause, about, &IncidentHold { incident: incident.id.clone(), units })
    }
}

impl Case {
    /// What these clocks ask for is there. Answers whose orders they were of.
    pub fn stop(&mut self, now: i64, which: impl Fn(&Clock) -> bool) -> Vec<String> {
        let mut orders = Vec::new();
        for clock in self.clocks.iter_mut().filter(|clock| clock.runs() && which(clock)) {
            self.breached |= clock.stop(now);
            orders.push(clock.order.clone());
        }
        orders
    }
}

/// The grade that the facts give by the tables of the case.
pub fn propose(incident: Incident, rules: &InForce) -> Incident {
    let facts = facts(incident.facts.as_ref());
    let (proposed_grade, grade_rule) = rules.grading.as_ref().map_or_else(Default::default, |table| {
        (grade::propose(&table.grades, &facts).unwrap_or_default().to_owned(), table.applies.id.clone())
    });
    Incident { proposed_grade, grade_rule, ..incident }
}

fn facts(facts: Option<&wire::Facts>) -> Facts {
    let wire::Facts { hurt, dead, townships, counties, prefectures, crosses_province } = facts.copied().unwrap_or_default();
    Facts { hurt, dead, townships, counties, prefectures, crosses_province }
}

/// When the risk of an incident became known.
pub fn risk_known_at(incident: &Incident) -> i64 {
    micros(incident.risk_known_at.as_ref())
}
