//! Following ingestion: what a commit does to the indicators and to what detectors keep. A record adds; a correction also takes back what it
//! replaces, which is read again where it was accepted, so that nothing has to be remembered here for records that nobody corrects.
//!
//! Everything goes commit by commit and by the journal's own time, whatever the batches are in which commits arrive: so whoever follows the same
//! journal from the beginning comes to the same findings under the same numbers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use tonic::Code;
use tracemesh_journal::{DecodedCommit, Entry, Envelope, Fork};
use tracemesh_model::china_day;
use tracemesh_proto::journal::v1::GetEntryRequest;
use tracemesh_store::DatabaseTransaction;

use super::Quality;
use super::chains::Passing;
use super::say::ours;
use crate::domain::cell::{Cell, Counts};
use crate::domain::contribution::{Contribution, contribution, is_counted};
use crate::domain::deadline::Deadlines;
use crate::domain::observation::Observation;
use crate::domain::place::{AsOf, Place};
use crate::error::QualityError;
use crate::store;

/// What a commit brings into force and takes out of it, by the records' places.
#[derive(Default)]
struct Change {
    added: BTreeMap<i64, Contribution>,
    removed: BTreeMap<i64, Contribution>,
}

impl Quality {
    /// Takes commits in, in the transaction that moves the cursor past them. What is said of findings goes into our journal with it.
    pub async fn follow(&self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), QualityError> {
        let mut entries = Vec::new();
        for commit in commits {
            self.escalate_due(tx, commit.recorded_at, &mut entries).await?;
            self.take(tx, commit, &mut entries).await?;
        }
        if let Some(last) = commits.last() {
            let place = Place { epoch: last.epoch, seq: last.last_seq() };
            store::followed::advance(tx, &AsOf { place, recorded_at: last.recorded_at, journal: self.followed.clone() }).await?;
        }
        if !entries.is_empty() {
            self.journal.append(tx, &entries).await?;
        }
        Ok(())
    }

    /// Ingestion's history is not the one that was followed. It is said once, and everything stays as of the last entry that was sound.
    pub async fn note_fork(&self, fork: &Fork) -> Result<(), QualityError> {
        if self.progress.borrow().fork.is_some() {
            return Ok(());
        }
        let evidence = fork.offered.as_ref().map(prost::Message::encode_to_vec).unwrap_or_default();
        let why = fork.to_string();
        let entry = self.entry("journal.fork", &ours(&why, self.clock.now_micros()), self.labels(), Vec::new(), evidence);
        self.commit(self.db.begin().await?, &[entry]).await?;
        self.progress.send_modify(|progress| progress.fork = Some(why));
        Ok(())
    }

    async fn take(&self, tx: &DatabaseTransaction, commit: &DecodedCommit, entries: &mut Vec<Entry>) -> Result<(), QualityError> {
        self.forget(tx, commit).await?;
        let change = self.change(commit).await?;
        let cells = store::cells::add(tx, &change.differences()).await?;
        let mut touched = BTreeSet::new();
        for (record, of) in &change.removed {
            let groups: BTreeSet<i64> = of.seen.iter().map(|seen| seen.group.0).collect();
            store::observations::remove(tx, *record, &groups).await?;
            touched.extend(groups);
        }
        let passings = change.added.iter().filter_map(|(record, of)| Passing::of(*record, cells.get(&of.cell).copied()?, of));
        let removed = change.removed.keys().copied().collect();
        let mut observations = self.pass(tx, &removed, passings.collect(), commit.recorded_at, &mut touched).await?;
        for (record, of) in &change.added {
            let cell = cells.get(&of.cell).copied().unwrap_or_default();
            observations.extend(of.seen.iter().zip(0..).map(|(seen, part)| {
                (Observation { record: *record, cell, at: of.at, subject: of.cell.subject.key, seen: seen.clone() }, part)
            }));
        }
        self.judge(tx, &observations, touched, commit.recorded_at, entries).await
    }

    /// With the first commit of a day, detectors and chains forget what came too long ago. Counts stay.
    async fn forget(&self, tx: &DatabaseTransaction, commit: &DecodedCommit) -> Result<(), QualityError> {
        let today = china_day(commit.recorded_at);
        let first = Place { epoch: commit.epoch, seq: commit.first_seq };
        if store::age::begin_day(tx, today, first.number()).await? {
            let oldest = today.saturating_sub(i64::from(self.settings.remember_days).days());
            store::age::forget_before(tx, oldest).await?;
        }
        Ok(())
    }

    async fn change(&self, commit: &DecodedCommit) -> Result<Change, QualityError> {
        let (mut change, deadlines) = (Change::default(), self.settings.deadlines());
        for entry in commit.entries.iter().filter(|entry| is_counted(&entry.envelope)) {
            let at = Place { epoch: commit.epoch, seq: entry.seq };
            let replaced = Place { epoch: entry.envelope.replaced_epoch, seq: entry.envelope.replaced_seq };
            if replaced.seq > 0 && change.added.remove(&replaced.number()).is_none() {
                change.removed.extend(self.replaced(&deadlines, replaced).await?.map(|of| (replaced.number(), of)));
            }
            change.added.extend(self.contribution(&deadlines, at, &entry.envelope, entry.body.as_deref()).map(|of| (at.number(), of)));
        }
        Ok(change)
    }

    /// What the record added that is replaced.
    async fn replaced(&self, deadlines: &Deadlines, at: Place) -> Result<Option<Contribution>, QualityError> {
        let request = GetEntryRequest { journal: self.followed.clone(), epoch: at.epoch, seq: at.seq };
        match self.peers.as_service().journal("ingestion").get_entry(request).await {
            Ok(answer) => {
                let earlier = answer.into_inner();
                Ok(self.contribution(deadlines, at, &earlier.envelope.unwrap_or_default(), earlier.body.as_deref()))
            }
            Err(gone) if gone.code() == Code::NotFound => {
                let Place { epoch, seq } = at;
                tracing::warn!(journal = self.followed, epoch, seq, "a record that was replaced is not there to be taken back");
                Ok(None)
            }
            Err(why) => Err(why.into()),
        }
    }

    /// A body that cannot be read any more adds nothing and stops nobody.
    fn contribution(&self, deadlines: &Deadlines, at: Place, envelope: &Envelope, body: Option<&[u8]>) -> Option<Contribution> {
        contribution(deadlines, &self.node.id, envelope, body).unwrap_or_else(|why| {
            tracing::warn!(journal = self.followed, epoch = at.epoch, seq = at.seq, %why, "an accepted record is not looked at");
            None
        })
    }
}

impl Change {
    fn differences(&self) -> BTreeMap<Cell, Counts> {
        let mut differences: BTreeMap<Cell, Counts> = BTreeMap::new();
        for of in self.added.values() {
            *differences.entry(of.cell.clone()).or_default() += of.counts;
        }
        for of in self.removed.values() {
            *differences.entry(of.cell.clone()).or_default() += of.counts.negated();
        }
        differences
    }
}
