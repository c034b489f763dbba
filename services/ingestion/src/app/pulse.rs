//! Intake as it happens: submissions by verdict, second by second, for whoever watches. It is kept in memory alone; totals come from the
//! database.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::store::intake::Tally;

/// How far back a watcher sees at first.
const SECONDS_KEPT: usize = 300;

/// One second of intake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Beat {
    /// Unix seconds.
    pub at: i64,
    pub tally: Tally,
}

#[derive(Default)]
pub struct Pulse {
    beats: Mutex<VecDeque<Beat>>,
}

impl Pulse {
    /// Counts what was committed at `now_micros`.
    pub fn add(&self, now_micros: i64, tally: Tally) {
        let at = now_micros.div_euclid(1_000_000);
        let mut beats = self.lock();
        match beats.back_mut() {
            Some(beat) if beat.at >= at => beat.tally = beat.tally.plus(tally),
            _ => beats.push_back(Beat { at, tally }),
        }
        while beats.len() > SECONDS_KEPT {
            beats.pop_front();
        }
    }

    /// Whole seconds after `after` and before the one of `now_micros`; a second without intake is zero, so that a watcher sees the silence.
    pub fn since(&self, after: i64, now_micros: i64) -> Vec<Beat> {
        let now = now_micros.div_euclid(1_000_000);
        let from = (after + 1).max(now - SECONDS_KEPT as i64);
        let beats = self.lock();
        let of = |at: i64| beats.iter().find(|beat| beat.at == at).map_or_else(Tally::default, |beat| beat.tally);
        (from..now).map(|at| Beat { at, tally: of(at) }).collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Beat>> {
        self.beats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(accepted: i64) -> Tally {
        Tally { accepted, ..Tally::default() }
    }

    #[test]
    fn a_second_is_told_once_it_is_over() {
        let pulse = Pulse::default();
        pulse.add(10_200_000, accepted(1));
        pulse.add(10_900_000, accepted(2));
        pulse.add(12_000_000, accepted(5));
        assert_eq!(pulse.since(9, 10_999_999), []);
        let told: Vec<(i64, i64)> = pulse.since(9, 12_500_000).iter().map(|beat| (beat.at, beat.tally.accepted)).collect();
        assert_eq!(told, [(10, 3), (11, 0)]);
    }
}
