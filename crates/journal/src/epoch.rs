//! Epochs: a journal that was set back begins a new one before it takes anything.
//!
//! After a restore the same numbers would be given out twice, for other entries than those that somebody outside may have seen. The epoch tells
//! them apart. Numbers go on where the restored history ends, the tree begins anew, and the old epoch stays readable and provable under its
//! last checkpoint.

use std::sync::atomic::Ordering;

use tracemesh_store::sql;

use crate::journal::{Head, Journal};
use crate::{JournalError, checkpoint};

impl Journal {
    /// Ends the current epoch and begins the next, or `at_least` this one: whoever knows of a higher epoch than the restored tables do (a
    /// parent) says so here, or its numbers are used again. Answers the new epoch.
    pub async fn raise_epoch(&self, at_least: u64) -> Result<u64, JournalError> {
        let tx = self.inner.db.begin().await?;
        let epoch = (self.lock(&tx).await? + 1).max(at_least);
        let seq = self.last_order(&tx).await?.map_or(0, |order| order.last_seq());
        while self.extend(&tx, seq).await?.seq < seq {}
        let values = vec![(epoch as i64).into(), self.inner.id.into()];
        sql::run(&tx, "UPDATE journal SET epoch = $1 WHERE id = $2", values).await?;
        checkpoint::begin_epoch(&tx, self.inner.id, &self.inner.key, self.name(), Head { epoch, seq }, self.now()).await?;
        tx.commit().await?;
        self.inner.torn.store(false, Ordering::Relaxed);
        self.committed();
        tracing::warn!(journal = self.name(), epoch, after = seq, "a new epoch begins");
        Ok(epoch)
    }
}
