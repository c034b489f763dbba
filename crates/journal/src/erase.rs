//! Erasing bodies: for retention, or by an order. Body and salt go, the body's hash stays, and with it every hash above.
//!
//! What is gone from the tables may outlive them: in PostgreSQL until the old row versions are vacuumed, in backups, at whoever has followed.
//! Erasing there is an entry that they follow, too.

use sea_orm::ConnectionTrait;
use tracemesh_store::{Value, sql};

use crate::JournalError;
use crate::block::{self, Body};
use crate::journal::Journal;
use crate::section::Opener;

impl Journal {
    /// Erases the bodies at these references and answers how many were still there. The caller journals, in the same transaction, who wanted
    /// it and why. References to nothing are passed over.
    pub async fn erase(&self, tx: &impl ConnectionTrait, records: &[i64]) -> Result<usize, JournalError> {
        let mut sorted = records.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut erased = 0;
        for same_block in sorted.chunk_by(|one, other| one >> 16 == other >> 16) {
            erased += self.erase_in(tx, same_block[0] >> 16, same_block).await?;
        }
        Ok(erased)
    }

    async fn erase_in(&self, tx: &impl ConnectionTrait, id: i64, records: &[i64]) -> Result<usize, JournalError> {
        self.lock_block(tx, id).await?;
        let Some(block) = self.load(tx, id).await? else { return Ok(0) };
        let mut pieces = block::unpack_checked(&mut Opener::new(), &block).map_err(|reason| self.damaged(0, "journal_block", reason))?;
        let mut erased = 0;
        for record in records {
            let Some(piece) = pieces.get_mut((record & 0xffff) as usize) else { continue };
            erased += usize::from(piece.body != Body::Erased);
            piece.body = Body::Erased;
        }
        let (bodies, raw_len) = block::repack(&pieces);
        let text = "UPDATE journal_block SET bodies = $1, raw_len = $2 WHERE block = $3";
        sql::run(tx, text, vec![bodies.into(), i64::from(raw_len).into(), id.into()]).await?;
        Ok(erased)
    }

    /// Two who erase in one block take turns: each writes back all of it. SQLite's writer is alone.
    async fn lock_block(&self, tx: &impl ConnectionTrait, id: i64) -> Result<(), JournalError> {
        if self.on_postgres() {
            let values = vec![Value::from(id)];
            sql::row::<i64>(tx, "SELECT block FROM journal_block WHERE block = $1 FOR UPDATE", values).await?;
        }
        Ok(())
    }
}
