//! The grain of all figures: one cell for a day, area, category, class and provider, and what was counted in it.
//!
//! Areas, categories and classes are text here and not types: a node below may run a newer version that knows more of them, and its figures
//! are counted all the same.

use std::collections::BTreeMap;

use jiff::civil::Date;
use tracemesh_model::Amount;

use super::month::Month;

/// The measure that figures call weight.
pub const KILOGRAM: &str = "kg";

/// Where something is counted. Ordered by day first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Of event time in China Standard Time.
    pub day: Date,
    /// The leaf area; trees are applied on reading.
    pub area: String,
    pub category: String,
    pub class: String,
    pub provider: String,
}

impl Cell {
    pub fn month(&self) -> Month {
        Month::of(self.day)
    }
}

/// What is counted, in a cell or over many. As a change it may be negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub records: i64,
    /// Of the records: received too long after the event.
    pub late: i64,
    /// Amounts by unit of measure, never mixed. A sum of nothing is absent, so that equal figures are equal values.
    pub measures: BTreeMap<String, Amount>,
}

impl Counts {
    pub fn add(&mut self, other: &Self) {
        // Others' numbers are added here, and those may be anything.
        self.records = self.records.saturating_add(other.records);
        self.late = self.late.saturating_add(other.late);
        for (unit, amount) in &other.measures {
            self.add_measure(unit, *amount);
        }
    }

    /// Stays at the largest amount that there is, which no country's goods come near, rather than stop whoever counts.
    pub fn add_measure(&mut self, unit: &str, amount: Amount) {
        let before = self.measures.get(unit).map_or(0, |sum| sum.billionths());
        match before.saturating_add(amount.billionths()) {
            0 => drop(self.measures.remove(unit)),
            sum => drop(self.measures.insert(unit.to_owned(), Amount::from_billionths(sum))),
        }
    }

    /// What takes these counts back when it is added.
    #[must_use]
    pub fn negated(&self) -> Self {
        let measures = self.measures.iter().map(|(unit, amount)| (unit.clone(), Amount::from_billionths(-amount.billionths())));
        Self { records: -self.records, late: -self.late, measures: measures.collect() }
    }

    pub fn is_nothing(&self) -> bool {
        self.records == 0 && self.late == 0 && self.measures.is_empty()
    }
}

/// A sum as it is stored and handed on: a plain decimal ≥ 0 of any length with at most nine places. A record's amount has fewer digits.
pub fn read_sum(text: &str) -> Option<Amount> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_plain || whole.is_empty() || fraction.len() > 9 {
        return None;
    }
    format!("{whole}{fraction:0<9}").parse().ok().map(Amount::from_billionths)
}

/// How many records each responsible subject has in a cell. A subject is the key of its code, as units are: no figure holds a person's number.
pub type Presence = BTreeMap<i64, i64>;

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(records: i64, measures: &[(&str, &str)]) -> Counts {
        let read = |(unit, amount): &(&str, &str)| ((*unit).to_owned(), Amount::parse(amount).unwrap());
        Counts { records, late: 0, measures: measures.iter().map(read).collect() }
    }

    #[test]
    fn what_is_taken_back_leaves_no_trace() {
        let mut sum = counts(2, &[("kg", "0.3"), ("head", "4")]);
        sum.add(&counts(1, &[("kg", "0.1")]).negated());
        assert_eq!(sum, counts(1, &[("kg", "0.2"), ("head", "4")]));
        sum.add(&counts(1, &[("kg", "0.2"), ("head", "4")]).negated());
        assert!(sum.is_nothing());
    }

    #[test]
    fn a_sum_that_cannot_grow_stays_where_it_is() {
        let mut sum = Counts::default();
        sum.add_measure("kg", Amount::from_billionths(i128::MAX));
        sum.add_measure("kg", Amount::from_billionths(1));
        assert_eq!(sum.measures["kg"].billionths(), i128::MAX);
    }

    #[test]
    fn sums_are_plain_decimals_that_fit() {
        for text in ["0", "12.5", "0.000000001", &Amount::from_billionths(i128::MAX).to_string()] {
            assert_eq!(read_sum(text).map(|sum| sum.to_string()).as_deref(), Some(text));
        }
        for text in ["", ".5", "-1", "1e3", "+1", "0.0000000001", &"9".repeat(31)] {
            assert_eq!(read_sum(text), None, "{text}");
        }
    }
}
