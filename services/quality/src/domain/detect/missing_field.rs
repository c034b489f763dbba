//! Fields that the Food Safety Law asks for and a record does not have: the warnings of a subject's day as one thing to mend.

use tracemesh_model::{LegalFields, TraceRecord};

use super::{Detector, Dimension, INFO, Notes, Parameters, Suspicion};
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 8, kind: "missing_field", dimension: Dimension::Completeness, severity: INFO, observe, judge };

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    let missing = LegalFields::of(record).missing;
    if missing.is_empty() {
        return;
    }
    let subject = record.responsible().map(ToString::to_string).unwrap_or_default();
    let (provider, day) = (notes.provider.to_owned(), record.event_time.day().to_string());
    notes.add(&[&provider, &subject, &day], Side::Told, None, &missing.join(","));
}

fn judge(group: &[Observation], _: &Parameters) -> Vec<Suspicion> {
    let Some(last) = group.last() else { return Vec::new() };
    let proofs = group.iter().map(|of| of.proof("", "", &of.seen.what)).collect();
    vec![Suspicion { cause: 0, whom: last.cell, proofs }]
}
