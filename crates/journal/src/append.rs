//! Writing: `stage` anywhere in a transaction, `seal` as its last act, `append` for both at once.
//!
//! Staged blocks have ids, so that index rows can point at (block, position) while the place of the commit is still open. Sealing decides the
//! place: at READ COMMITTED it locks the journal's row and then, *in another statement*, reads the head, so that the head is read with a
//! snapshot younger than the wait. Thereby commit order is seq order, and a reader never sees a hole that is filled later. Rejected: lock and
//! `max(seq) + 1` in one statement (the snapshot is older than the wait), a plain sequence (a slow transaction commits a lower number after a
//! reader has passed it), the lock first (all writers would wait for each other's whole transactions).

use std::sync::atomic::Ordering;

use sea_orm::ConnectionTrait;
use tracemesh_store::{DbErr, sql};

use crate::JournalError;
use crate::block::{self, Packed};
use crate::entry::Entry;
use crate::hash::{BlockMark, CommitLeaf, leaf_hash};
use crate::journal::{Journal, TORN};
use crate::row::Order;

/// How often to ask the sequence for ids in a row. One draw takes microseconds, so that another seldom falls into it.
const DRAWS: usize = 100;

/// Blocks that are written and have no place yet.
#[must_use = "staged entries are lost to every reader until they are sealed in the same transaction"]
#[derive(Debug)]
pub struct Staged {
    /// For each entry, in order: block << 16 | position. What index rows point with.
    pub refs: Vec<i64>,
    blocks: Vec<BlockMark>,
}

/// Where entries stand, once their transaction commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    pub epoch: u64,
    pub first_seq: u64,
    /// One time for all entries, in microseconds since 1970.
    pub recorded_at: i64,
    pub refs: Vec<i64>,
}

impl Appended {
    /// The number of the last of them.
    pub fn last_seq(&self) -> u64 {
        self.first_seq + self.refs.len() as u64 - 1
    }
}

/// A journal's row, which no other writer can have now.
pub(crate) struct Locked {
    pub epoch: u64,
    /// Why nothing is taken; empty = it is.
    pub halted: String,
}

impl Journal {
    /// Stages and seals: for a transaction that does nothing after it. Call [`Journal::committed`] once it is committed.
    pub async fn append(&self, tx: &impl ConnectionTrait, entries: &[Entry]) -> Result<Appended, JournalError> {
        let staged = self.stage(tx, entries).await?;
        self.seal(tx, staged).await
    }

    /// Writes the entries' blocks. Holds no lock that another writer waits for.
    pub async fn stage(&self, tx: &impl ConnectionTrait, entries: &[Entry]) -> Result<Staged, JournalError> {
        let packed = block::pack(entries)?;
        let first = self.block_ids(tx, packed.len() as i64).await?;
        let mut blocks = Vec::with_capacity(packed.len());
        for (id, packed) in (first..).zip(packed) {
            blocks.push(BlockMark { id, count: packed.count, root: packed.root });
            self.write_block(tx, id, packed).await?;
        }
        let refs = blocks.iter().flat_map(|block| (0..i64::from(block.count)).map(|position| block.id << 16 | position)).collect();
        Ok(Staged { refs, blocks })
    }

    /// Gives staged entries their place. The last statements before the commit: every other writer waits from here on. A transaction that
    /// seals several journals seals them in the order of their names, or two such transactions may wait for each other.
    pub async fn seal(&self, tx: &impl ConnectionTrait, staged: Staged) -> Result<Appended, JournalError> {
        if self.inner.torn.load(Ordering::Relaxed) {
            return Err(self.damaged(0, "journal_order", TORN));
        }
        let Locked { epoch, halted } = self.lock(tx).await?;
        if !halted.is_empty() {
            return Err(JournalError::Halted { journal: self.name().to_owned(), why: halted });
        }
        let head = self.last_order(tx).await?;
        let order = self.place(epoch, head, &staged.blocks, staged.refs.len() as u32);
        self.write_order(tx, &order).await?;
        Ok(Appended { epoch, first_seq: order.first_seq, recorded_at: order.recorded_at, refs: staged.refs })
    }

