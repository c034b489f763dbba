//! `[quality]`

use serde::{Deserialize, Serialize};

use crate::domain::deadline::{Deadline, Deadlines};
use crate::domain::detect::Parameters;

/// A change of what is counted or found makes other figures of the same entries: everything is followed again from the first.
const DEFINITIONS: &str = "quality/1";

/// What quality alone is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How long after its event a record may come without being late. A day is our own figure.
    pub late_after_s: u64,
    /// Where it is another: by category and jurisdiction, the first that fits.
    pub deadlines: Vec<Deadline>,
    /// What detectors are told.
    pub detectors: Parameters,
    /// Observations that a group of a detector holds at most; a fuller one is not judged. It bounds what one record can cost, and is ours.
    pub group_most: i64,
    /// How long detectors and chains remember a record, by when it came. Two years is how long records without a shelf life are to be kept.
    pub remember_days: u32,
    /// How long after a record was accepted the record of where its goods come from may still be missing. Two days is our own figure.
    pub broken_hop_after_s: u64,
    /// Working days to answer a finding in. Five is our own figure.
    pub answer_working_days: u32,
    /// Reports of mismatches that are taken in a minute, and of one code in an hour. Ours.
    pub mismatches_a_minute: u32,
    pub mismatches_of_a_code: u32,
    /// Any word. Another one than at the last start has everything followed again from the first entry.
    pub rebuild: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            late_after_s: 86_400,
            deadlines: Vec::new(),
            detectors: Parameters::default(),
            group_most: 2_000,
            remember_days: 730,
            broken_hop_after_s: 2 * 86_400,
            answer_working_days: 5,
            mismatches_a_minute: 60,
            mismatches_of_a_code: 5,
            rebuild: String::new(),
        }
    }
}

impl Settings {
    pub fn deadlines(&self) -> Deadlines {
        Deadlines { usual_s: self.late_after_s, exceptions: self.deadlines.clone() }
    }

    pub fn broken_hop_after_micros(&self) -> i64 {
        i64::try_from(self.broken_hop_after_s.saturating_mul(1_000_000)).unwrap_or(i64::MAX)
    }

    /// Everything that figures and findings depend on, as a text to compare.
    pub fn rules_text(&self) -> String {
        let Self { late_after_s, deadlines, detectors, group_most, remember_days, broken_hop_after_s, rebuild, .. } = self;
        format!("{DEFINITIONS} {late_after_s} {deadlines:?} {detectors:?} {group_most} {remember_days} {broken_hop_after_s} {rebuild}")
    }
}
