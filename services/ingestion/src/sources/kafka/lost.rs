//! A stored offset that lies outside of the log: what stood there was removed before we read it, or the topic is another one. Nobody but a
//! person can say whether anything is missing, so that the partition stops, and the journal keeps that it did.

use std::fmt;

use serde::Serialize;
use tracemesh_access::Principal;
use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::journal::v1::envelope::Mode;
use tracemesh_proto::time::timestamp;

/// The kind of its entry.
const KIND: &str = "source.offset_lost";

/// Body of the entry, as JSON.
#[derive(Serialize)]
pub struct OffsetLost<'a> {
    pub source: &'a str,
    /// Where we would have gone on.
    pub next: i64,
    /// First offset in the log, and the one that the next message will have; none where the broker did not say.
    pub log: Option<(i64, i64)>,
}

impl OffsetLost<'_> {
    pub fn entry(&self, provider: &str, now: i64) -> Entry {
        let envelope = Envelope {
            kind: KIND.into(),
            actor: Principal::service("ingestion").to_string(),
            provider: provider.into(),
            source: self.source.into(),
            source_offset: self.next,
            received_at: Some(timestamp(now)),
            mode: Mode::Live.into(),
            content_type: "application/json".into(),
            why: self.to_string(),
            ..Envelope::default()
        };
        let body = serde_json::to_vec(self).unwrap_or_default();
        Entry::new(&envelope, body)
    }
}

impl fmt::Display for OffsetLost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stands at offset {}, which the log does not have", self.next)?;
        match self.log {
            Some((from, to)) => write!(f, ": it goes from {from} to {to}"),
            None => Ok(()),
        }
    }
}
