//! Entries by the references of index rows, and records read again as they were read when they came.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tracemesh_journal::{DecodedEntry, Journal, JournalError, StoredEntry};
use tracemesh_model::TraceRecord;
use tracemesh_proto::accepted::{self, Unreadable};

use crate::error::IngestionError;

/// The entry that an index row points at; a row that points nowhere is damage.
pub async fn entry_at(journal: &Journal, record: i64) -> Result<StoredEntry, IngestionError> {
    let nowhere = || damaged(journal, 0, format!("an index row points at {record}, where there is no entry"));
    Ok(journal.entry_by_ref(record).await?.ok_or_else(nowhere)?)
}

pub fn damaged(journal: &Journal, seq: u64, reason: String) -> JournalError {
    JournalError::Damaged { journal: journal.name().to_owned(), seq, table: "journal_block", reason }
}

/// The bytes of a submission as they came. None where they were erased, or were never kept because no entry could hold them.
pub fn kept(entry: &DecodedEntry) -> Option<Bytes> {
    entry.body.clone().filter(|body| Sha256::digest(body)[..] == entry.envelope.sha256[..])
}

/// The record of an accepted entry.
pub fn reread(entry: &DecodedEntry, node: &str) -> Result<TraceRecord, Unreadable> {
    accepted::reread(node, &entry.envelope, entry.body.as_deref())
}