    /// The next `count` ids, in a row.
    async fn block_ids(&self, tx: &impl ConnectionTrait, count: i64) -> Result<i64, JournalError> {
        if !self.on_postgres() {
            let highest = sql::row::<i64>(tx, "SELECT coalesce(max(block), 0) FROM journal_block", vec![]).await?;
            return Ok(highest.unwrap_or_default() + 1);
        }
        // Another transaction may draw in between. Ids that are not in a row stay unused: there are 2^47.
        let text = "SELECT min(id), max(id) FROM (SELECT nextval('journal_block_id') AS id FROM generate_series(1, $1)) AS drawn";
        for _ in 0..DRAWS {
            let drawn = sql::row::<(i64, i64)>(tx, text, vec![count.into()]).await?;
            if let Some((first, last)) = drawn
                && last - first == count - 1
            {
                return Ok(first);
            }
        }
        Err(DbErr::Custom(format!("no {count} block ids in a row in {DRAWS} draws")).into())
    }

    async fn write_block(&self, tx: &impl ConnectionTrait, id: i64, packed: Packed) -> Result<(), JournalError> {
        let text = "INSERT INTO journal_block (journal, block, count, codec, raw_len, root, envelopes, bodies)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let Packed { count, raw_len, root, envelopes, bodies } = packed;
        let numbers = [self.inner.id, id, count.into(), block::CODEC.into(), raw_len.into()].map(Into::into);
        let values = numbers.into_iter().chain([root.as_slice().into(), envelopes.into(), bodies.into()]).collect();
        sql::run(tx, text, values).await?;
        Ok(())
    }

    /// Waits until no other writer can place entries. SQLite's writer holds the whole file already.
    pub(crate) async fn lock(&self, tx: &impl ConnectionTrait) -> Result<Locked, JournalError> {
        let text = match self.on_postgres() {
            true => "SELECT epoch, halted FROM journal WHERE id = $1 FOR NO KEY UPDATE",
            false => "SELECT epoch, halted FROM journal WHERE id = $1",
        };
        let row = sql::row::<(i64, String)>(tx, text, vec![self.inner.id.into()]).await?;
        let locked = row.and_then(|(epoch, halted)| Some(Locked { epoch: epoch.try_into().ok()?, halted }));
        locked.ok_or_else(|| self.damaged(0, "journal", "the journal's row is gone"))
    }

    fn place(&self, epoch: u64, head: Option<Order>, blocks: &[BlockMark], entries: u32) -> Order {
        let first_seq = head.as_ref().map_or(0, Order::last_seq) + 1;
        let index = head.as_ref().filter(|head| head.epoch == epoch).map_or(0, |head| head.index + 1);
        let recorded_at = head.map_or(i64::MIN, |head| head.recorded_at).max(self.now());
        let leaf = CommitLeaf { journal: self.name(), epoch, index, first_seq, entries: entries.into(), recorded_at, blocks };
        let leaf = leaf_hash(&leaf);
        Order { first_seq, epoch, index, entries, first_block: blocks[0].id, blocks: blocks.len() as u32, recorded_at, leaf }
    }

    async fn write_order(&self, tx: &impl ConnectionTrait, order: &Order) -> Result<(), JournalError> {
        let text = "INSERT INTO journal_order (journal, first_seq, epoch, commit_index, entries, first_block, blocks, recorded_at, leaf)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let Order { first_seq, epoch, index, entries, first_block, blocks, recorded_at, leaf } = order;
        let places = [self.inner.id, *first_seq as i64, *epoch as i64, *index as i64];
        let extents = [i64::from(*entries), *first_block, i64::from(*blocks), *recorded_at];
        let numbers = places.into_iter().chain(extents).map(Into::into);
        sql::run(tx, text, numbers.chain([leaf.as_slice().into()]).collect()).await?;
        Ok(())
    }
}
