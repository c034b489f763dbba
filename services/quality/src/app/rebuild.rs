//! Following again from the first entry: where the rules have changed since everything was made, or somebody has ordered it.
//!
//! In one transaction, before the follower starts, what was made from the journal is emptied and the follower is set back. Findings keep their
//! numbers, their steps and what people said: a cause that is found again is the same finding. What is not found again by the end is closed.

use tracemesh_journal::{Entry, cursor};

use super::Quality;
use super::say::ours;
use crate::error::QualityError;
use crate::store;

/// Findings closed in one transaction.
const AT_ONCE: i64 = 1_000;

impl Quality {
    /// At every start, before anything is followed. `follower` is the name of the one who follows.
    pub async fn begin_following(&self, follower: &str) -> Result<(), QualityError> {
        let rules = self.settings.rules_text();
        let tx = self.db.begin().await?;
        let known = store::followed::rules(&tx, &self.followed).await?;
        if known.as_ref() != Some(&rules) {
            store::clear(&tx).await?;
            store::followed::begin(&tx, &self.followed, &rules).await?;
            cursor::reset(&tx, follower, &self.followed).await?;
        }
        let entries: Vec<Entry> = known.filter(|known| *known != rules).map(|before| self.rebuilt(&before, &rules)).into_iter().collect();
        self.commit(tx, &entries).await
    }

    /// Everything was followed once: what no record speaks for any more is over.
    pub async fn end_following(&self, now: i64) -> Result<(), QualityError> {
        loop {
            let tx = self.db.begin().await?;
            let over = store::findings::without_evidence(&tx, AT_ONCE).await?;
            let is_all = (over.len() as i64) < AT_ONCE;
            let mut entries = Vec::new();
            for finding in over {
                self.close_by_itself(&tx, finding, now, &mut entries).await?;
            }
            self.commit(tx, &entries).await?;
            if is_all {
                return Ok(());
            }
        }
    }

    fn rebuilt(&self, before: &str, rules: &str) -> Entry {
        let why = format!("found by {before:?}, to be found by {rules:?}");
        self.entry("findings.rebuilt", &ours(&why, self.clock.now_micros()), self.labels(), Vec::new(), Vec::new())
    }
}
