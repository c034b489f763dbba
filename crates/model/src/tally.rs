//! A list of violations with an end. Five thousand units can break five thousand rules; a receipt that lists them all helps nobody and
//! costs storage for years, so the first ones are listed and the rest is counted.

use crate::reasons::{AND_MORE, MISTYPED};
use crate::violation::Violation;

/// How many violations are listed.
const LISTED: usize = 200;

/// Violations in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    listed: Vec<Violation>,
    more: usize,
}

impl Tally {
    /// Adds one, or counts it where the list is full.
    pub fn push(&mut self, violation: Violation) {
        if self.listed.len() < LISTED {
            self.listed.push(violation);
        } else {
            self.more += 1;
        }
    }

    /// Whether something listed already explains why this field is not there: it is about the field, or about a mistyped object around it.
    pub fn explains(&self, field: &str) -> bool {
        let around = |violation: &Violation| violation.code == MISTYPED.code && field.starts_with(&violation.field);
        self.listed.iter().any(|violation| violation.field.starts_with(field) || around(violation))
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The list; its last element says how many more there were, if there were.
    pub fn into_vec(mut self) -> Vec<Violation> {
        if self.more > 0 {
            self.listed.push(Violation::new(AND_MORE, "", &self.more.to_string()));
        }
        self.listed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_listed_is_counted() {
        let mut tally = Tally::default();
        (0..5_000).for_each(|n| tally.push(Violation::new(MISTYPED, format!("units[{n}]"), "")));
        let list = tally.into_vec();
        assert_eq!((list.len(), &*list[200].code, list[200].value.as_str()), (201, "record.and_more", "4800"));
    }
}
