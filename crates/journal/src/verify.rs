//! Verification: reads a journal's tables from the first byte and says which entry is not as it was.
//!
//! What it trusts is the public key of the journal's key on disk, nothing in the tables. It recomputes every hash from the stored bytes, so that a
//! change anywhere is found: in an entry by its block's root, in an order row by its leaf, in a node by the tree, in a checkpoint by its
//! signature, and rows that are missing, doubled or foreign by numbers without gaps. What it cannot see from inside is that rows after the
//! newest checkpoint were cut off together: that is what followers, who keep the checkpoints that they were given, are for.
//!
//! All of it happens in one snapshot, while writers go on.

use std::future::Future;

use sea_orm::DatabaseTransaction;
use tracemesh_proto::journal::v1::{Block, Checkpoint, FirstBad};
use tracemesh_store::{DbErr, Value, sql};

use crate::checkpoint::{Numbered, numbered, verify_checkpoint};
use crate::hash::{Hash, empty_root};
use crate::journal::Journal;
use crate::merkle::{Frontier, Node};
use crate::row::{self, BLOCK_COLUMNS, BlockTuple, Order};
use crate::{DecodedCommit, JournalError, open_commit};

mod leftovers;
mod pages;

use pages::{Checkpoints, Nodes, Orders};

/// What a walk over a journal found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verification {
    pub journal: String,
    /// Entries walked; all, if nothing is bad.
    pub entries: u64,
    /// Of the newest checkpoint reached.
    pub root: Hash,
    pub first_bad: Option<FirstBad>,
}

/// Compares a service's own tables with the entries that they were made from.
pub trait Visitor: Send {
    /// Called for each commit in order. `db` is the snapshot that the walk reads in. A disagreement ends the walk.
    fn commit(
        &mut self,
        db: &DatabaseTransaction,
        commit: &DecodedCommit,
    ) -> impl Future<Output = Result<Option<Disagreement>, DbErr>> + Send;
}

/// A service's table does not say what the entries say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    pub table: String,
    pub reason: String,
}

/// No tables besides the journal's.
impl Visitor for () {
    async fn commit(&mut self, _: &DatabaseTransaction, _: &DecodedCommit) -> Result<Option<Disagreement>, DbErr> {
        Ok(None)
    }
}

impl Journal {
    /// Reads all of the journal and names the first thing that is wrong. Takes as long as reading takes; on SQLite the write-ahead log grows
    /// meanwhile.
    pub async fn verify(&self, visitor: &mut impl Visitor) -> Result<Verification, JournalError> {
        self.verify_in(&self.inner.db.snapshot().await?, visitor).await
    }

    /// The same within a snapshot that the caller holds, so that several journals and tables are seen at one moment.
    pub async fn verify_in(&self, db: &DatabaseTransaction, visitor: &mut impl Visitor) -> Result<Verification, JournalError> {
        let mut walk = Walk::new(self, db, visitor);
        let first_bad = match walk.all().await {
            Ok(()) => None,
            Err(Stop::Bad(bad)) => Some(bad),
            Err(Stop::Failed(error)) => return Err(error.into()),
        };
        Ok(Verification { journal: self.name().to_owned(), entries: walk.next_seq - 1, root: walk.root, first_bad })
    }
}

/// Why a walk ends early.
enum Stop {
    Bad(FirstBad),
    Failed(DbErr),
}

/// Whether a commit is covered by a checkpoint, so that its part of the tree must be there, or not yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TreeNodes {
    Stored,
    ToCome,
}

struct Walk<'a, V> {
    journal: &'a Journal,
    db: &'a DatabaseTransaction,
    visitor: &'a mut V,
    orders: Orders,
    nodes: Nodes,
    epoch: u64,
    frontier: Frontier,
    next_seq: u64,
    recorded_at: i64,
    blocks: u64,
    root: Hash,
}

