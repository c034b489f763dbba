//! Rows as the databases hand them out, and what they mean. Whoever changed a stored number may have made it anything: turning a row into a
//! value checks its range and answers [`BadRow`], never a panic.

use tracemesh_proto::journal::v1::{Block, Commit};

use crate::hash::{BlockMark, CommitLeaf, Hash, leaf_hash};
use crate::time;

pub(crate) const ORDER_COLUMNS: &str = "first_seq, epoch, commit_index, entries, first_block, blocks, recorded_at, leaf";
pub(crate) type OrderTuple = (i64, i64, i64, i64, i64, i64, i64, Vec<u8>);

pub(crate) const BLOCK_COLUMNS: &str = "block, count, codec, raw_len, root, envelopes, bodies";
pub(crate) type BlockTuple = (i64, i64, i64, i64, Vec<u8>, Vec<u8>, Vec<u8>);

/// A number is negative or too large, or a hash has not 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BadRow;

/// An order row: one commit without its blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub first_seq: u64,
    pub epoch: u64,
    pub index: u64,
    pub entries: u32,
    pub first_block: i64,
    pub blocks: u32,
    pub recorded_at: i64,
    pub leaf: Hash,
}

impl TryFrom<OrderTuple> for Order {
    type Error = BadRow;

    fn try_from((first_seq, epoch, index, entries, first_block, blocks, recorded_at, leaf): OrderTuple) -> Result<Self, BadRow> {
        Ok(Self {
            first_seq: number(first_seq)?,
            epoch: number(epoch)?,
            index: number(index)?,
            entries: number(entries)?,
            first_block,
            blocks: number(blocks)?,
            recorded_at,
            leaf: hash(leaf)?,
        })
    }
}

impl Order {
    /// At least one: `first_seq` of an empty commit would be the next one's.
    pub fn last_seq(&self) -> u64 {
        (self.first_seq + u64::from(self.entries)).saturating_sub(1)
    }

    pub fn commit(self, blocks: Vec<Block>) -> Commit {
        Commit {
            epoch: self.epoch,
            index: self.index,
            first_seq: self.first_seq,
            entries: self.entries,
            recorded_at: Some(time::to_wire(self.recorded_at)),
            leaf: self.leaf.to_vec().into(),
            blocks,
        }
    }
}

/// The leaf that a commit should have.
pub(crate) fn leaf_of(journal: &str, commit: &Commit) -> Hash {
    let blocks: Vec<BlockMark> = commit.blocks.iter().map(BlockMark::of).collect();
    leaf_hash(&CommitLeaf {
        journal,
        epoch: commit.epoch,
        index: commit.index,
        first_seq: commit.first_seq,
        entries: commit.entries.into(),
        recorded_at: time::from_wire(commit.recorded_at.as_ref()),
        blocks: &blocks,
    })
}

pub(crate) fn block((id, count, codec, raw_len, root, envelopes, bodies): BlockTuple) -> Result<Block, BadRow> {
    Ok(Block {
        id,
        count: number(count)?,
        codec: number(codec)?,
        raw_len: number(raw_len)?,
        root: hash(root)?.to_vec().into(),
        envelopes: envelopes.into(),
        bodies: bodies.into(),
    })
}

pub(crate) fn number<T: TryFrom<i64>>(stored: i64) -> Result<T, BadRow> {
    stored.try_into().map_err(|_| BadRow)
}

pub(crate) fn hash(stored: Vec<u8>) -> Result<Hash, BadRow> {
    stored.try_into().map_err(|_| BadRow)
}
