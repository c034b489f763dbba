//! The grain of every indicator: one cell for a day, provider, subject, area and category, and what was counted in it.

use std::ops::AddAssign;

use jiff::civil::Date;
use tracemesh_codes::{Code, resident_id, unit_key};

/// Where something is counted. Ordered by day first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Of event time in China Standard Time; of a submission that was rejected, the day on which it came, as nobody knows when its event was.
    pub day: Date,
    pub provider: String,
    pub subject: Subject,
    /// The leaf area; trees are applied on reading.
    pub area: String,
    pub category: String,
}

/// Who answers for a record, told from others by the key of its code. What is shown of a person's number is masked before it comes here.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// 0 = nobody is named.
    pub key: i64,
    pub shown: String,
}

/// What is counted in a cell, or over many. As a change it may be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accepted, live, in force.
    pub records: i64,
    /// Of the records: received after their deadline.
    pub late: i64,
    /// Legal fields that are due in the records, and those that are filled.
    pub due: i64,
    pub filled: i64,
    /// Live submissions that were rejected, whatever became of them later.
    pub refused: i64,
    /// Records by which goods leave somebody's hands, and those of them whose chain is complete.
    pub outgoing: i64,
    pub complete: i64,
}

impl Counts {
    pub const NAMES: [&'static str; 7] = ["records", "late", "due", "filled", "refused", "outgoing", "complete"];

    pub fn values(&self) -> [i64; 7] {
        [self.records, self.late, self.due, self.filled, self.refused, self.outgoing, self.complete]
    }

    pub fn of_values([records, late, due, filled, refused, outgoing, complete]: [i64; 7]) -> Self {
        Self { records, late, due, filled, refused, outgoing, complete }
    }

    pub fn negated(&self) -> Self {
        Self::of_values(self.values().map(|value| -value))
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        let (mine, others) = (self.values(), other.values());
        *self = Self::of_values(std::array::from_fn(|at| mine[at] + others[at]));
    }
}

impl Subject {
    /// Equal keys are shown equally: an issuer that somebody put beside a global code is left out, as the key leaves it out.
    pub fn of(code: Option<&Code>) -> Self {
        let Some(code) = code else { return Self::default() };
        let issuer = if code.scheme.is_globally_unique() { String::new() } else { code.issuer.clone() };
        let plain = Code { issuer, ..code.clone() };
        Self { key: unit_key(code, "").as_i64(), shown: resident_id::mask(&plain.to_string()).into_owned() }
    }
}
