//! Reading: commits in order for followers, single entries by their number or reference, pages backwards from the newest.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use tracemesh_proto::journal::v1::{Block, Commit};
use tracemesh_store::{Value, sql};

use crate::commit::open_block;
use crate::journal::Journal;
use crate::row::{self, BLOCK_COLUMNS, BlockTuple, ORDER_COLUMNS, Order, OrderTuple};
use crate::{DecodedCommit, JournalError, StoredEntry, open_commit};

/// Commits that one read answers at most.
const COMMITS_MAX: i64 = 64;

/// Some entries, newest first.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub entries: Vec<StoredEntry>,
    /// What to pass as `before` for the next page; none at the beginning of the journal.
    pub next: Option<u64>,
}

/// A block where it stands.
pub(crate) struct PlacedBlock {
    pub order: Order,
    pub first_seq: u64,
    pub block: Block,
}

impl Journal {
    /// The commits after seq `after`, in order: until there are `max_bytes` as stored, or 64 commits; at least one where there is one.
    pub async fn read(&self, after: u64, max_bytes: usize) -> Result<Vec<Commit>, JournalError> {
        let db = self.inner.db.read();
        let (mut commits, mut bytes) = (Vec::new(), 0);
        // Blocks commit by commit: a join over ranges of ids is something that PostgreSQL's planner may answer by reading the whole table.
        for order in self.orders_after(db, after).await? {
            let blocks = self.blocks_of(db, &order).await?;
            bytes += blocks.iter().map(|block| block.envelopes.len() + block.bodies.len()).sum::<usize>();
            commits.push(order.commit(blocks));
            if bytes >= max_bytes {
                break;
            }
        }
        Ok(commits)
    }

    /// Checks and decodes what [`Self::read`] answered.
    pub fn decode(&self, commit: &Commit) -> Result<DecodedCommit, JournalError> {
        open_commit(&self.inner.name, commit).map_err(|bad| self.damaged(commit.first_seq, bad.table, bad.reason))
    }

    /// The entry with this number; none beyond the end.
    pub async fn entry(&self, seq: u64) -> Result<Option<StoredEntry>, JournalError> {
        let Some(placed) = self.block_with(self.inner.db.read(), seq).await? else { return Ok(None) };
        Ok(self.entries_in(&placed)?.into_iter().find(|stored| stored.entry.seq == seq))
    }

    /// The entry that an index row points at, once it is committed.
    pub async fn entry_by_ref(&self, record: i64) -> Result<Option<StoredEntry>, JournalError> {
        Ok(self.entries_by_ref(&[record]).await?.pop().flatten())
    }

    /// The entries that these index rows point at, in their order; each block is read once. The caller bounds their number.
    pub async fn entries_by_ref(&self, records: &[i64]) -> Result<Vec<Option<StoredEntry>>, JournalError> {
        let mut sorted: Vec<(i64, usize)> = records.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let mut found = vec![None; records.len()];
        for same_block in sorted.chunk_by(|(one, _), (other, _)| one >> 16 == other >> 16) {
            let Some(placed) = self.block_of(self.inner.db.read(), same_block[0].0 >> 16).await? else { continue };
            let entries = self.entries_in(&placed)?;
            for (record, index) in same_block {
                found[*index] = entries.get((record & 0xffff) as usize).cloned();
            }
        }
        Ok(found)
    }

    /// The number of the entry that an index row points at.
    pub async fn seq_of_ref(&self, record: i64) -> Result<Option<u64>, JournalError> {
        let db = self.inner.db.read();
        let Some(order) = self.order_of_block(db, record >> 16).await? else { return Ok(None) };
        let mut seq = order.first_seq;
        for (block, count) in self.counts(db, &order).await? {
            let position = (record & 0xffff) as u64;
            if block == record >> 16 {
                return Ok((position < count).then_some(seq + position));
            }
            seq += count;
        }
        Ok(None)
    }

    /// Entries before `before` (none: from the end), newest first, out of at most `blocks` blocks. A page may be empty for a caller who filters;
    /// it goes on while there is a `next`.
    pub async fn read_back(&self, before: Option<u64>, blocks: usize) -> Result<Page, JournalError> {
        let mut before = match before {
            Some(before) => before,
            None => self.head().await?.seq + 1,
        };
        let mut entries = Vec::new();
        for _ in 0..blocks {
            let Some(placed) = self.block_with(self.inner.db.read(), before.saturating_sub(1)).await? else { break };
            let older = self.entries_in(&placed)?.into_iter().rev().filter(|stored| stored.entry.seq < before);
            entries.extend(older);
            before = placed.first_seq;
        }
        Ok(Page { entries, next: (before > 1).then_some(before) })
    }

