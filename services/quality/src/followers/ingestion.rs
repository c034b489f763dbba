//! Follows ingestion: everything that is counted and found comes from here.

use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_store::DatabaseTransaction;

use crate::app::Quality;

#[derive(Clone)]
pub struct IngestionHandler {
    pub quality: Quality,
}

impl Handler for IngestionHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        Ok(self.quality.follow(tx, commits).await?)
    }

    fn committed(&mut self) {
        self.quality.journal.committed();
    }

    fn caught_up(&mut self, _: u64) {
        self.quality.progress.send_if_modified(|progress| !std::mem::replace(&mut progress.is_caught_up, true));
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        Ok(self.quality.note_fork(fork).await?)
    }
}
