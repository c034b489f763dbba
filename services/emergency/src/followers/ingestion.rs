//! Follows ingestion: who submits for whom, so that a provider can answer for its establishments.

use std::collections::HashSet;

use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_proto::accepted::reread;
use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};
use tracemesh_store::DatabaseTransaction;

use crate::store;

/// Pairs remembered, so that most records cost no statement.
const REMEMBERED: usize = 100_000;

#[derive(Clone)]
pub struct IngestionHandler {
    pub node: String,
    pub known: HashSet<(String, String)>,
}

impl Handler for IngestionHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            let envelope = &entry.envelope;
            let counts = envelope.kind == "record" && envelope.verdict() == Verdict::Accepted && envelope.mode() != Mode::Sandbox;
            let Some(body) = entry.body.as_ref().filter(|_| counts) else { continue };
            let Ok(record) = reread(&self.node, envelope, Some(body)) else { continue };
            let Some(party) = &record.parties.responsible else { continue };
            let subject = party.code.as_ref().map_or_else(|| party.name.clone(), ToString::to_string);
            let pair = (subject, envelope.provider.clone());
            if self.known.contains(&pair) {
                continue;
            }
            store::submits::put(tx, &pair.0, &pair.1).await?;
            if self.known.len() >= REMEMBERED {
                self.known.clear();
            }
            self.known.insert(pair);
        }
        Ok(())
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "ingestion's history forked: providers answer for those whom they are known to submit for");
        Ok(())
    }
}
