//! The same weight again and again. A scale shows grams that differ from sale to sale; a keyboard repeats itself. Looked for in the sales of one
//! subject, product and day, one after the other; round weights are portions.

use tracemesh_model::{Class, Role, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Suspicion, WARN};
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 1, kind: "identical_weights", dimension: Dimension::Accuracy, severity: WARN, observe, judge };

const BILLIONTHS_OF_A_GRAM: i128 = 1_000_000;

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    let sold = [Role::Input, Role::Observed].into_iter().find_map(|role| record.units.iter().find(|unit| unit.role == role));
    let mass = sold.and_then(|unit| unit.quantity.as_ref()).and_then(|quantity| quantity.mass_kg());
    if let (Class::Retail | Class::Wholesale, Some(subject), Some(mass)) = (record.class, record.responsible(), mass) {
        let day = record.event_time.day().to_string();
        notes.add(&[&subject.to_string(), &day, &record.product.name], Side::Sold, Some(mass), "");
    }
}

/// All runs of a day are one cause.
fn judge(group: &[Observation], parameters: &Parameters) -> Vec<Suspicion> {
    let runs = group.chunk_by(|one, next| one.seen.amount == next.seen.amount);
    let doubtful: Vec<&[Observation]> =
        runs.filter(|run| run.len() >= parameters.identical_run && !is_round(&run[0], parameters)).collect();
    let proofs = doubtful.iter().flat_map(|run| {
        let against = format!("×{}", run.len());
        run.iter().map(move |of| of.proof("units.quantity", kilograms(of), &against))
    });
    let proofs: Vec<_> = proofs.collect();
    proofs.first().map(|first| Suspicion { cause: 0, whom: first.cell, proofs: proofs.clone() }).into_iter().collect()
}

fn is_round(of: &Observation, parameters: &Parameters) -> bool {
    let step = i128::from(parameters.identical_round_g.max(1)) * BILLIONTHS_OF_A_GRAM;
    of.seen.amount.is_none_or(|amount| amount.billionths() % step == 0)
}

fn kilograms(of: &Observation) -> String {
    of.seen.amount.map_or_else(String::new, |amount| format!("{amount} kg"))
}
