//! Follows what came over links: the rules of the node above. Whatever does not hold is said and passed over, for nothing that another node writes
//! may stop this one.

use prost::Message;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_proto::federation::v1::Received;
use tracemesh_proto::journal::v1::Envelope;
use tracemesh_store::DatabaseTransaction;

use crate::app::Quality;

const RECEIVED: &str = "link.received";
const PUBLISHED: &str = "rules.published";

#[derive(Clone)]
pub struct InboxHandler {
    pub quality: Quality,
}

impl Handler for InboxHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let mut news = Vec::new();
        for entry in commits.iter().flat_map(|commit| &commit.entries).filter(|entry| entry.envelope.kind == RECEIVED) {
            let Some(Ok(received)) = entry.body.clone().map(Received::decode) else { continue };
            let kind = Envelope::decode(received.envelope).map(|envelope| envelope.kind).unwrap_or_default();
            if received.from_above && kind == PUBLISHED {
                news.extend(self.quality.take_rules(tx, &received.from, &received.body).await?);
            }
        }
        if !news.is_empty() {
            self.quality.journal.append(tx, &news).await?;
        }
        Ok(())
    }

    fn committed(&mut self) {
        self.quality.journal.committed();
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "the history of what came over links forked: nothing more of it takes effect");
        Ok(())
    }
}
