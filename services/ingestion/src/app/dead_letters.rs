//! Rejected submissions as a work list, and submitting one of them again.

use prost::Message;
use tracemesh_access::Principal;
use tracemesh_journal::StoredEntry;
use tracemesh_proto::accepted::Format;
use tracemesh_proto::ingestion::v1::{DeadLetter, Receipt};

use super::Ingestion;
use super::entries::{entry_at, kept};
use super::receipts::PAGE_BYTES;
use crate::domain::receipt::{receipt, receipt_id};
use crate::domain::submission::Submission;
use crate::error::IngestionError;
use crate::store;

/// Which dead letters are asked for; empty fields match all.
pub struct Wanted<'a> {
    pub provider: &'a str,
    pub state: &'a str,
}

impl Ingestion {
    /// Newest first, before the row `before`; with the row that a next page begins before. A page may be short, or empty, though more follows: the
    /// reader sees those within its scope alone.
    pub async fn dead_letters(
        &self,
        wanted: Wanted<'_>,
        before: i64,
        size: u32,
        reader: &Principal,
    ) -> Result<(Vec<DeadLetter>, Option<i64>), IngestionError> {
        let rows = store::dead_letters::page(self.db.read(), wanted.provider, wanted.state, before, size).await?;
        let next = rows.last().filter(|_| rows.len() as u32 == size).map(|row| row.record);
        let (mut letters, mut bytes) = (Vec::with_capacity(rows.len()), 0);
        for row in rows {
            let record = row.record;
            let found = entry_at(&self.journal, record).await?;
            if !self.directory.may_read(reader, &found.entry.envelope) {
                continue;
            }
            let letter = self.dead_letter(row, found).await?;
            bytes += letter.encoded_len();
            letters.push(letter);
            if bytes > PAGE_BYTES {
                return Ok((letters, Some(record)));
            }
        }
        Ok((letters, next))
    }

    /// The same bytes again, as a new submission that names the old: for when a rule, a scope or the provider's registration has changed.
    pub async fn redrive_dead_letter(&self, id: &str, actor: &Principal) -> Result<Receipt, IngestionError> {
        let found = self.submission(id, actor).await?;
        let row = store::dead_letters::get(self.db.read(), found.entry.record).await?;
        let row = row.ok_or_else(|| IngestionError::NoDeadLetter(id.to_owned()))?;
        let body = kept(&found.entry).ok_or_else(|| IngestionError::Erased(id.to_owned()))?;
        let envelope = found.entry.envelope;
        let submission = Submission {
            scope: self.directory.scope(&row.provider)?,
            actor: actor.to_string(),
            source: envelope.source,
            step: None,
            format: Format::of(&envelope.content_type).unwrap_or(Format::Json),
            body,
            received_at: self.clock.now_micros(),
            traceparent: envelope.traceparent,
            redrives: Some(id.to_owned()),
            broken: Vec::new(),
        };
        let mut receipts = self.intake.submit(vec![submission]).await?;
        receipts.pop().ok_or(IngestionError::NotTaken)
    }

    async fn dead_letter(&self, row: store::dead_letters::DeadLetter, found: StoredEntry) -> Result<DeadLetter, IngestionError> {
        let id = receipt_id(self.journal.name(), found.epoch, found.entry.seq);
        let redriven_as = match row.redriven_as {
            Some(record) => {
                let newest = entry_at(&self.journal, record).await?;
                receipt_id(self.journal.name(), newest.epoch, newest.entry.seq)
            }
            None => String::new(),
        };
        let content_type = found.entry.envelope.content_type.clone();
        let receipt = receipt(id, found.entry.envelope, &self.directory.rules());
        Ok(DeadLetter { receipt: Some(receipt), state: row.state, redriven_as, content_type })
    }
}
