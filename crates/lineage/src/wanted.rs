//! What has been asked for, what was answered, and what is still wanted.

use std::collections::{BTreeSet, HashSet};

use crate::hop::RecordRef;

/// What to feed next. Empty when there is nothing more to learn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Units whose hops have not been fed, ascending.
    pub units: Vec<u64>,
    /// Records whose members have not been fed, ascending: some hop of theirs points there instead of listing its neighbours.
    pub records: Vec<RecordRef>,
}

impl Wanted {
    pub fn is_empty(&self) -> bool {
        self.units.is_empty() && self.records.is_empty()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Inquiry {
    /// In the order in which they were first wanted; grows at the end only.
    touched: Vec<u64>,
    known: HashSet<u64>,
    answered: HashSet<u64>,
    unanswered: BTreeSet<u64>,
    unread: BTreeSet<RecordRef>,
}

impl Inquiry {
    pub fn touch(&mut self, unit: u64) {
        if self.known.insert(unit) {
            self.touched.push(unit);
            if !self.answered.contains(&unit) {
                self.unanswered.insert(unit);
            }
        }
    }

    pub fn answer(&mut self, unit: u64) {
        self.answered.insert(unit);
        self.unanswered.remove(&unit);
    }

    pub fn point_at(&mut self, record: RecordRef) {
        self.unread.insert(record);
    }

    pub fn read(&mut self, record: &RecordRef) {
        self.unread.remove(record);
    }

    pub fn touched(&self) -> &[u64] {
        &self.touched
    }

    pub fn is_touched(&self, unit: u64) -> bool {
        self.known.contains(&unit)
    }

    pub fn is_answered(&self, unit: u64) -> bool {
        self.answered.contains(&unit)
    }

    pub fn wanted(&self) -> Wanted {
        Wanted { units: self.unanswered.iter().copied().collect(), records: self.unread.iter().cloned().collect() }
    }
}
