//! Goods that somebody used and nobody here made, some time after there should have been a record of where they come from. Chains say so
//! (`app/chains.rs`); here is only how such hops are grouped: by who used the goods, the source that he names, and the day. The source stands in
//! `what`, after the code of the goods.

use tracemesh_model::TraceRecord;

use super::{Detector, Dimension, INFO, Notes, Parameters, Suspicion};
use crate::domain::observation::Observation;

/// The number of this detector.
pub const BROKEN_HOP: u8 = 9;

pub const DETECTOR: Detector =
    Detector { number: BROKEN_HOP, kind: "broken_hop", dimension: Dimension::Completeness, severity: INFO, observe, judge };

fn observe(_: &TraceRecord, _: &mut Notes<'_>) {}

fn judge(group: &[Observation], _: &Parameters) -> Vec<Suspicion> {
    let Some(last) = group.last() else { return Vec::new() };
    let parts =
        |of: &Observation| of.seen.what.split_once('\u{1f}').map(|(code, source)| (code.to_owned(), source.to_owned())).unwrap_or_default();
    let proof = |of: &Observation| {
        let (code, source) = parts(of);
        of.proof("units.code", code, source)
    };
    vec![Suspicion { cause: 0, whom: last.cell, proofs: group.iter().map(proof).collect() }]
}
