//! One certificate under the goods of many. Looked for where chains begin and where goods are inspected: further on everybody who bought of the
//! consignment rightly shows its certificate.

use std::collections::BTreeSet;

use tracemesh_model::{Class, EvidenceKind, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Suspicion, WARN};
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 6, kind: "shared_certificate", dimension: Dimension::Accuracy, severity: WARN, observe, judge };

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    if !matches!(record.class, Class::Produce | Class::Import | Class::Inspect) || record.responsible().is_none() {
        return;
    }
    let of_goods = [
        EvidenceKind::QuarantineCertificate,
        EvidenceKind::InspectionCertificate,
        EvidenceKind::OriginCertificate,
        EvidenceKind::InspectionReport,
    ];
    for evidence in record.evidence.iter().filter(|evidence| of_goods.contains(&evidence.kind)) {
        let number = evidence.number.trim().to_uppercase();
        if !number.is_empty() {
            notes.add(&[evidence.kind.as_str(), &number], Side::Told, None, &number);
        }
    }
}

/// Whoever showed it last is asked.
fn judge(group: &[Observation], parameters: &Parameters) -> Vec<Suspicion> {
    let subjects: BTreeSet<i64> = group.iter().map(|of| of.subject).collect();
    let Some(last) = group.last().filter(|_| subjects.len() > parameters.certificate_subjects) else { return Vec::new() };
    let against = format!("×{}", subjects.len());
    let proofs = group.iter().map(|of| of.proof("evidence.number", &of.seen.what, &against)).collect();
    vec![Suspicion { cause: 0, whom: last.cell, proofs }]
}