impl<'a, V: Visitor> Walk<'a, V> {
    fn new(journal: &'a Journal, db: &'a DatabaseTransaction, visitor: &'a mut V) -> Self {
        let (orders, nodes) = (Orders::new(journal.inner.id), Nodes::new(journal.inner.id));
        let (frontier, root) = (Frontier::default(), empty_root());
        Self { journal, db, visitor, orders, nodes, epoch: 0, frontier, next_seq: 1, recorded_at: i64::MIN, blocks: 0, root }
    }

    /// From checkpoint to checkpoint, then what none covers yet, then what belongs to nothing.
    async fn all(&mut self) -> Result<(), Stop> {
        self.journal_row().await?;
        let mut checkpoints = Checkpoints::new(self.journal.inner.id);
        let mut newest = None;
        while let Some(row) = self.read("checkpoint", checkpoints.next(self.db).await)? {
            let Ok(checkpoint) = numbered(self.journal.name(), row) else { return self.bad_here("checkpoint", "a column is out of range") };
            self.checkpoint(newest.as_ref(), &checkpoint).await?;
            newest = Some(checkpoint);
        }
        let Some(newest) = newest else { return self.bad_here("checkpoint", "there is no checkpoint") };
        while self.commit(TreeNodes::ToCome).await? {}
        let beyond = self.nodes.next(self.db).await;
        if self.read("journal_node", beyond)?.is_some() {
            return self.bad_here("journal_node", "the tree goes on beyond the newest checkpoint");
        }
        self.leftovers(&newest.checkpoint).await
    }

    /// One checkpoint: follows the one before it, is signed, and tells the size, seq and root that the commits up to it have.
    async fn checkpoint(&mut self, before: Option<&Numbered>, now: &Numbered) -> Result<(), Stop> {
        let Checkpoint { size, seq, root, .. } = &now.checkpoint;
        if now.number != before.map_or(0, |before| before.number + 1) {
            return self.bad_here("checkpoint", "a checkpoint is missing");
        }
        if !verify_checkpoint(&now.checkpoint, &self.journal.public_key()) {
            return self.bad_here("checkpoint", "a signature is not that of the journal's key");
        }
        self.begin(before.map(|before| &before.checkpoint), &now.checkpoint).await?;
        while self.frontier.size() < *size {
            if !self.commit(TreeNodes::Stored).await? {
                return Err(self.bad(self.next_seq, *seq, "journal_order", "commits that a checkpoint covers are missing"));
            }
        }
        if self.frontier.root()[..] != root[..] || self.next_seq != seq + 1 {
            return self.bad_here("checkpoint", "a checkpoint does not have the root of its commits");
        }
        self.root = self.frontier.root();
        Ok(())
    }

    /// Within an epoch trees grow; a new epoch begins with an empty one.
    async fn begin(&mut self, before: Option<&Checkpoint>, now: &Checkpoint) -> Result<(), Stop> {
        let follows = match before {
            Some(before) if before.epoch == now.epoch => before.size < now.size,
            Some(before) => before.epoch < now.epoch && now.size == 0,
            None => now.size == 0,
        };
        if !follows {
            return self.bad_here("checkpoint", "a checkpoint does not follow the one before it");
        }
        if self.epoch != now.epoch {
            (self.epoch, self.frontier) = (now.epoch, Frontier::default());
        }
        Ok(())
    }

