//! The code of a single item that came into being twice, or was sold to the one who uses it twice without having come back in between.

use tracemesh_model::{Class, Granularity, Role, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Suspicion, WARN};
use crate::domain::chain::shown;
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 3, kind: "code_reuse", dimension: Dimension::Consistency, severity: WARN, observe, judge };

/// Causes of one code.
const MADE_TWICE: i64 = 0;
const SOLD_TWICE: i64 = 1;

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    for unit in record.units.iter().filter(|unit| unit.granularity == Granularity::Item) {
        let side = match (record.class, unit.role) {
            (Class::Return, _) => Side::Returned,
            (_, Role::Output) => Side::Made,
            (Class::Retail | Class::Use, Role::Observed | Role::Input) => Side::Sold,
            _ => continue,
        };
        notes.add(&[&unit.key.to_string()], side, None, &shown(unit));
    }
}

/// Whoever came last is asked: the first use of a code is what codes are for.
fn judge(group: &[Observation], _: &Parameters) -> Vec<Suspicion> {
    let of_side = |side| group.iter().filter(move |of| of.seen.side == side).collect::<Vec<_>>();
    let (made, sold, returned) = (of_side(Side::Made), of_side(Side::Sold), of_side(Side::Returned));
    let made_twice = (made.len() > 1).then_some((MADE_TWICE, made));
    let sold_twice = (sold.len() > 1 + returned.len()).then_some((SOLD_TWICE, sold));
    made_twice.into_iter().chain(sold_twice).filter_map(|(cause, records)| suspicion(cause, &records)).collect()
}

fn suspicion(cause: i64, records: &[&Observation]) -> Option<Suspicion> {
    let against = format!("×{}", records.len());
    let proofs = records.iter().map(|of| of.proof("units.code", &of.seen.what, &against)).collect();
    Some(Suspicion { cause, whom: records.last()?.cell, proofs })
}
