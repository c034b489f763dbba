//! Checkpoints: the size and root of a journal at a moment, signed.
//!
//! Nodes and checkpoint are written in one transaction, so that stored nodes always end where the newest checkpoint does. No writer waits for
//! it. Every epoch begins with a checkpoint over nothing and ends with one over all of it. Checkpoints are numbered without gaps and all kept:
//! they are small, and each is something that somebody may hold against us.

use std::future::Future;
use std::pin::pin;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tracemesh_proto::journal::v1::Checkpoint;
use tracemesh_store::sql;

use crate::hash::{checkpoint_text, empty_root};
use crate::journal::{Head, Journal};
use crate::merkle::Frontier;
use crate::row::{self, BadRow, ORDER_COLUMNS, Order, OrderTuple};
use crate::tree::Tree;
use crate::{JournalError, time};

/// Commits that one checkpoint adds at most; a longer tail takes several.
const STEP: i64 = 4_096;

pub(crate) const COLUMNS: &str = "number, epoch, size, seq, root, at, signature";
pub(crate) type Tuple = (i64, i64, i64, i64, Vec<u8>, i64, Vec<u8>);

/// A checkpoint and its number among those of its journal.
pub(crate) struct Numbered {
    pub number: i64,
    pub checkpoint: Checkpoint,
}

/// Whether `key` signed this checkpoint.
pub fn verify_checkpoint(checkpoint: &Checkpoint, key: &VerifyingKey) -> bool {
    let signature = Signature::from_slice(&checkpoint.signature);
    signature.is_ok_and(|signature| key.verify_strict(checkpoint_text(checkpoint).as_bytes(), &signature).is_ok())
}

impl Journal {
    /// A signed checkpoint over everything that is committed now; the last one, if nothing has come since.
    pub async fn checkpoint(&self) -> Result<Checkpoint, JournalError> {
        let db = self.inner.db.read();
        let end = self.last_order(db).await?.map_or(0, |order| order.last_seq());
        let mut newest = self.newest_checkpoint(db).await?.checkpoint;
        while newest.seq < end {
            let tx = self.inner.db.begin().await?;
            newest = self.extend(&tx, end).await?;
            tx.commit().await?;
        }
        Ok(newest)
    }

    /// The last checkpoint of an epoch. Of an epoch that is over, it covers all of it.
    pub async fn checkpoint_of(&self, epoch: u64) -> Result<Checkpoint, JournalError> {
        let text = format!("SELECT {COLUMNS} FROM checkpoint WHERE journal = $1 AND epoch = $2 ORDER BY number DESC LIMIT 1");
        let found = sql::row::<Tuple>(self.inner.db.read(), &text, vec![self.inner.id.into(), (epoch as i64).into()]).await?;
        let none = || JournalError::NoSuchTree { journal: self.name().to_owned(), epoch, size: 0 };
        Ok(self.numbered(found.ok_or_else(none)?)?.checkpoint)
    }

    /// The checkpoint that was signed over exactly `size` commits of an epoch.
    pub(crate) async fn checkpoint_over(&self, epoch: u64, size: u64) -> Result<Checkpoint, JournalError> {
        let text = format!("SELECT {COLUMNS} FROM checkpoint WHERE journal = $1 AND epoch = $2 AND size = $3");
        let values = [self.inner.id, epoch as i64, size as i64].map(Into::into).into();
        let found = sql::row::<Tuple>(self.inner.db.read(), &text, values).await?;
        let none = || JournalError::NoSuchTree { journal: self.name().to_owned(), epoch, size };
        Ok(self.numbered(found.ok_or_else(none)?)?.checkpoint)
    }

    /// Keeps checkpoints coming until `stop` is done, and leaves one over everything. A failure is logged and tried again.
    pub async fn run_checkpointer(&self, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut news = self.subscribe();
        let mut stopping = false;
        loop {
            let made = self.checkpoint().await;
            if let Err(error) = &made {
                tracing::error!(journal = self.name(), error = error as &dyn std::error::Error, "no checkpoint could be made");
            }
            if stopping {
                return;
            }
            stopping = tokio::select! {
                () = &mut stop => true,
                () = self.due(&mut news, made.is_err()) => false,
            };
        }
    }

    /// Something came, and enough time has passed for more to have come with it.
    async fn due(&self, news: &mut tokio::sync::watch::Receiver<u64>, again: bool) {
        if !again && let Err(error) = self.news(news).await {
            tracing::warn!(journal = self.name(), error = &error as &dyn std::error::Error, "the journal cannot be looked at");
        }
        // Half, so that making it fits into the other half.
        tokio::time::sleep(self.inner.pace.checkpoint / 2).await;
    }

