//! Time, handed in instead of read from the air: a service takes its [`Clock`] from the runtime, and a test moves it by hand.
//!
//! Stored times are unix microseconds (`i64`). Timeouts and intervals are not read here: those belong to tokio's own clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// Where "now" comes from. Cheap to clone; clones of a manual clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock that stands at `micros` until a test moves it.
    pub fn manual(micros: i64) -> Clock {
        Clock(Source::Manual(Arc::new(AtomicI64::new(micros))))
    }

    /// Unix microseconds.
    pub fn now_micros(&self) -> i64 {
        match &self.0 {
            Source::System => system_now().as_microsecond(),
            Source::Manual(micros) => micros.load(Ordering::SeqCst),
        }
    }

    /// The same moment as a timestamp.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now_micros()).unwrap_or(Timestamp::MAX)
    }

    /// Moves a manual clock forward; the system's clock moves by itself and stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(micros) = &self.0 {
            micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn system_now() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_until_it_is_moved_and_its_clones_move_along() {
        let clock = Clock::manual(1_000_000);
        let clone = clock.clone();
        assert_eq!(clone.now_micros(), 1_000_000);
        clock.advance(Duration::from_secs(2));
        assert_eq!(clone.now_micros(), 3_000_000);
        assert_eq!(clone.now().to_string(), "1970-01-01T00:00:03Z");
    }

    #[test]
    fn the_system_clock_knows_the_century() {
        assert!(Clock::system().now() > "2020-01-01T00:00:00Z".parse().unwrap());
    }
}
