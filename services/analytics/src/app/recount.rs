//! Counting again what is counted already, and comparing: as of the entry that the figures are as of, whatever has come since.

use tracemesh_journal::open_commit;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_proto::journal::v1::{Commit, FollowRequest};

use super::Analytics;
use crate::domain::days::Days;
use crate::domain::difference::{Difference, first_difference};
use crate::domain::recount::{Cells, InForce, TooManyRecords};
use crate::domain::version::{AsOf, Place};
use crate::error::AnalyticsError;
use crate::store;

/// What a recount found.
#[derive(Debug, PartialEq, Eq)]
pub struct Recounted {
    /// In force, and of the days asked for.
    pub records: u64,
    pub as_of: AsOf,
    /// None: every figure is what it should be.
    pub first_difference: Option<Difference>,
}

impl Analytics {
    pub async fn recount(&self, days: Days) -> Result<Recounted, AnalyticsError> {
        let (as_of, kept) = self.kept(days).await?;
        let mut in_force = InForce::new(&self.node.id, self.settings.rules(), days, self.settings.recount_records_max);
        self.read_again(as_of.place, &mut in_force).await?;
        let (records, recounted) = in_force.count();
        Ok(Recounted { records, as_of, first_difference: first_difference(&kept, &recounted) })
    }

    /// The tables, and the entry that they are true of, at one moment.
    async fn kept(&self, days: Days) -> Result<(AsOf, Cells), AnalyticsError> {
        let snapshot = self.db.snapshot().await?;
        let as_of = store::counted::as_of(&snapshot, &self.counted).await?;
        let mut kept = Cells::new();
        store::cells::each_with_presence(&snapshot, days, |cell, counts, presence| {
            kept.insert(cell, (counts, presence));
            Ok::<_, AnalyticsError>(())
        })
        .await?;
        Ok((as_of, kept))
    }

    /// Reads the journal from its first entry up to `end`.
    async fn read_again(&self, end: Place, in_force: &mut InForce) -> Result<(), AnalyticsError> {
        if end.seq == 0 {
            return Ok(());
        }
        let request = FollowRequest { journal: self.counted.clone(), epoch: 0, after: 0 };
        let mut stream = self.peers.as_service().journal("ingestion").follow(request).await?.into_inner();
        while let Some(message) = stream.message().await? {
            match message.item {
                Some(Item::Commit(commit)) if self.take(&commit, end, in_force)? => return Ok(()),
                Some(Item::CaughtUp(there)) => {
                    return Err(AnalyticsError::Shorter { journal: self.counted.clone(), end: there.seq, asked: end.seq });
                }
                _ => {}
            }
        }
        Err(tonic::Status::unavailable("the stream ended before its journal did").into())
    }

    /// Whether `end` was reached.
    fn take(&self, commit: &Commit, end: Place, in_force: &mut InForce) -> Result<bool, AnalyticsError> {
        let commit = open_commit(&self.counted.as_str().into(), commit);
        let commit = commit.map_err(|bad| AnalyticsError::Damaged { journal: self.counted.clone(), bad })?;
        for entry in commit.entries.iter().filter(|entry| entry.seq <= end.seq) {
            in_force.take(&entry.envelope, entry.body.as_deref())?;
        }
        Ok(commit.last_seq() >= end.seq)
    }
}

impl From<TooManyRecords> for AnalyticsError {
    fn from(_: TooManyRecords) -> Self {
        Self::TooManyRecords
    }
}
