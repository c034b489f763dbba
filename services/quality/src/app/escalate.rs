//! Findings that nobody has answered in time. They are escalated as of the moment at which they were due: by the follower before it takes what was
//! recorded later, and by the clock where nothing more comes, which makes the same of them.

use std::time::Duration;

use tracemesh_journal::Entry;
use tracemesh_store::DatabaseTransaction;

use super::Quality;
use super::say::{ours, step};
use crate::domain::finding::State;
use crate::error::QualityError;
use crate::store;

/// How often the clock is looked at; terms end at midnight.
const LOOK: Duration = Duration::from_secs(30);

/// Findings read at once.
const AT_ONCE: i64 = 1_000;

const OVERDUE: &str = "nobody answered in time";

impl Quality {
    pub(super) async fn escalate_due(&self, tx: &DatabaseTransaction, now: i64, entries: &mut Vec<Entry>) -> Result<(), QualityError> {
        loop {
            let due = store::findings::unanswered(tx, now, AT_ONCE).await?;
            let is_all = (due.len() as i64) < AT_ONCE;
            for seen in due {
                // Somebody may have answered since.
                let Some(mut finding) = store::findings::for_change(tx, seen.number).await?.filter(|now| now.state == State::Sent) else {
                    continue;
                };
                finding.state = State::Escalated;
                store::findings::put(tx, &finding).await?;
                store::findings::add_step(tx, finding.number, &step(State::Escalated, finding.due_at, OVERDUE)).await?;
                entries.push(self.finding_entry(tx, &ours(OVERDUE, finding.due_at), &finding).await?);
            }
            if is_all {
                return Ok(());
            }
        }
    }

    /// Looks at the clock as long as it is polled, once everything that there was has been followed: what that no longer found ends here.
    pub async fn keep_escalating(&self) -> Result<(), QualityError> {
        // The sender lives as long as this service does.
        let _ = self.progress.subscribe().wait_for(|progress| progress.is_caught_up).await;
        self.end_following(self.clock.now_micros()).await?;
        loop {
            self.escalate().await?;
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn escalate(&self) -> Result<(), QualityError> {
        let now = self.clock.now_micros();
        if store::findings::unanswered(self.db.read(), now, 1).await?.is_empty() {
            return Ok(());
        }
        let tx = self.db.begin().await?;
        let mut entries = Vec::new();
        self.escalate_due(&tx, now, &mut entries).await?;
        self.commit(tx, &entries).await
    }
}
