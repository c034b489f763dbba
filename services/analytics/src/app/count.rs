//! Counting: what a batch of ingestion's entries does to the figures. A record adds; a correction also takes back what it replaces, which is
//! read again where it was accepted, so that nothing has to be remembered here for records that nobody corrects.

use std::collections::HashMap;

use tonic::Code;
use tracemesh_journal::{DecodedCommit, DecodedEntry, Envelope, Fork};
use tracemesh_proto::journal::v1::GetEntryRequest;
use tracemesh_store::DatabaseTransaction;

use super::Analytics;
use crate::domain::change::Change;
use crate::domain::contribution::{Contribution, Rules};
use crate::domain::version::{AsOf, FIRST_EPOCH, Place};
use crate::error::AnalyticsError;
use crate::store;

/// What the records of a batch add, by their place: a correction may follow its record at once.
type Batch = HashMap<Place, Option<Contribution>>;

impl Analytics {
    /// Counts commits, in the transaction that moves the cursor past them.
    pub async fn count(&self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), AnalyticsError> {
        let change = self.change(commits).await?;
        self.begin_epoch(tx, commits).await?;
        let differences: Vec<_> = change.cells.iter().collect();
        store::differences::add(tx, &differences).await?;
        for (month, version) in change.months {
            store::months::touch(tx, month, version).await?;
        }
        if let Some(last) = commits.last() {
            let place = Place { epoch: last.epoch, seq: last.last_seq() };
            store::counted::advance(tx, &AsOf { place, recorded_at: last.recorded_at, journal: self.counted.clone() }).await?;
        }
        Ok(())
    }

    /// In a new epoch every month is said anew, be it one that nothing has changed since: whoever has figures of a history that was given up keeps
    /// them until a later version takes their place.
    async fn begin_epoch(&self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), AnalyticsError> {
        let counted = store::counted::as_of(tx, &self.counted).await?.place.epoch.max(FIRST_EPOCH);
        let first = commits.iter().find(|commit| commit.epoch > counted);
        if let Some(first) = first {
            store::months::touch_all(tx, Place { epoch: first.epoch, seq: first.first_seq }).await?;
        }
        Ok(())
    }

    /// Ingestion's history is not the one that was counted. It is said once, and the figures stay as of the last entry that was sound.
    pub async fn note_fork(&self, fork: &Fork) -> Result<(), AnalyticsError> {
        if self.progress.borrow().fork.is_some() {
            return Ok(());
        }
        let evidence = fork.offered.as_ref().map(prost::Message::encode_to_vec).unwrap_or_default();
        let entry = self.entry("journal.fork", &fork.to_string(), evidence);
        self.commit(self.db.begin().await?, &[entry]).await?;
        self.progress.send_modify(|progress| progress.fork = Some(fork.to_string()));
        Ok(())
    }

    async fn change(&self, commits: &[DecodedCommit]) -> Result<Change, AnalyticsError> {
        let (mut change, mut batch) = (Change::default(), Batch::new());
        for commit in commits {
            for entry in commit.entries.iter().filter(|entry| Rules::is_counted(&entry.envelope)) {
                let at = Place { epoch: commit.epoch, seq: entry.seq };
                if let Some(replaced) = self.replaced(entry, &batch).await? {
                    change.take_back(&replaced, at);
                }
                let contribution = self.contribution(at, &entry.envelope, entry.body.as_deref());
                if let Some(contribution) = &contribution {
                    change.add(contribution, at);
                    self.causes.note(contribution.cell.month(), &entry.envelope.traceparent);
                }
                batch.insert(at, contribution);
            }
        }
        Ok(change)
    }

    /// What the record added that this one replaces.
    async fn replaced(&self, entry: &DecodedEntry, batch: &Batch) -> Result<Option<Contribution>, AnalyticsError> {
        let at = Place { epoch: entry.envelope.replaced_epoch, seq: entry.envelope.replaced_seq };
        if at.seq == 0 {
            return Ok(None);
        }
        if let Some(known) = batch.get(&at) {
            return Ok(known.clone());
        }
        let request = GetEntryRequest { journal: self.counted.clone(), epoch: at.epoch, seq: at.seq };
        match self.peers.as_service().journal("ingestion").get_entry(request).await {
            Ok(answer) => {
                let earlier = answer.into_inner();
                Ok(self.contribution(at, &earlier.envelope.unwrap_or_default(), earlier.body.as_deref()))
            }
            Err(gone) if gone.code() == Code::NotFound => {
                tracing::warn!(
                    journal = self.counted,
                    epoch = at.epoch,
                    seq = at.seq,
                    "a record that was replaced is not there to be taken back"
                );
                Ok(None)
            }
            Err(why) => Err(why.into()),
        }
    }

    /// A body that cannot be read any more adds nothing and stops nobody.
    fn contribution(&self, at: Place, envelope: &Envelope, body: Option<&[u8]>) -> Option<Contribution> {
        let contribution = self.settings.rules().contribution(&self.node.id, envelope, body);
        contribution.unwrap_or_else(|why| {
            tracing::warn!(journal = self.counted, epoch = at.epoch, seq = at.seq, %why, "an accepted record is not in the figures");
            None
        })
    }
}
