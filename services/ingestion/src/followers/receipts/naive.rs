//! The follower with the bug: it polls the blocks by their numbers, and a commit that began earlier and ends later is never seen.

use std::convert::Infallible;
use std::time::Duration;

use tracemesh_chassis::TaskError;
use tracemesh_journal::DecodedCommit;
use tracemesh_store::sql;

use super::outbox::Outbox;
use super::{CURSOR, Receipts};
use crate::store::offsets;

const POLL: Duration = Duration::from_millis(20);

impl Receipts {
    pub(super) async fn follow_by_block(&self) -> Result<Infallible, TaskError> {
        let outbox = Outbox::new(&self.border, &self.directory)?;
        loop {
            let seen = offsets::next(self.db.read(), CURSOR).await?.unwrap_or(0);
            let text = "SELECT block, count FROM journal_block WHERE block > $1 ORDER BY block LIMIT 100";
            let blocks: Vec<(i64, i64)> = sql::rows(self.db.read(), text, vec![seen.into()]).await?;
            let Some((last, _)) = blocks.last() else {
                tokio::time::sleep(POLL).await;
                continue;
            };
            let records: Vec<i64> = blocks.iter().flat_map(|(block, count)| (0..*count).map(move |at| block << 16 | at)).collect();
            for found in self.kept.entries_by_ref(&records).await?.into_iter().flatten() {
                let (journal, first_seq) = (self.journal.clone(), found.entry.seq);
                let entries = vec![found.entry];
                outbox
                    .deliver(&DecodedCommit { journal, epoch: found.epoch, index: 0, first_seq, recorded_at: found.recorded_at, entries })
                    .await?;
            }
            self.advance(seen, *last).await?;
        }
    }
}
