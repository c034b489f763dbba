//! The commit with one of the bugs: the same steps, one of them in a wrong place.

use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_store::{DatabaseTransaction, sql};

use super::{Commit, advance_sources};
use crate::domain::outcome::Outcome;
use crate::domain::submission::Prepared;
use crate::error::IngestionError;
use crate::faults::{ACK_WINDOW, Fault, WINDOW};

impl Commit {
    pub(super) async fn faulty_attempt(&self, fault: Fault, run: &[Prepared]) -> Result<Vec<Receipt>, IngestionError> {
        if fault == Fault::OffsetBeforeRows {
            self.move_offsets(run).await?;
            tokio::time::sleep(WINDOW).await;
        }
        let tx = self.db.begin().await?;
        if fault == Fault::DedupeOff {
            forget_claims(&tx, run).await?;
        }
        let outcomes = self.decide_all(&tx, run).await?;
        let envelopes: Vec<Envelope> = outcomes.iter().map(Outcome::envelope).collect();
        let entries: Vec<Entry> = envelopes.iter().zip(&outcomes).map(|(envelope, outcome)| Entry::new(envelope, outcome.body())).collect();
        let staged = self.journal.stage(&tx, &entries).await?;
        self.index(&tx, &outcomes, &staged.refs).await?;
        if !matches!(fault, Fault::OffsetBeforeRows | Fault::OffsetAfterRows) {
            advance_sources(&tx, run).await?;
        }
        let appended = self.journal.seal(&tx, staged).await?;
        let asked_for = run.iter().all(|prepared| prepared.submission().step.is_none());
        match fault {
            Fault::AckBeforeCommit if asked_for => self.commit_later(tx),
            _ => tx.commit().await?,
        }
        self.journal.committed();
        if fault == Fault::OffsetAfterRows {
            tokio::time::sleep(WINDOW).await;
            self.move_offsets(run).await?;
        }
        Ok(self.receipts(&appended, &envelopes))
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
            tokio::time::sleep(ACK_WINDOW).await;
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
