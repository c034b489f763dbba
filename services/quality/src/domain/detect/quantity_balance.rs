//! More of a batch went out than came in. What was made of a unit and what was used of it are added up by measure, all masses in kilograms;
//! measures that cannot be converted into each other, such as head and kilogram, are not compared. A unit that nobody here made has no balance.

use std::collections::BTreeMap;

use tracemesh_model::{Amount, Granularity, Role, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Suspicion, WARN};
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 0, kind: "quantity_balance", dimension: Dimension::Consistency, severity: WARN, observe, judge };

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    for unit in record.units.iter().filter(|unit| unit.granularity != Granularity::Class) {
        let side = match unit.role {
            Role::Output => Side::Made,
            Role::Input => Side::Used,
            _ => continue,
        };
        if let Some((amount, measure)) = unit.quantity.as_ref().map(|quantity| quantity.summable()) {
            notes.add(&[&unit.key.to_string()], side, Some(amount), measure);
        }
    }
}

/// What was made and what was used, in billionths.
type Balance<'a> = BTreeMap<&'a str, (i128, i128)>;

fn judge(group: &[Observation], parameters: &Parameters) -> Vec<Suspicion> {
    let mut balance = Balance::new();
    for Observation { seen, .. } in group {
        let (made, used) = balance.entry(&seen.what).or_default();
        let sum = if seen.side == Side::Made { made } else { used };
        *sum = sum.saturating_add(seen.amount.map_or(0, Amount::billionths));
    }
    let permille = 1_000 + i128::from(parameters.balance_tolerance_permille);
    let over = |(made, used): &(i128, i128)| *made > 0 && used.saturating_mul(1_000) > made.saturating_mul(permille);
    balance.iter().filter(|(_, sums)| over(sums)).filter_map(|(measure, (made, used))| suspicion(group, measure, *made, *used)).collect()
}

/// Whoever used the last of it is asked.
fn suspicion(group: &[Observation], measure: &str, made: i128, used: i128) -> Option<Suspicion> {
    let outgoing: Vec<&Observation> = group.iter().filter(|of| of.seen.side == Side::Used && of.seen.what == measure).collect();
    let text = |sum: i128| format!("{} {measure}", Amount::from_billionths(sum));
    let against = format!("{} > {}", text(used), text(made));
    let value = |of: &Observation| text(of.seen.amount.map_or(0, Amount::billionths));
    let proofs = outgoing.iter().map(|of| of.proof("units.quantity", value(of), &against)).collect();
    Some(Suspicion { cause: 0, whom: outgoing.last()?.cell, proofs })
}
