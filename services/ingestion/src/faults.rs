//! Bugs for the tests to find: a test that has never seen a bug may be unable to. Each of these was met in a real system or in a trial of this
//! one, and each must make the kill test fail.
//!
//! No normal build has any of this, nor the key `[ingestion] fault` that chooses one.

use std::sync::OnceLock;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The bugs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The source's offset is committed before the rows: what a crash finds in between is never read again.
    OffsetBeforeRows,
    /// And after them: what a crash finds in between is read twice.
    OffsetAfterRows,
    /// Nobody looks whether a record was taken before.
    DedupeOff,
    /// The receipts' follower goes by the number of a block, which is drawn when a commit begins, and not by seq, which is given when it ends.
    NaiveCursor,
    /// Who waits at a door is answered while the commit is still under way.
    AckBeforeCommit,
}

/// How far apart a bug puts two steps that belong together: longer than a kill waits after it has seen a commit, so that the first already meets it.
pub const WINDOW: Duration = Duration::from_millis(600);
static CHOSEN: OnceLock<Fault> = OnceLock::new();

/// Seeds a bug into this process, for as long as it lives.
pub fn choose(fault: Fault) {
    let chosen = CHOSEN.get_or_init(|| fault);
    tracing::warn!(?chosen, "this process has a bug, for a test to find");
}

pub fn chosen() -> Option<Fault> {
    CHOSEN.get().copied()
}
