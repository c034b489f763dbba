//! Rule sets in time: which one holds for what was received at an instant.

use std::sync::Arc;

use crate::default::default_set;
use crate::set::RuleSet;

/// Sets by the instant of receipt from which each holds; before the first, the rules that every node begins with.
#[derive(Clone, Debug)]
pub struct Rules {
    /// In the order of their instants; never empty.
    sets: Vec<(i64, Arc<RuleSet>)>,
}

impl Default for Rules {
    /// The rules that every node begins with.
    fn default() -> Self {
        Self::new(default_set())
    }
}

impl Rules {
    /// Only `first`, for ever.
    pub fn new(first: Arc<RuleSet>) -> Self {
        Self { sets: vec![(i64::MIN, first)] }
    }

    /// Another set from an instant on, in microseconds since 1970 in UTC; of two for the same instant, the one that came later.
    pub fn publish(&mut self, from_micros: i64, set: Arc<RuleSet>) {
        let at = self.sets.partition_point(|(from, _)| *from <= from_micros);
        self.sets.insert(at, (from_micros, set));
    }

    /// The set that holds for what is received at an instant.
    pub fn at(&self, received_at: i64) -> &Arc<RuleSet> {
        let after = self.sets.partition_point(|(from, _)| *from <= received_at);
        &self.sets[after.saturating_sub(1)].1
    }

    /// The set of a name, the newest where there are several.
    pub fn version(&self, version: &str) -> Option<&Arc<RuleSet>> {
        self.sets.iter().rev().map(|(_, set)| set).find(|set| set.version() == version)
    }
}
