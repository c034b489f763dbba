//! Follows quality: keeps our copy of the rule sets that it publishes, each before its instant comes.

use prost::Message;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_proto::quality::v1::RulesPublished;
use tracemesh_store::DatabaseTransaction;

use crate::app::directory::Directory;
use crate::store;

const PUBLISHED: &str = "rules.published";

#[derive(Clone)]
pub struct QualityHandler {
    directory: Directory,
    /// Whether what is being committed has rules in it; most of what quality says are findings.
    heard: bool,
}

impl QualityHandler {
    pub fn new(directory: Directory) -> Self {
        Self { directory, heard: false }
    }
}

impl Handler for QualityHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let entries = commits.iter().flat_map(|commit| &commit.entries).filter(|entry| entry.envelope.kind == PUBLISHED);
        for entry in entries {
            let Some(body) = &entry.body else { continue };
            store::rules::put(tx, entry.seq as i64, &RulesPublished::decode(body.as_ref())?).await?;
            self.heard = true;
        }
        Ok(())
    }

    fn committed(&mut self) {
        if std::mem::take(&mut self.heard) {
            self.directory.changed();
        }
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "quality's history forked: the doors go on with the rules that they have");
        Ok(())
    }
}
