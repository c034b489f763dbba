//! Ranges of days, as figures are asked for.

use jiff::civil::{Date, date};

use super::month::Month;
use super::subjects::Period;

/// A range of days of event time, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    pub last: Date,
}

impl Days {
    /// Every day that an event can have.
    pub const ALL: Days = Days { first: date(1, 1, 1), last: date(9999, 12, 31) };

    pub fn of_month(month: Month) -> Self {
        Self { first: month.first_day(), last: month.last_day() }
    }

    pub fn contain(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Those that lie in the month as well.
    pub fn within(self, month: Month) -> Self {
        Self { first: self.first.max(month.first_day()), last: self.last.min(month.last_day()) }
    }

    /// The period that this range is, where it is one of which distinct subjects exist.
    pub fn period(self) -> Option<Period> {
        let month = Month::of(self.first);
        match self {
            Days { first, last } if first == last => Some(Period::Day(first)),
            days if days == Days::of_month(month) => Some(Period::Month(month)),
            _ => None,
        }
    }
}
