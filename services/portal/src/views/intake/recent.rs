//! The seconds of intake that are shown: a window that moves with the newest second that was told.
//!
//! Seconds come from the service as they pass; one that it does not mention had no submission. Seconds after the newest that it has
//! mentioned are not drawn as empty: nobody has said so yet.

use std::collections::BTreeMap;

use jiff::Timestamp;
use tracemesh_proto::ingestion::v1::{GetIntakeResponse, WatchIntakeResponse};

use crate::views::moment;

/// How far back is looked, in seconds.
pub const WINDOW_S: i64 = 300;

/// Submissions by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub accepted: u64,
    pub duplicate: u64,
    pub rejected: u64,
}

impl Tally {
    /// All of them.
    pub fn total(self) -> u64 {
        self.accepted.saturating_add(self.duplicate).saturating_add(self.rejected)
    }

    /// Since the journal began.
    pub fn ever(answer: &GetIntakeResponse) -> Self {
        Self { accepted: answer.accepted, duplicate: answer.duplicate, rejected: answer.rejected }
    }

    fn add(&mut self, other: Self) {
        self.accepted = self.accepted.saturating_add(other.accepted);
        self.duplicate = self.duplicate.saturating_add(other.duplicate);
        self.rejected = self.rejected.saturating_add(other.rejected);
    }
}

/// The seconds of the window, by their Unix time. Bounded by the window.
#[derive(Debug, Clone, Default)]
pub struct Recent {
    seconds: BTreeMap<i64, Tally>,
}

impl Recent {
    /// Takes a second in and lets go of those that have left the window. A second that is told again replaces what it was.
    pub fn take(&mut self, second: &WatchIntakeResponse) {
        let Some(at) = moment::from_wire(second.at.as_ref()) else { return };
        let tally = Tally { accepted: second.accepted, duplicate: second.duplicate, rejected: second.rejected };
        self.seconds.insert(at.as_second(), tally);
        let newest = self.seconds.keys().next_back().copied().unwrap_or_default();
        self.seconds.retain(|at, _| *at > newest - WINDOW_S);
    }

    /// The newest second that was told.
    pub fn newest(&self) -> Option<Timestamp> {
        self.seconds.keys().next_back().and_then(|at| Timestamp::from_second(*at).ok())
    }

    /// What came in the last `seconds` before `end`, in Unix seconds, `end` included.
    pub fn tally(&self, end: i64, seconds: i64) -> Tally {
        let mut sum = Tally::default();
        self.seconds.range(end - seconds + 1..=end).for_each(|(_, tally)| sum.add(*tally));
        sum
    }

    /// What came in the window that ends at `end`.
    pub fn window(&self, end: Timestamp) -> Tally {
        self.tally(end.as_second(), WINDOW_S)
    }

    /// Where the window ends: at the newest second that was told.
    pub fn end(&self, now: Timestamp) -> Timestamp {
        self.newest().unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(at: i64, accepted: u64, rejected: u64) -> WatchIntakeResponse {
        let at = Some(prost_types::Timestamp { seconds: at, nanos: 0 });
        WatchIntakeResponse { at, accepted, duplicate: 0, rejected }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("in range")
    }

    #[test]
    fn the_window_forgets_and_a_second_told_twice_counts_once() {
        let mut recent = Recent::default();
        recent.take(&second(1_000, 7, 0));
        recent.take(&second(1_000 + WINDOW_S - 1, 1, 1));
        recent.take(&second(1_000 + WINDOW_S - 1, 2, 1));
        assert_eq!(recent.window(at(1_000 + WINDOW_S - 1)), Tally { accepted: 9, duplicate: 0, rejected: 1 });
        recent.take(&second(1_000 + WINDOW_S, 0, 0));
        assert_eq!(recent.window(at(1_000 + WINDOW_S)).accepted, 2);
    }
}
