//! Months of event time in China Standard Time: what figures are announced, pulled and kept by.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A month of the calendar, written `YYYY-MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month that a day lies in.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    pub const fn first_day(self) -> Date {
        self.0
    }

    pub fn last_day(self) -> Date {
        self.0.last_of_month()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

/// The text is no month.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not of the form YYYY-MM")]
pub struct NoMonth(pub String);

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        day(&format!("{text}-01")).map(Self).ok_or_else(|| NoMonth(text.to_owned()))
    }
}

/// A day of the calendar, written `YYYY-MM-DD` and nothing else: its text sorts as its time does.
pub fn day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|day: &Date| day.year() >= 0 && day.to_string() == text)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_written_as_it_is_read() {
        let month: Month = "2024-02".parse().unwrap();
        assert_eq!((month.first_day(), month.last_day()), (date(2024, 2, 1), date(2024, 2, 29)));
        assert_eq!((Month::of(date(2024, 2, 29)), month.to_string().as_str()), (month, "2024-02"));
        for text in ["", "2024", "2024-13", "2024-2", "202402", "2024-02-01"] {
            assert_eq!(text.parse::<Month>(), Err(NoMonth(text.into())));
        }
    }

    #[test]
    fn a_day_has_one_spelling() {
        assert_eq!(day("2025-12-31"), Some(date(2025, 12, 31)));
        for text in ["2025-12-32", "20251231", "2025-12-31T00:00", "-002025-12-31", " 2025-12-31", "2025-02-29"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