    /// One more checkpoint over at most [`STEP`] more commits, on the way to `end`; the newest one, if another process was faster.
    pub(crate) async fn extend(&self, tx: &DatabaseTransaction, end: u64) -> Result<Checkpoint, JournalError> {
        self.lock_tree(tx).await?;
        let newest = self.newest_checkpoint(tx).await?;
        if newest.checkpoint.seq >= end {
            return Ok(newest.checkpoint);
        }
        let orders = self.tail(tx, &newest.checkpoint).await?;
        let none = || {
            self.damaged(newest.checkpoint.seq + 1, "journal_order", "no commit follows the newest checkpoint, and yet there are entries")
        };
        let last = orders.last().ok_or_else(none)?;
        let tree = Tree { journal: self, db: tx, epoch: last.epoch };
        let mut frontier = tree.frontier(newest.checkpoint.size).await?;
        self.check_root(&frontier, &newest.checkpoint)?;
        let nodes: Vec<_> = orders.iter().flat_map(|order| frontier.push(order.leaf)).collect();
        tree.store(&nodes).await?;
        let checkpoint = Checkpoint {
            epoch: last.epoch,
            size: frontier.size(),
            seq: last.last_seq(),
            root: frontier.root().to_vec().into(),
            ..unsigned(self.name(), self.now())
        };
        insert(tx, self.inner.id, newest.number + 1, signed(checkpoint, &self.inner.key)).await
    }

    /// A tree that no longer has the root we signed must not be signed anew.
    fn check_root(&self, frontier: &Frontier, newest: &Checkpoint) -> Result<(), JournalError> {
        if frontier.root()[..] == newest.root[..] {
            return Ok(());
        }
        Err(self.damaged(newest.seq, "journal_node", "the stored tree does not have the root of the newest checkpoint"))
    }

    /// Checkpointers in several processes take turns. SQLite's writer holds the whole file already.
    async fn lock_tree(&self, tx: &DatabaseTransaction) -> Result<(), JournalError> {
        if self.on_postgres() {
            let text = "SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.checkpoint'), $1::int)) AS locked";
            sql::row::<i32>(tx, text, vec![self.inner.id.into()]).await?;
        }
        Ok(())
    }

    pub(crate) async fn newest_checkpoint(&self, db: &impl ConnectionTrait) -> Result<Numbered, JournalError> {
        let text = format!("SELECT {COLUMNS} FROM checkpoint WHERE journal = $1 ORDER BY number DESC LIMIT 1");
        let found = sql::row::<Tuple>(db, &text, vec![self.inner.id.into()]).await?;
        self.numbered(found.ok_or_else(|| self.damaged(0, "checkpoint", "there is not even the checkpoint that an epoch begins with"))?)
    }

    async fn tail(&self, tx: &DatabaseTransaction, newest: &Checkpoint) -> Result<Vec<Order>, JournalError> {
        let text = format!(
            "SELECT {ORDER_COLUMNS} FROM journal_order
             WHERE journal = $1 AND epoch = $2 AND commit_index >= $3 ORDER BY commit_index LIMIT $4"
        );
        let values = [self.inner.id, newest.epoch as i64, newest.size as i64, STEP].map(Into::into).into();
        let rows: Vec<OrderTuple> = sql::rows(tx, &text, values).await?;
        rows.into_iter().map(|row| self.order(row)).collect()
    }

    fn numbered(&self, row: Tuple) -> Result<Numbered, JournalError> {
        numbered(self.name(), row).map_err(|BadRow| self.damaged(0, "checkpoint", "a column is out of range"))
    }
}

/// The checkpoint over nothing with which an epoch begins.
pub(crate) async fn begin_epoch(
    tx: &DatabaseTransaction,
    journal: i64,
    key: &SigningKey,
    name: &str,
    from: Head,
    now: i64,
) -> Result<(), JournalError> {
    let last = sql::row::<i64>(tx, "SELECT coalesce(max(number), -1) FROM checkpoint WHERE journal = $1", vec![journal.into()]).await?;
    let checkpoint = Checkpoint { epoch: from.epoch, seq: from.seq, root: empty_root().to_vec().into(), ..unsigned(name, now) };
    insert(tx, journal, last.unwrap_or(-1) + 1, signed(checkpoint, key)).await?;
    Ok(())
}

pub(crate) fn numbered(journal: &str, (number, epoch, size, seq, root, at, signature): Tuple) -> Result<Numbered, BadRow> {
    let checkpoint = Checkpoint {
        journal: journal.to_owned(),
        epoch: row::number(epoch)?,
        size: row::number(size)?,
        seq: row::number(seq)?,
        root: root.into(),
        at: Some(time::to_wire(at)),
        signature: signature.into(),
    };
    Ok(Numbered { number, checkpoint })
}

fn unsigned(journal: &str, now: i64) -> Checkpoint {
    Checkpoint { journal: journal.to_owned(), at: Some(time::to_wire(now)), ..Default::default() }
}

fn signed(checkpoint: Checkpoint, key: &SigningKey) -> Checkpoint {
    let signature = key.sign(checkpoint_text(&checkpoint).as_bytes()).to_vec();
    Checkpoint { signature: signature.into(), ..checkpoint }
}

async fn insert(tx: &DatabaseTransaction, journal: i64, number: i64, checkpoint: Checkpoint) -> Result<Checkpoint, JournalError> {
    let text = "INSERT INTO checkpoint (journal, number, epoch, size, seq, at, root, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let Checkpoint { epoch, size, seq, root, at, signature, .. } = &checkpoint;
    let numbers = [journal, number, *epoch as i64, *size as i64, *seq as i64, time::from_wire(at.as_ref())].map(Into::into);
    let values = numbers.into_iter().chain([root.as_ref().into(), signature.as_ref().into()]).collect();
    sql::run(tx, text, values).await?;
    Ok(checkpoint)
}
