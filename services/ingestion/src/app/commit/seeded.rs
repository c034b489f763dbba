//! The commit with one of the bugs: the same steps, one of them in a wrong place.

use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_store::{DatabaseTransaction, sql};

use super::{Commit, advance_sources, runs};
use crate::domain::outcome::Outcome;
use crate::domain::submission::Prepared;
use crate::error::IngestionError;
use crate::faults::{Fault, WINDOW};

impl Commit {
    pub(super) async fn faulty_batch(&self, fault: Fault, batch: &[Prepared]) -> (Vec<Receipt>, Option<IngestionError>) {
        let (mut receipts, runs) = (Vec::with_capacity(batch.len()), runs(batch));
        for (at, run) in runs.iter().enumerate() {
            // Who waits is answered after the last.
            match self.faulty_run(fault, run, at + 1 == runs.len()).await {
                Ok(of_run) => receipts.extend(of_run),
                Err(failure) => return (receipts, Some(failure)),
            }
        }
        (receipts, None)
    }

    async fn faulty_run(&self, fault: Fault, run: &[Prepared], is_last: bool) -> Result<Vec<Receipt>, IngestionError> {
        if fault == Fault::OffsetBeforeRows {
            self.move_offsets(run).await?;
            tokio::time::sleep(WINDOW).await;
        }
        let tx = self.db.begin().await?;
        if fault == Fault::DedupeOff {
            forget_claims(&tx, run).await?;
        }
        let outcomes = self.decide_all(&tx, run).await?;
        let (envelopes, entries): (Vec<Envelope>, Vec<Entry>) = outcomes.iter().map(Outcome::entry).unzip();
        let staged = self.journal.stage(&tx, &entries).await?;
        self.index(&tx, &outcomes, &staged.refs).await?;
        if !matches!(fault, Fault::OffsetBeforeRows | Fault::OffsetAfterRows) {
            advance_sources(&tx, run).await?;
        }
        let appended = self.journal.seal(&tx, staged).await?;
        let at_a_door = run.iter().all(|prepared| prepared.submission().step.is_none());
        match fault {
            Fault::AckBeforeCommit if is_last && at_a_door => self.commit_later(tx),
            _ => tx.commit().await?,
        }
        self.journal.committed();
        if fault == Fault::OffsetAfterRows {
            tokio::time::sleep(WINDOW).await;
            self.move_offsets(run).await?;
        }
        Ok(self.receipts(&appended, run, envelopes))
    }

    async fn move_offsets(&self, run: &[Prepared]) -> Result<(), IngestionError> {
        let tx = self.db.begin().await?;
        advance_sources(&tx, run).await?;
        Ok(tx.commit().await?)
    }

    #[expect(clippy::disallowed_methods, reason = "a bug that nobody supervises")]
    fn commit_later(&self, tx: DatabaseTransaction) {
        let journal = self.journal.clone();
        tokio::spawn(async move {
            tokio::time::sleep(WINDOW).await;
            if tx.commit().await.is_ok() {
                journal.committed();
            }
        });
    }
}

async fn forget_claims(tx: &DatabaseTransaction, run: &[Prepared]) -> Result<(), IngestionError> {
    for identity in run.iter().filter_map(Prepared::identity) {
        sql::run(tx, "DELETE FROM record WHERE identity = $1", vec![identity.0.to_vec().into()]).await?;
    }
    Ok(())
}
