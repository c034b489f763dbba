//! Goods that became something that they cannot become: pork from beef, garlic from carrots. The record that made a unit says what it is, the one
//! that used it says what came of it; kinds are read from the product's name, and what the table of kinds does not know is not judged.

use std::collections::BTreeMap;

use tracemesh_model::{Granularity, Role, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Proof, Suspicion, WARN};
use crate::domain::observation::{Observation, Side};
use crate::domain::species::{can_become, kinds_of};

pub const DETECTOR: Detector =
    Detector { number: 5, kind: "species_mismatch", dimension: Dimension::Consistency, severity: WARN, observe, judge };

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    let name = &record.product.name;
    if kinds_of(name).is_empty() {
        return;
    }
    for unit in record.units.iter().filter(|unit| unit.granularity != Granularity::Class) {
        let side = match unit.role {
            Role::Output => Side::Made,
            Role::Input => Side::Used,
            _ => continue,
        };
        notes.add(&[&unit.key.to_string()], side, None, name);
    }
}

/// One cause for each subject that used it.
fn judge(group: &[Observation], _: &Parameters) -> Vec<Suspicion> {
    let made: Vec<&Observation> = group.iter().filter(|of| of.seen.side == Side::Made).collect();
    let mut of_subject: BTreeMap<i64, Vec<Proof>> = BTreeMap::new();
    for of in group.iter().filter(|of| of.seen.side == Side::Used) {
        if let Some(other) = made.iter().find(|made| !can_become(&made.seen.what, &of.seen.what)) {
            of_subject.entry(of.subject).or_default().push(of.proof("product.name", &of.seen.what, &other.seen.what));
        }
    }
    of_subject.into_iter().map(|(cause, proofs)| Suspicion { cause, whom: proofs[0].cell, proofs }).collect()
}
