//! `[federation]`: what the gateway alone is told. Addresses and pauses of links stand in `[link]`, because other services meet them too.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// `[federation]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How often the checkpoints of this node's journals go up, where they have changed: how long history could be altered before a parent holds
    /// it. A minute costs a parent of a hundred cities a few proofs a second.
    pub checkpoint_every_ms: u64,
    /// How often cursors and times of our own children go up. A link that comes, goes or is quarantined is told at once.
    pub status_every_ms: u64,
    /// Questions of one neighbour that are answered at once; more are refused. Each reads thousands of index rows.
    pub questions_at_once: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { checkpoint_every_ms: 60_000, status_every_ms: 60_000, questions_at_once: 4 }
    }
}

impl Settings {
    pub const fn checkpoint_every(&self) -> Duration {
        Duration::from_millis(self.checkpoint_every_ms)
    }

    pub const fn status_every(&self) -> Duration {
        Duration::from_millis(self.status_every_ms)
    }
}
