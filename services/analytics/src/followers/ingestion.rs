//! Follows ingestion: everything that is counted comes from here.

use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_store::DatabaseTransaction;

use crate::app::Analytics;

#[derive(Clone)]
pub struct IngestionHandler {
    pub analytics: Analytics,
}

impl Handler for IngestionHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        Ok(self.analytics.count(tx, commits).await?)
    }

    fn committed(&mut self) {
        self.analytics.progress.send_modify(|progress| progress.batches += 1);
    }

    fn caught_up(&mut self, _: u64) {
        self.analytics.progress.send_if_modified(|progress| !std::mem::replace(&mut progress.is_caught_up, true));
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        Ok(self.analytics.note_fork(fork).await?)
    }
}
