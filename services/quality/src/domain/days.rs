//! A range of days of event time in China Standard Time.

use jiff::civil::{Date, date};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    /// Inclusive.
    pub last: Date,
}

impl Days {
    pub const ALL: Days = Days { first: date(1, 1, 1), last: date(9999, 12, 31) };

    pub fn contain(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

/// `YYYY-MM-DD` and nothing else.
pub fn day(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}
