//! Follows ingestion: failed inspections, and who submits for whom, so that a provider can answer for its establishments.

use std::collections::HashSet;

use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_model::TraceRecord;
use tracemesh_proto::accepted::reread;
use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};
use tracemesh_store::DatabaseTransaction;

use crate::app::Emergency;
use crate::store;

/// Pairs remembered, so that most records cost no statement.
const REMEMBERED: usize = 100_000;

#[derive(Clone)]
pub struct IngestionHandler {
    pub emergency: Emergency,
    pub known: HashSet<(String, String)>,
    /// Something was journaled in the transaction that is being committed.
    pub has_news: bool,
}

impl Handler for IngestionHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let mut news = Vec::new();
        for commit in commits {
            for entry in &commit.entries {
                let envelope = &entry.envelope;
                let counts = envelope.kind == "record" && envelope.verdict() == Verdict::Accepted && envelope.mode() != Mode::Sandbox;
                let Some(body) = entry.body.as_ref().filter(|_| counts) else { continue };
                let Ok(record) = reread(&self.emergency.node.id, envelope, Some(body)) else { continue };
                self.note_provider(tx, &envelope.provider, &record).await?;
                // What years ago was found to be bad is nobody's emergency.
                if envelope.mode() != Mode::Historical {
                    let receipt = format!("{}/{}/{}", commit.journal, commit.epoch, entry.seq);
                    news.extend(self.emergency.note_record(tx, &receipt, &record).await?);
                }
            }
        }
        self.has_news = !news.is_empty();
        if self.has_news {
            self.emergency.journal.append(tx, &news).await?;
        }
        Ok(())
    }

    fn committed(&mut self) {
        if self.has_news {
            self.emergency.committed();
        }
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "ingestion's history forked: no further inspections are heard of");
        Ok(())
    }
}

impl IngestionHandler {
    async fn note_provider(&mut self, tx: &DatabaseTransaction, provider: &str, record: &TraceRecord) -> Result<(), HandlerError> {
        let Some(party) = &record.parties.responsible else { return Ok(()) };
        let subject = party.code.as_ref().map_or_else(|| party.name.clone(), ToString::to_string);
        let pair = (subject, provider.to_owned());
        if self.known.contains(&pair) {
            return Ok(());
        }
        store::submits::put(tx, &pair.0, &pair.1).await?;
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(pair);
        Ok(())
    }
}
