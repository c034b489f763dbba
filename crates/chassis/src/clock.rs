//! Time, handed in instead of read from the air: a service takes its [`Clock`] from the runtime, and a test moves it by hand.
//!
//! Stored times are unix microseconds (`i64`). Timeouts and intervals are not read here: those belong to tokio's own clock.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

/// How long a wait goes by the length that it had when it was last looked at.
const LOOK: Duration = Duration::from_secs(3600);

/// Where "now" comes from. Cheap to clone; clones of a manual clock move together.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(watch::Sender<i64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock that stands at `micros` until a test moves it.
    pub fn manual(micros: i64) -> Clock {
        Clock(Source::Manual(watch::Sender::new(micros)))
    }

    /// Unix microseconds.
    pub fn now_micros(&self) -> i64 {
        match &self.0 {
            Source::System => system_now().as_microsecond(),
            Source::Manual(micros) => *micros.borrow(),
        }
    }

    /// The same moment as a timestamp.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now_micros()).unwrap_or(Timestamp::MAX)
    }

    /// Moves a manual clock forward; the system's clock moves by itself and stays as it is.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(micros) = &self.0 {
            micros.send_modify(|now| *now = now.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)));
        }
    }

    /// Waits until this clock shows `micros`: for what is due at a moment, where a timeout would measure a length. The machine's clock may be set
    /// meanwhile, so it is looked at again at least once an hour.
    pub async fn reaches(&self, micros: i64) {
        match &self.0 {
            Source::System => loop {
                let left = micros.saturating_sub(self.now_micros());
                if left <= 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_micros(left.unsigned_abs()).min(LOOK)).await;
            },
            // The sender lives as long as this clock does.
            Source::Manual(now) => drop(now.subscribe().wait_for(|now| *now >= micros).await),
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

    #[tokio::test]
    async fn a_moment_is_waited_for_by_the_clock_that_will_show_it() {
        let clock = Clock::manual(1_000_000);
        clock.reaches(1_000_000).await;
        let waiting = clock.clone();
        let (reached, ()) = tokio::join!(
            async {
                waiting.reaches(3_000_000).await;
                waiting.now_micros()
            },
            async {
                clock.advance(Duration::from_secs(1));
                tokio::task::yield_now().await;
                clock.advance(Duration::from_secs(1));
            }
        );
        assert_eq!(reached, 3_000_000);
        Clock::system().reaches(Clock::system().now_micros() + 1_000).await;
    }

    #[test]
    fn the_system_clock_knows_the_century() {
        assert!(Clock::system().now() > "2020-01-01T00:00:00Z".parse().unwrap());
    }
}
