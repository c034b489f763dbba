//! What became of submissions: by id, newest first, and the bytes as they came. All of it is read from the journal itself.

use bytes::Bytes;
use prost::Message;
use tracemesh_access::Principal;
use tracemesh_journal::{Envelope, StoredEntry};
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::time::micros;

use super::Ingestion;
use super::entries::kept;
use crate::domain::outcome::KIND;
use crate::domain::receipt::{parse_receipt_id, receipt, receipt_id};
use crate::error::IngestionError;

/// Blocks that one page reads: some ten thousand entries.
const BLOCKS_A_PAGE: usize = 64;
/// Where a page ends, however few receipts it has: with one more it is still far from the largest message.
pub(super) const PAGE_BYTES: usize = 16 << 20;

/// Which receipts are asked for; empty fields match all.
#[derive(Clone, Default, Debug)]
pub struct Wanted {
    pub provider: String,
    pub verdict: Option<i32>,
    /// Unix microseconds.
    pub since: i64,
}

/// Receipts, and the seq before which the next page begins; none after the last.
pub struct Page {
    pub receipts: Vec<Receipt>,
    pub before: Option<u64>,
}

impl Ingestion {
    pub async fn receipt(&self, id: &str, reader: &Principal) -> Result<Receipt, IngestionError> {
        let found = self.submission(id, reader).await?;
        Ok(receipt(id.to_owned(), found.entry.envelope, &self.directory.rules()))
    }

    /// Content type and bytes, as received. A duplicate answers with those of its first, which it repeats.
    pub async fn original(&self, id: &str, reader: &Principal) -> Result<(String, Bytes), IngestionError> {
        let mut found = self.submission(id, reader).await?;
        let first = found.entry.envelope.first.clone();
        if !first.is_empty() {
            found = self.submission(&first, reader).await?;
        }
        let body = kept(&found.entry).ok_or_else(|| IngestionError::Erased(id.to_owned()))?;
        Ok((found.entry.envelope.content_type, body))
    }

    /// Newest first, before `before`. A page may be short, or empty, though more follows: so many blocks are read for one page and no more.
    pub async fn receipts(&self, wanted: &Wanted, before: Option<u64>, size: usize, reader: &Principal) -> Result<Page, IngestionError> {
        let scanned = self.journal.read_back(before, BLOCKS_A_PAGE).await?;
        // Nothing is received after it is recorded, and entries stand in the order of that: what comes before this is older still.
        let all = scanned.entries.last().is_some_and(|oldest| oldest.recorded_at < wanted.since);
        let rules = self.directory.rules();
        let (mut receipts, mut next, mut bytes) = (Vec::new(), scanned.next.filter(|_| !all), 0);
        for found in scanned.entries {
            let envelope = &found.entry.envelope;
            if envelope.kind != KIND || !wanted.matches(envelope) || !self.directory.may_read(reader, envelope) {
                continue;
            }
            let receipt = receipt(receipt_id(self.journal.name(), found.epoch, found.entry.seq), found.entry.envelope, &rules);
            bytes += receipt.encoded_len();
            receipts.push(receipt);
            if receipts.len() == size || bytes > PAGE_BYTES {
                next = (found.entry.seq > 1).then_some(found.entry.seq);
                break;
            }
        }
        Ok(Page { receipts, before: next })
    }

    /// The entry of a submission that the reader may see; what it may not see does not exist for it.
    pub(super) async fn submission(&self, id: &str, reader: &Principal) -> Result<StoredEntry, IngestionError> {
        let (journal, epoch, seq) = parse_receipt_id(id).ok_or_else(|| IngestionError::NotAReceiptId(id.to_owned()))?;
        let none = || IngestionError::NoReceipt(id.to_owned());
        if journal != self.journal.name() {
            return Err(none());
        }
        let found = self.journal.entry(seq).await?.ok_or_else(none)?;
        let envelope = &found.entry.envelope;
        if found.epoch != epoch || envelope.kind != KIND || !self.directory.may_read(reader, envelope) {
            return Err(none());
        }
        Ok(found)
    }
}

impl Wanted {
    fn matches(&self, envelope: &Envelope) -> bool {
        (self.provider.is_empty() || self.provider == envelope.provider)
            && self.verdict.is_none_or(|verdict| verdict == envelope.verdict)
            && micros(envelope.received_at.as_ref()) >= self.since
    }
}
