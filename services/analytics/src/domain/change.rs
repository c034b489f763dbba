//! What a batch of entries does to the figures, added up in memory before a row is touched: a batch of ten thousand sales of one market on
//! one day is a handful of rows.

use std::collections::BTreeMap;

use super::cell::{Cell, Counts, Presence};
use super::contribution::Contribution;
use super::month::Month;
use super::version::Place;

/// Differences, each to be added to what is stored. In the order of cells, so that writers who meet wait and do not block each other.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub cells: BTreeMap<Cell, (Counts, Presence)>,
    /// The months touched, each with the last entry that touched it: whoever counts the same entries finds the same, whatever the batches.
    pub months: BTreeMap<Month, Place>,
}

impl Change {
    /// A record that the entry at `at` brings into force.
    pub fn add(&mut self, contribution: &Contribution, at: Place) {
        self.apply(contribution, &contribution.counts, 1, at);
    }

    /// A record that the entry at `at` takes out of force.
    pub fn take_back(&mut self, contribution: &Contribution, at: Place) {
        self.apply(contribution, &contribution.counts.negated(), -1, at);
    }

    fn apply(&mut self, Contribution { cell, subject, .. }: &Contribution, difference: &Counts, sign: i64, at: Place) {
        let (counts, presence) = self.cells.entry(cell.clone()).or_default();
        counts.add(difference);
        if let Some(subject) = subject {
            *presence.entry(*subject).or_default() += sign;
        }
        self.months.insert(cell.month(), at);
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn contribution(day: i8, subject: Option<i64>) -> Contribution {
        let text = |text: &str| text.to_owned();
        let cell = Cell { day: date(2026, 1, day), area: text("a"), category: text("c"), class: text("k"), provider: text("p") };
        Contribution { cell, counts: Counts { records: 1, ..Counts::default() }, subject }
    }

    #[test]
    fn a_correction_within_a_batch_nets_out_and_still_dates_its_month() {
        let at = |seq| Place { epoch: 1, seq };
        let mut change = Change::default();
        change.add(&contribution(1, Some(7)), at(1));
        change.take_back(&contribution(1, Some(7)), at(2));
        change.add(&contribution(2, None), at(2));
        let cells: Vec<_> =
            change.cells.iter().map(|(cell, (counts, presence))| (cell.day.day(), counts.records, presence.clone())).collect();
        assert_eq!(cells, [(1, 0, [(7, 0)].into()), (2, 1, Presence::new())]);
        assert_eq!(change.months, [("2026-01".parse().unwrap(), at(2))].into());
    }
}
