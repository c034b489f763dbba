//! A field's value, as tests look at it.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz};
use tracemesh_calendar::china_day;
use tracemesh_model::{Amount, Code};

/// What stands in a field, borrowed from the record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'r> {
    Text(&'r str),
    Code(&'r Code),
    Amount(Amount),
    Day(Date),
    /// In microseconds since 1970 in UTC.
    Instant(i64),
}

impl<'r> Value<'r> {
    /// An empty text is an absent one.
    pub(crate) fn text(text: &'r str) -> Option<Self> {
        (!text.is_empty()).then_some(Self::Text(text))
    }

    pub(crate) fn whole(number: u32) -> Self {
        Self::Amount(Amount::from_billionths(i128::from(number) * 1_000_000_000))
    }

    /// How it stands to another; `None` where the two cannot be compared. A day and an instant are compared by the day in China.
    pub(crate) fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Amount(one), Self::Amount(other)) => Some(one.cmp(&other)),
            (Self::Day(one), Self::Day(other)) => Some(one.cmp(&other)),
            (Self::Instant(one), Self::Instant(other)) => Some(one.cmp(&other)),
            (Self::Day(one), Self::Instant(other)) => Some(one.cmp(&china_day(other))),
            (Self::Instant(one), Self::Day(other)) => Some(china_day(one).cmp(&other)),
            (one, other) => Some(one.as_text()?.cmp(other.as_text()?)),
        }
    }

    /// A text, or the value of a code.
    pub(crate) fn as_text(self) -> Option<&'r str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Code(code) => Some(&code.value),
            _ => None,
        }
    }

    /// As people read it.
    pub(crate) fn shown(self) -> Cow<'r, str> {
        match self {
            Self::Text(text) => text.into(),
            Self::Code(code) => code.value.as_str().into(),
            Self::Amount(amount) => amount.to_string().into(),
            Self::Day(day) => day.to_string().into(),
            Self::Instant(micros) => {
                let at = Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_micros(micros)).unwrap_or(Timestamp::MAX);
                at.display_with_offset(tz::offset(8)).to_string().into()
            }
        }
    }
}