    /// The next commit, if there is one.
    async fn commit(&mut self, nodes: TreeNodes) -> Result<bool, Stop> {
        let row = self.orders.next(self.db).await;
        let Some(row) = self.read("journal_order", row)? else { return Ok(false) };
        let Ok(order) = Order::try_from(row) else { return self.bad_here("journal_order", "a column is out of range") };
        self.order(&order)?;
        let blocks = self.blocks(&order).await?;
        let leaf = order.leaf;
        let opened = open_commit(&self.journal.shared_name(), &order.commit(blocks));
        let commit = opened.map_err(|bad| self.bad(bad.seq_from, bad.seq_to, bad.table, bad.reason))?;
        let compared = self.visitor.commit(self.db, &commit).await;
        if let Some(found) = self.read("the service's tables", compared)? {
            return Err(self.bad(commit.first_seq, commit.last_seq(), &found.table, &found.reason));
        }
        let made = self.frontier.push(leaf);
        if nodes == TreeNodes::Stored {
            self.nodes(&made, &commit).await?;
        }
        (self.next_seq, self.recorded_at) = (commit.last_seq() + 1, commit.recorded_at);
        Ok(true)
    }

    fn order(&self, order: &Order) -> Result<(), Stop> {
        if order.first_seq > self.next_seq {
            return Err(self.bad(self.next_seq, order.first_seq - 1, "journal_order", "entries are missing"));
        }
        let follows = order.first_seq == self.next_seq && order.epoch == self.epoch && order.index == self.frontier.size();
        if !follows || order.recorded_at < self.recorded_at {
            return Err(self.bad(order.first_seq, order.last_seq(), "journal_order", "a commit does not follow the one before it"));
        }
        Ok(())
    }

    async fn blocks(&mut self, order: &Order) -> Result<Vec<Block>, Stop> {
        let bad = |walk: &Self, reason| Err(walk.bad(order.first_seq, order.last_seq(), "journal_block", reason));
        let Some(end) = order.first_block.checked_add(order.blocks.into()) else { return bad(self, "a block id is out of range") };
        let text =
            format!("SELECT {BLOCK_COLUMNS} FROM journal_block WHERE journal = $1 AND block >= $2 AND block < $3 ORDER BY block LIMIT $4");
        // A number of blocks that was altered must not make us read the whole table at once.
        let most = i64::from(order.entries) + 1;
        let values = [self.journal.inner.id, order.first_block, end, most].map(Value::from).into();
        let rows: Vec<BlockTuple> = self.read("journal_block", sql::rows(self.db, &text, values).await)?;
        let blocks: Result<Vec<Block>, _> = rows.into_iter().map(row::block).collect();
        let Ok(blocks) = blocks else { return bad(self, "a column is out of range") };
        if blocks.len() != order.blocks as usize {
            return bad(self, "blocks of a commit are missing");
        }
        self.blocks += blocks.len() as u64;
        Ok(blocks)
    }

    async fn nodes(&mut self, made: &[Node], commit: &DecodedCommit) -> Result<(), Stop> {
        for node in made {
            let stored = self.nodes.next(self.db).await;
            let stored = self.read("journal_node", stored)?;
            let expected = (commit.epoch as i64, node.last as i64, i64::from(node.level), node.hash.to_vec());
            if stored != Some(expected) {
                return Err(self.bad(
                    commit.first_seq,
                    commit.last_seq(),
                    "journal_node",
                    "a node of the tree is not the hash of what is below it",
                ));
            }
        }
        Ok(())
    }

    fn bad(&self, seq_from: u64, seq_to: u64, table: &str, reason: &str) -> Stop {
        Stop::Bad(FirstBad {
            journal: self.journal.name().to_owned(),
            seq_from,
            seq_to,
            table: table.to_owned(),
            reason: reason.to_owned(),
        })
    }

    /// Bad at the place that the walk has reached.
    fn bad_here<T>(&self, table: &str, reason: &str) -> Result<T, Stop> {
        Err(self.bad(self.next_seq, self.next_seq, table, reason))
    }

    /// A row that the database can no longer make sense of is a finding; a database that does not answer is not.
    fn read<T>(&self, table: &str, outcome: Result<T, DbErr>) -> Result<T, Stop> {
        outcome.map_err(|error| match error {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => Stop::Failed(error),
            error => self.bad(self.next_seq, self.next_seq, table, &format!("the table cannot be read: {error}")),
        })
    }
}
