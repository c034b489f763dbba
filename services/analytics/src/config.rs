//! `[analytics]`

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::contribution::Rules;

/// Below this an announcement would cost more than what it saves its readers.
const ANNOUNCE_MIN_MS: u64 = 100;

/// A change of what is counted makes other figures of the same entries: they are counted again from the first.
const DEFINITIONS: &str = "figures/1";

/// What analytics alone is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Least time between two announcements of our own months, which is how old a parent's copy may be; 100 at least. A minute keeps a parent of
    /// a hundred cities at a few pulls a second.
    pub announce_interval_ms: u64,
    /// How long after its event a record may come without being late. A day is our own figure; jurisdictions differ. Changing it counts all
    /// records again.
    pub late_after_s: u64,
    /// How long an answer waits to hear from the gateway which nodes below are away, before it calls all of them silent.
    pub links_timeout_ms: u64,
    /// Records that a recount holds in memory, at about 150 bytes each.
    pub recount_records_max: usize,
    /// Any word. Another one than at the last start has all figures counted again from the first entry, while the service answers.
    pub rebuild: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            announce_interval_ms: 60_000,
            late_after_s: 24 * 3600,
            links_timeout_ms: 300,
            recount_records_max: 10_000_000,
            rebuild: String::new(),
        }
    }
}

impl Settings {
    pub fn announce_interval(&self) -> Duration {
        Duration::from_millis(self.announce_interval_ms.max(ANNOUNCE_MIN_MS))
    }

    pub const fn links_timeout(&self) -> Duration {
        Duration::from_millis(self.links_timeout_ms)
    }

    pub fn rules(&self) -> Rules {
        Rules { late_after_micros: i64::try_from(self.late_after_s).unwrap_or(i64::MAX).saturating_mul(1_000_000) }
    }

    /// By which rules figures are counted now, and since which order to count them again. Figures of other rules are none.
    pub fn rules_text(&self) -> String {
        format!("{DEFINITIONS} late_after_s={} rebuild={:?}", self.late_after_s, self.rebuild)
    }
}