    async fn orders_after(&self, db: &impl ConnectionTrait, after: u64) -> Result<Vec<Order>, JournalError> {
        // `after` may stand inside a commit, which is then read whole: repeating is harmless.
        let text = format!(
            "SELECT {ORDER_COLUMNS} FROM journal_order
             WHERE journal = $1 AND first_seq + entries > $2 AND first_seq >= coalesce(
                 (SELECT max(first_seq) FROM journal_order WHERE journal = $1 AND first_seq <= $2), 0)
             ORDER BY first_seq LIMIT $3"
        );
        let next = i64::try_from(after.saturating_add(1)).unwrap_or(i64::MAX);
        let rows: Vec<OrderTuple> = sql::rows(db, &text, [self.inner.id, next, COMMITS_MAX].map(Value::from).into()).await?;
        rows.into_iter().map(|row| self.order(row)).collect()
    }

    async fn blocks_of(&self, db: &impl ConnectionTrait, order: &Order) -> Result<Vec<Block>, JournalError> {
        let text = format!("SELECT {BLOCK_COLUMNS} FROM journal_block WHERE journal = $1 AND block >= $2 AND block < $3 ORDER BY block");
        let rows: Vec<BlockTuple> = sql::rows(db, &text, self.range_of(order)).await?;
        rows.into_iter().map(|row| self.block(row)).collect()
    }

    /// The values of `journal = $1 AND block >= $2 AND block < $3` for the blocks of a commit.
    pub(crate) fn range_of(&self, order: &Order) -> Vec<Value> {
        let end = order.first_block.saturating_add(order.blocks.into());
        [self.inner.id, order.first_block, end].map(Value::from).into()
    }

    /// The block with this entry.
    pub(crate) async fn block_with(&self, db: &impl ConnectionTrait, seq: u64) -> Result<Option<PlacedBlock>, JournalError> {
        let text =
            format!("SELECT {ORDER_COLUMNS} FROM journal_order WHERE journal = $1 AND first_seq <= $2 ORDER BY first_seq DESC LIMIT 1");
        let row = sql::row::<OrderTuple>(db, &text, vec![self.inner.id.into(), (seq as i64).into()]).await?;
        let Some(order) = row.map(|row| self.order(row)).transpose()? else { return Ok(None) };
        let mut first_seq = order.first_seq;
        for (id, count) in self.counts(db, &order).await? {
            if seq < first_seq + count {
                let block = self.load(db, id).await?;
                return Ok(block.map(|block| PlacedBlock { order, first_seq, block }));
            }
            first_seq += count;
        }
        Ok(None)
    }

    async fn block_of(&self, db: &impl ConnectionTrait, id: i64) -> Result<Option<PlacedBlock>, JournalError> {
        let Some(order) = self.order_of_block(db, id).await? else { return Ok(None) };
        let before = self.counts(db, &order).await?.into_iter().take_while(|(block, _)| *block < id);
        let first_seq = order.first_seq + before.map(|(_, count)| count).sum::<u64>();
        Ok(self.load(db, id).await?.map(|block| PlacedBlock { order, first_seq, block }))
    }

    async fn order_of_block(&self, db: &impl ConnectionTrait, id: i64) -> Result<Option<Order>, JournalError> {
        let text =
            format!("SELECT {ORDER_COLUMNS} FROM journal_order WHERE journal = $1 AND first_block <= $2 ORDER BY first_block DESC LIMIT 1");
        let row = sql::row::<OrderTuple>(db, &text, vec![self.inner.id.into(), id.into()]).await?;
        let order = row.map(|row| self.order(row)).transpose()?;
        Ok(order.filter(|order| id < order.first_block.saturating_add(order.blocks.into())))
    }

    /// The blocks of a commit and how many entries each holds.
    async fn counts(&self, db: &impl ConnectionTrait, order: &Order) -> Result<Vec<(i64, u64)>, JournalError> {
        let text = "SELECT block, count FROM journal_block WHERE journal = $1 AND block >= $2 AND block < $3 ORDER BY block";
        let rows: Vec<(i64, i64)> = sql::rows(db, text, self.range_of(order)).await?;
        Ok(rows.into_iter().map(|(block, count)| (block, count.try_into().unwrap_or_default())).collect())
    }

    pub(crate) async fn load(&self, db: &impl ConnectionTrait, id: i64) -> Result<Option<Block>, JournalError> {
        let text = format!("SELECT {BLOCK_COLUMNS} FROM journal_block WHERE journal = $1 AND block = $2");
        let row = sql::row::<BlockTuple>(db, &text, vec![self.inner.id.into(), id.into()]).await?;
        row.map(|row| self.block(row)).transpose()
    }

    fn block(&self, row: BlockTuple) -> Result<Block, JournalError> {
        row::block(row).map_err(|_| self.damaged(0, "journal_block", "a column is out of range"))
    }

    pub(crate) fn entries_in(&self, placed: &PlacedBlock) -> Result<Vec<StoredEntry>, JournalError> {
        let entries = open_block(&placed.block, placed.first_seq);
        let entries = entries.map_err(|reason| self.damaged(placed.first_seq, "journal_block", reason))?;
        let Order { epoch, recorded_at, .. } = placed.order;
        Ok(entries.into_iter().map(|entry| StoredEntry { epoch, recorded_at, entry }).collect())
    }

    pub(crate) fn shared_name(&self) -> Arc<str> {
        self.inner.name.clone()
    }
}
