//! Follows what came over links: orders and their ends from above, answers and incidents from below. Whatever does not hold is said and passed over, for
//! nothing that another node writes may stop this one.

use prost::Message;
use tracemesh_access::Principal;
use tracemesh_journal::{DecodedCommit, DecodedEntry, Entry, Fork, Handler, HandlerError};
use tracemesh_proto::federation::v1::Received;
use tracemesh_proto::journal::v1::Envelope;
use tracemesh_store::DatabaseTransaction;

use crate::app::{Cause, Emergency};

#[derive(Clone)]
pub struct InboxHandler {
    pub emergency: Emergency,
}

impl Handler for InboxHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let mut news = Vec::new();
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            news.extend(self.act_on(tx, entry).await?);
        }
        if !news.is_empty() {
            self.emergency.journal.append(tx, &news).await?;
        }
        Ok(())
    }

    fn committed(&mut self) {
        self.emergency.committed();
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "the history of what came over links forked: nothing more of it takes effect");
        Ok(())
    }
}

impl InboxHandler {
    async fn act_on(&self, tx: &DatabaseTransaction, entry: &DecodedEntry) -> Result<Vec<Entry>, HandlerError> {
        let Some(body) = entry.body.as_ref().filter(|_| entry.envelope.kind == "link.received") else { return Ok(vec![]) };
        let Received { from, from_above, envelope, body, .. } = Received::decode(body.as_ref())?;
        let Ok(Envelope { kind, why, .. }) = Envelope::decode(envelope) else { return Ok(vec![]) };
        let itself = Principal::service("emergency");
        let cause = Cause { actor: &itself, why: &why };
        let emergency = &self.emergency;
        Ok(match (from_above, kind.as_str()) {
            (true, "order.issued") => emergency.take_order(tx, cause, &from, &body).await?,
            (true, "order.closed") => emergency.take_closing(tx, cause, &body).await?,
            (false, "order.progress") => emergency.merge_progress(tx, cause, &from, &body).await?,
            (false, "order.refused") => emergency.note_refusal(tx, cause, &from, &body).await?,
            (false, kind) if kind.starts_with("incident.") => {
                emergency.keep_theirs(tx, &from, &body).await?;
                vec![]
            }
            _ => vec![],
        })
    }
}
