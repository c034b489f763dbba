//! Counting again from the first entry: where the rules have changed since the figures were counted, or somebody has ordered it.
//!
//! The figures are emptied and the follower is set back in one transaction, before it starts; from then on it is an ordinary follower that is
//! far behind, and what is answered meanwhile says as of which entry it is true. Announcements wait until it has caught up, so that nobody
//! above sees a half. Other nodes' months and our own journal stay.

use tracemesh_journal::cursor;

use super::Analytics;
use crate::error::AnalyticsError;
use crate::store;

impl Analytics {
    /// At every start, before anything is counted. `follower` is the name of the one who counts.
    pub async fn begin_counting(&self, follower: &str) -> Result<(), AnalyticsError> {
        let rules = self.settings.rules_text();
        let tx = self.db.begin().await?;
        let known = store::counted::rules(&tx, &self.counted).await?;
        if known.as_ref() == Some(&rules) {
            return Ok(());
        }
        store::differences::clear(&tx).await?;
        store::months::clear(&tx).await?;
        store::counted::begin(&tx, &self.counted, &rules).await?;
        cursor::reset(&tx, follower, &self.counted).await?;
        let why = known.map(|before| format!("counted by {before:?}, to be counted by {rules:?}"));
        let entries: Vec<_> = why.iter().map(|why| self.entry("figures.rebuilt", why, Vec::new())).collect();
        self.commit(tx, &entries).await
    }
}
