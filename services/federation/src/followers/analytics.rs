//! Follows this node's analytics: whatever it says of figures, of this node's own and of those below, goes up as it was said, with its origin.

use tracemesh_journal::{DecodedCommit, DecodedEntry, Entry, Fork, Handler, HandlerError};
use tracemesh_store::DatabaseTransaction;

use crate::app::Federation;
use crate::store;

/// The kind of entry by which figures are announced, in analytics' journal and in uplinks.
pub const FIGURES: &str = "figures.changed";

#[derive(Clone)]
pub struct AnalyticsHandler {
    pub federation: Federation,
}

impl Handler for AnalyticsHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        // Without a parent nobody is told; the one that comes will ask for the months that there are.
        if store::parent::get(tx).await?.is_none() {
            return Ok(());
        }
        let entries: Vec<Entry> = commits.iter().flat_map(|commit| &commit.entries).filter_map(relayed).collect();
        if !entries.is_empty() {
            self.federation.uplinks.bulk.append(tx, &entries).await?;
        }
        Ok(())
    }

    fn committed(&mut self) {
        self.federation.uplinks.bulk.committed();
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        // What it says is no longer told to the node above, which can still ask.
        Ok(self.federation.note_fork(fork).await?)
    }
}

fn relayed(entry: &DecodedEntry) -> Option<Entry> {
    let body = entry.body.clone().filter(|_| entry.envelope.kind == FIGURES)?;
    Some(Entry::relayed(entry.envelope_bytes.clone(), body))
}
