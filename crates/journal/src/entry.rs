//! An entry before it is written, and as it is read.

use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use tracemesh_proto::journal::v1::Envelope;

use crate::{Hash, block};

/// What one entry may hold, with its envelope and the few bytes around it.
pub const ENTRY_BYTES_MAX: usize = 16 << 20;

/// One thing learned. The envelope is encoded once, here: from now on it is bytes, hashed and handed on as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    envelope: Bytes,
    body: Bytes,
}

impl Entry {
    /// An entry of our own.
    pub fn new(envelope: &Envelope, body: impl Into<Bytes>) -> Self {
        Self { envelope: envelope.encode_to_vec().into(), body: body.into() }
    }

    /// An entry of another journal, handed on as it came: unknown fields survive.
    pub fn relayed(envelope: Bytes, body: Bytes) -> Self {
        Self { envelope, body }
    }

    /// As encoded.
    pub fn envelope(&self) -> &Bytes {
        &self.envelope
    }

    /// As received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// What it takes in a block before compression.
    pub(crate) fn raw_len(&self) -> usize {
        self.envelope.len() + self.body.len() + block::FRAME
    }
}

/// An entry as it stands in a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedEntry {
    pub seq: u64,
    /// `block << 16 | position`, what index rows point with.
    pub record: i64,
    pub envelope: Envelope,
    /// The envelope as hashed: hand these bytes on, not a new encoding.
    pub envelope_bytes: Bytes,
    /// None once it was erased.
    pub body: Option<Bytes>,
    pub body_hash: Hash,
}

/// An entry with what its commit says about it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEntry {
    pub epoch: u64,
    /// When the journal took it, in microseconds since 1970.
    pub recorded_at: i64,
    pub entry: DecodedEntry,
}

/// The entries of one commit, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodedCommit {
    pub journal: Arc<str>,
    pub epoch: u64,
    /// Position among the commits of the epoch, from 0.
    pub index: u64,
    pub first_seq: u64,
    /// When the journal took it, in microseconds since 1970. Never goes back.
    pub recorded_at: i64,
    pub entries: Vec<DecodedEntry>,
}

impl DecodedCommit {
    /// The number of its last entry.
    pub fn last_seq(&self) -> u64 {
        self.first_seq + self.entries.len() as u64 - 1
    }
}
