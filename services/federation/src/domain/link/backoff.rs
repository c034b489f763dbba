//! Pauses between attempts: they double up to a limit, and each is drawn between half of that and all of it, so that a thousand children whose
//! parent comes back do not come back to it in the same second.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Soon enough for a hiccup to pass unnoticed.
const FIRST: Duration = Duration::from_millis(250);

/// The pauses of one connection.
#[derive(Debug)]
pub struct Backoff {
    max: Duration,
    failures: u32,
    dice: StdRng,
}

impl Backoff {
    /// `seed` decides the jitter.
    pub fn new(max: Duration, seed: u64) -> Self {
        Self { max: max.max(FIRST), failures: 0, dice: StdRng::seed_from_u64(seed) }
    }

    /// The pause after one more failure.
    pub fn pause(&mut self) -> Duration {
        let longest = FIRST.saturating_mul(2u32.saturating_pow(self.failures)).min(self.max);
        self.failures = self.failures.saturating_add(1);
        longest.mul_f64(self.dice.random_range(0.5..=1.0))
    }

    /// It worked: the next failure is a first one again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_the_limit_and_begin_again_after_a_success() {
        let max = Duration::from_secs(60);
        let mut backoff = Backoff::new(max, 7);
        let pauses: Vec<Duration> = (0..40).map(|_| backoff.pause()).collect();
        assert!(pauses[0] <= FIRST && pauses[0] >= FIRST / 2);
        assert!(pauses[20..].iter().all(|pause| *pause >= max / 2 && *pause <= max));
        assert!(pauses[20..].windows(2).any(|two| two[0] != two[1]), "no jitter");
        backoff.reset();
        assert!(backoff.pause() <= FIRST);
    }

    #[test]
    fn the_same_seed_draws_the_same_pauses() {
        let draw = |seed| {
            let mut backoff = Backoff::new(Duration::from_secs(9), seed);
            (0..9).map(|_| backoff.pause()).collect::<Vec<_>>()
        };
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}
