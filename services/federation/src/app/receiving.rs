//! What comes over a link for the services of this node goes into one journal, the inbox, which they follow: exactly once, in the order in which it was
//! written, and with the neighbour's name as the link has it, whatever the entry says of itself.

use bytes::Bytes;
use prost::Message;
use tracemesh_journal::{DecodedCommit, DecodedEntry, ENTRY_BYTES_MAX, Entry};
use tracemesh_proto::federation::v1::{Received, Undelivered};
use tracemesh_proto::journal::v1::Envelope;
use tracemesh_store::DatabaseTransaction;

use super::Federation;
use super::batch::Batch;
use crate::error::FederationError;
use crate::store;

/// The kind of entry that the inbox is made of.
pub const RECEIVED: &str = "link.received";
const UNDELIVERED: &str = "link.undelivered";
/// How far a node has what its parent has for it, in its uplinks.
pub const TAKEN: &str = "link.taken";

/// What may travel, envelope and body together: the rest is for what is written around it at each stage.
const TRAVELS_BYTES_MAX: usize = ENTRY_BYTES_MAX - (64 << 10);

/// From whom, by the link.
pub struct Neighbour<'a> {
    pub node: &'a str,
    pub is_above: bool,
    /// Which of its histories is followed.
    pub history: u64,
}

/// An entry that came, and in what it came.
pub type Come<'a> = (&'a DecodedCommit, &'a DecodedEntry);

impl Federation {
    /// Puts entries that came over a link into the inbox, in their order.
    pub async fn receive(
        &self,
        tx: &DatabaseTransaction,
        batch: &mut Batch,
        from: &Neighbour<'_>,
        entries: &[Come<'_>],
    ) -> Result<(), FederationError> {
        let mut readable = Vec::with_capacity(entries.len());
        for (commit, entry) in entries {
            match travels(entry) {
                Ok(body) => readable.push((commit, entry, body, store::received::content(&entry.envelope_bytes, body))),
                Err(why) => self.undelivered(batch, self.node(), commit, entry, why),
            }
        }
        let contents = readable.iter().map(|(.., content)| *content).collect();
        let new = store::received::put(tx, from.node, from.history, contents).await?;
        for (commit, entry, body, _) in readable.iter().filter(|(.., content)| new.contains(content)) {
            batch.add(&self.inbox, self.received(from, commit, entry, body));
        }
        Ok(())
    }

    fn received(&self, from: &Neighbour<'_>, commit: &DecodedCommit, entry: &DecodedEntry, body: &Bytes) -> Entry {
        let received = Received {
            from: from.node.to_owned(),
            from_above: from.is_above,
            journal: commit.journal.to_string(),
            epoch: commit.epoch,
            seq: entry.seq,
            envelope: entry.envelope_bytes.clone(),
            body: body.clone(),
        };
        let envelope = Envelope {
            actor: format!("node:{}", from.node),
            source: format!("follower:{}", commit.journal),
            source_offset: entry.seq as i64,
            traceparent: entry.envelope.traceparent.clone(),
            labels: entry.envelope.labels.clone(),
            urgent: entry.envelope.urgent,
            ..self.envelope(RECEIVED)
        };
        Entry::new(&envelope, received.encode_to_vec())
    }

    /// Writes down that an entry does not get where it is to go: nobody waits for it without knowing.
    pub fn undelivered(&self, batch: &mut Batch, to: &str, commit: &DecodedCommit, entry: &DecodedEntry, why: &str) {
        let (journal, kind) = (commit.journal.to_string(), entry.envelope.kind.clone());
        tracing::warn!(to, journal, seq = entry.seq, kind, why, "an entry is not handed on");
        let undelivered = Undelivered { to: to.to_owned(), journal, epoch: commit.epoch, seq: entry.seq, kind, why: why.to_owned() };
        batch.add(&self.journal, Entry::new(&self.envelope(UNDELIVERED), undelivered.encode_to_vec()));
    }
}

/// The body of an entry that can be handed on, or why it cannot.
pub fn travels(entry: &DecodedEntry) -> Result<&Bytes, &'static str> {
    match &entry.body {
        None => Err("its body was erased"),
        Some(body) if entry.envelope_bytes.len() + body.len() > TRAVELS_BYTES_MAX => Err("it is too large"),
        Some(body) => Ok(body),
    }
}
