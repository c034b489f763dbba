//! Reading a commit and believing it: whoever decodes a commit, here or on another node, recomputes its hashes first.

use std::sync::Arc;

use prost::Message;
use tracemesh_proto::journal::v1::{Block, Commit, Envelope};

use crate::block::{self, Body, Piece};
use crate::row::leaf_of;
use crate::section::Opener;
use crate::{DecodedCommit, DecodedEntry, time};

/// A commit that is not what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}, seq {seq_from} to {seq_to}: {reason}")]
pub struct BadCommit {
    /// Where its keeper stores what is wrong.
    pub table: &'static str,
    pub seq_from: u64,
    pub seq_to: u64,
    pub reason: &'static str,
}

/// Checks that the blocks hold the entries that their roots say, and the leaf the blocks and numbers that it says; then decodes the entries.
pub fn open_commit(journal: &Arc<str>, commit: &Commit) -> Result<DecodedCommit, BadCommit> {
    let (mut entries, mut opener) = (Vec::new(), Opener::new());
    for block in &commit.blocks {
        let first_seq = commit.first_seq.saturating_add(entries.len() as u64);
        open_into(&mut entries, &mut opener, block, first_seq).map_err(|reason| bad_block(commit, block, first_seq, reason))?;
    }
    if entries.is_empty() || entries.len() != commit.entries as usize {
        return Err(bad_order(commit, "a commit does not hold the number of entries that it claims"));
    }
    if leaf_of(journal, commit)[..] != commit.leaf[..] {
        return Err(bad_order(commit, "a commit does not have its leaf hash"));
    }
    let recorded_at = time::from_wire(commit.recorded_at.as_ref());
    let (epoch, index, first_seq) = (commit.epoch, commit.index, commit.first_seq);
    Ok(DecodedCommit { journal: journal.clone(), epoch, index, first_seq, recorded_at, entries })
}

fn bad_block(commit: &Commit, block: &Block, first_seq: u64, reason: &'static str) -> BadCommit {
    // A count that was altered claims no seq beyond its commit.
    let seq_to = last_seq(commit).min(first_seq.saturating_add(block.count.into()).saturating_sub(1)).max(first_seq);
    BadCommit { table: "journal_block", seq_from: first_seq, seq_to, reason }
}

fn bad_order(commit: &Commit, reason: &'static str) -> BadCommit {
    BadCommit { table: "journal_order", seq_from: commit.first_seq, seq_to: last_seq(commit), reason }
}

fn last_seq(commit: &Commit) -> u64 {
    commit.first_seq.saturating_add(commit.entries.into()).saturating_sub(1)
}

/// The entries of one block, checked against its root.
pub(crate) fn open_block(block: &Block, first_seq: u64) -> Result<Vec<DecodedEntry>, &'static str> {
    let mut entries = Vec::new();
    open_into(&mut entries, &mut Opener::new(), block, first_seq)?;
    Ok(entries)
}

fn open_into(entries: &mut Vec<DecodedEntry>, opener: &mut Opener, block: &Block, first_seq: u64) -> Result<(), &'static str> {
    let pieces = block::unpack_checked(opener, block)?;
    entries.reserve(pieces.len());
    for (position, piece) in (0..).zip(pieces) {
        entries.push(open_piece(block.id, position, first_seq, piece).ok_or("an envelope does not decode")?);
    }
    Ok(())
}

fn open_piece(block: i64, position: i64, first_seq: u64, piece: Piece) -> Option<DecodedEntry> {
    let body = match piece.body {
        Body::Kept { bytes, .. } => Some(bytes),
        Body::Erased => None,
    };
    Some(DecodedEntry {
        seq: first_seq.checked_add(position as u64)?,
        record: block << 16 | position,
        envelope: Envelope::decode(piece.envelope.clone()).ok()?,
        envelope_bytes: piece.envelope,
        body,
        body_hash: piece.body_hash,
    })
}
