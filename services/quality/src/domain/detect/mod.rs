//! Detectors. Each is a file with two pure functions: what of a record it keeps, and what is doubtful about a group of such observations. To add one
//! is to write its file and to put its line at the end of [`ALL`].
//!
//! All words are neutral: a detector says what does not go together, never why. Its parameters are data ([`Parameters`]), and all of them are our
//! own figures.

mod broken_hop;
mod code_reuse;
mod identical_weights;
mod missing_field;
mod packing_violation;
mod parameters;
mod price_far_off;
mod quantity_balance;
mod sale_before_entry;
mod shared_certificate;
mod species_mismatch;

pub use broken_hop::BROKEN_HOP;
pub use parameters::Parameters;
use tracemesh_model::{Amount, TraceRecord};

use super::observation::{Group, Observation, Seen, Side};

/// Characters of a text that an observation keeps: a provider may write anything.
const WHAT_CHARS: usize = 80;

/// One detector.
pub struct Detector {
    /// Stands in the numbers of its groups: never another one's.
    pub number: u8,
    /// Its name in findings.
    pub kind: &'static str,
    pub dimension: Dimension,
    pub severity: &'static str,
    observe: fn(&TraceRecord, &mut Notes<'_>),
    judge: fn(&[Observation], &Parameters) -> Vec<Suspicion>,
}

/// The six dimensions of GB/T 36344.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    Normativity,
    Completeness,
    Accuracy,
    Consistency,
    Timeliness,
    Accessibility,
}

pub const WARN: &str = "warn";
pub const INFO: &str = "info";

/// Each at the place of its number, which is below 16.
pub const ALL: [&Detector; 10] = [
    &quantity_balance::DETECTOR,
    &identical_weights::DETECTOR,
    &price_far_off::DETECTOR,
    &code_reuse::DETECTOR,
    &sale_before_entry::DETECTOR,
    &species_mismatch::DETECTOR,
    &shared_certificate::DETECTOR,
    &packing_violation::DETECTOR,
    &missing_field::DETECTOR,
    &broken_hop::DETECTOR,
];

/// Something doubtful: one cause of one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// Tells it from other causes in the same group.
    pub cause: i64,
    /// The cell of the record whose source is asked.
    pub whom: i64,
    pub proofs: Vec<Proof>,
}

/// What shows it, record by record, in signs that both languages read: `12 kg > 10 kg`, `×5`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub record: i64,
    pub cell: i64,
    pub field: &'static str,
    pub value: String,
    pub against: String,
}

/// Where a detector puts down what it keeps.
pub struct Notes<'a> {
    detector: u8,
    pub provider: &'a str,
    noted: Vec<Seen>,
}

impl Notes<'_> {
    /// One observation, in the group of those that share all of this.
    pub fn add(&mut self, shared: &[&str], side: Side, amount: Option<Amount>, what: &str) {
        let what = what.chars().take(WHAT_CHARS).collect();
        self.noted.push(Seen { group: Group::of(self.detector, shared), side, amount, what });
    }
}

impl Observation {
    fn proof(&self, field: &'static str, value: impl Into<String>, against: impl Into<String>) -> Proof {
        Proof { record: self.record, cell: self.cell, field, value: value.into(), against: against.into() }
    }
}

/// Everything that detectors keep of a record, in their order.
pub fn observe(record: &TraceRecord, provider: &str) -> Vec<Seen> {
    let mut notes = Notes { detector: 0, provider, noted: Vec::new() };
    for detector in ALL {
        notes.detector = detector.number;
        (detector.observe)(record, &mut notes);
    }
    notes.noted
}

/// The detector of a group.
pub fn of(group: Group) -> Option<&'static Detector> {
    ALL.get(usize::from(group.detector())).copied()
}

/// The detector of a kind of findings.
pub fn named(kind: &str) -> Option<&'static Detector> {
    ALL.into_iter().find(|detector| detector.kind == kind)
}

impl Detector {
    /// What is doubtful about a group, given in the order of event times and then of the journal.
    pub fn judge(&self, group: &[Observation], parameters: &Parameters) -> Vec<Suspicion> {
        (self.judge)(group, parameters)
    }
}

impl Dimension {
    pub const ALL: [(Dimension, &str); 6] = [
        (Dimension::Normativity, "normativity"),
        (Dimension::Completeness, "completeness"),
        (Dimension::Accuracy, "accuracy"),
        (Dimension::Consistency, "consistency"),
        (Dimension::Timeliness, "timeliness"),
        (Dimension::Accessibility, "accessibility"),
    ];

    pub fn as_str(self) -> &'static str {
        Self::ALL[self as usize].1
    }
}
