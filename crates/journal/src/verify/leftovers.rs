//! What a walk along the commits does not pass: the journal's own row, blocks without a commit, rows that name no journal.

use tracemesh_proto::journal::v1::Checkpoint;
use tracemesh_store::sql;

use super::{Stop, Visitor, Walk};

/// Every table whose rows name a journal by its id.
const TABLES: [&str; 4] = ["journal_order", "journal_block", "journal_node", "checkpoint"];

impl<V: Visitor> Walk<'_, V> {
    pub(super) async fn journal_row(&self) -> Result<(), Stop> {
        let key = self.journal.public_key().to_bytes();
        // Compared in the database: a name that is no longer text could not be read.
        let text = "SELECT count(*) FROM journal WHERE id = $1 AND name = $2 AND public_key = $3";
        let values = vec![self.journal.inner.id.into(), self.journal.name().into(), key.as_slice().into()];
        match self.read("journal", sql::row::<i64>(self.db, text, values).await)? {
            Some(1) => Ok(()),
            _ => self.bad_here("journal", "the journal's row does not have its name and key"),
        }
    }

    pub(super) async fn leftovers(&self, newest: &Checkpoint) -> Result<(), Stop> {
        let values = || vec![self.journal.inner.id.into()];
        let epoch = sql::row::<i64>(self.db, "SELECT epoch FROM journal WHERE id = $1", values()).await;
        if self.read("journal", epoch)? != Some(newest.epoch as i64) {
            return self.bad_here("journal", "the epoch is not that of the newest checkpoint");
        }
        let blocks = sql::row::<i64>(self.db, "SELECT count(*) FROM journal_block WHERE journal = $1", values()).await;
        if self.read("journal_block", blocks)? != Some(self.blocks as i64) {
            return self.bad_here("journal_block", "there are blocks that belong to no commit");
        }
        for table in TABLES {
            let text = format!("SELECT count(*) FROM {table} WHERE journal NOT IN (SELECT id FROM journal)");
            if self.read(table, sql::row::<i64>(self.db, &text, vec![]).await)? != Some(0) {
                return self.bad_here(table, "there are rows that belong to no journal");
            }
        }
        Ok(())
    }
}
