//! Goods that left somebody's hands before they came into being. Held against the first record that made them; goods that nobody here made are a
//! broken hop and not this.

use std::collections::BTreeMap;

use tracemesh_model::{Granularity, Role, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Proof, Suspicion, WARN};
use crate::domain::chain::is_outgoing;
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 4, kind: "sale_before_entry", dimension: Dimension::Consistency, severity: WARN, observe, judge };

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    for unit in record.units.iter().filter(|unit| unit.granularity != Granularity::Class) {
        let side = match unit.role {
            Role::Output => Side::Made,
            Role::Input | Role::Observed if is_outgoing(record.class) => Side::Sold,
            _ => continue,
        };
        notes.add(&[&unit.key.to_string()], side, None, record.event_time.spelled());
    }
}

/// One cause for each subject that sold.
fn judge(group: &[Observation], parameters: &Parameters) -> Vec<Suspicion> {
    let Some(made) = group.iter().find(|of| of.seen.side == Side::Made) else { return Vec::new() };
    let earliest = made.at.saturating_sub(i64::from(parameters.clock_tolerance_s) * 1_000_000);
    let mut of_subject: BTreeMap<i64, Vec<Proof>> = BTreeMap::new();
    for of in group.iter().filter(|of| of.seen.side == Side::Sold && of.at < earliest) {
        of_subject.entry(of.subject).or_default().push(of.proof("event_time", &of.seen.what, &made.seen.what));
    }
    of_subject.into_iter().map(|(cause, proofs)| Suspicion { cause, whom: proofs[0].cell, proofs }).collect()
}
