//! Epochs: a journal that was set back begins a new one before it takes anything.
//!
//! After a restore the same numbers would be given out twice, for other entries than those that somebody outside may have seen. The epoch tells
//! them apart. Numbers go on where the restored history ends, the tree begins anew, and the old epoch stays readable and provable under its
//! last checkpoint.
//!
//! Where it is not us who notice that numbers would be given out twice but somebody outside who holds the later history, the journal is halted
//! until then. That stands in its row, so that it holds for every process and after every restart.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use sea_orm::DatabaseTransaction;
use tracemesh_store::sql;

use crate::append::Locked;
use crate::journal::{Head, Journal};
use crate::{Entry, Envelope, JournalError, checkpoint, time};

/// The kind of the entry with which an epoch begins that somebody outside has asked for.
pub const EPOCH_BEGAN: &str = "epoch.began";

impl Journal {
    /// Ends the current epoch and begins the next, or `at_least` this one: whoever knows of a higher epoch than the restored tables do (a
    /// parent) says so here, or its numbers are used again. Answers the new epoch.
    pub async fn raise_epoch(&self, at_least: u64) -> Result<u64, JournalError> {
        let tx = self.inner.db.begin().await?;
        let epoch = self.begin_epoch(&tx, at_least).await?;
        tx.commit().await?;
        self.inner.torn.store(false, Ordering::Relaxed);
        self.committed();
        Ok(epoch)
    }

    /// Takes nothing more until the epoch is raised.
    pub async fn halt(&self, why: &str) -> Result<(), JournalError> {
        let tx = self.inner.db.begin().await?;
        sql::run(&tx, "UPDATE journal SET halted = $1 WHERE id = $2", vec![why.into(), self.inner.id.into()]).await?;
        tx.commit().await?;
        tracing::error!(journal = self.name(), why, "the journal takes nothing until its epoch is raised");
        Ok(())
    }

    /// Begins an epoch of at least this number, unless the journal has reached it and was not halted: one that is damaged by itself is nobody's to
    /// raise from outside. Its first entry says who asked for it, and why.
    pub async fn reach_epoch(&self, at_least: u64, actor: &str, why: &str) -> Result<(), JournalError> {
        let tx = self.inner.db.begin().await?;
        let Locked { epoch, halted } = self.lock(&tx).await?;
        if epoch >= at_least && halted.is_empty() {
            return Ok(());
        }
        let torn = self.inner.torn.swap(false, Ordering::Relaxed);
        let begun = self.begin_saying(tx, at_least, actor, why).await;
        if begun.is_err() {
            self.inner.torn.store(torn, Ordering::Relaxed);
        }
        begun
    }

    async fn begin_saying(&self, tx: DatabaseTransaction, at_least: u64, actor: &str, why: &str) -> Result<(), JournalError> {
        self.begin_epoch(&tx, at_least).await?;
        let received_at = Some(time::to_wire(self.now()));
        let envelope = Envelope { kind: EPOCH_BEGAN.into(), actor: actor.into(), why: why.into(), received_at, ..Envelope::default() };
        self.append(&tx, &[Entry::new(&envelope, Bytes::new())]).await?;
        tx.commit().await?;
        self.committed();
        Ok(())
    }

    async fn begin_epoch(&self, tx: &DatabaseTransaction, at_least: u64) -> Result<u64, JournalError> {
        let epoch = (self.lock(tx).await?.epoch + 1).max(at_least);
        let seq = self.last_order(tx).await?.map_or(0, |order| order.last_seq());
        while self.extend(tx, seq).await?.seq < seq {}
        let values = vec![(epoch as i64).into(), self.inner.id.into()];
        sql::run(tx, "UPDATE journal SET epoch = $1, halted = '' WHERE id = $2", values).await?;
        checkpoint::begin_epoch(tx, self.inner.id, &self.inner.key, self.name(), Head { epoch, seq }, self.now()).await?;
        tracing::warn!(journal = self.name(), epoch, after = seq, "a new epoch begins");
        Ok(epoch)
    }
}
