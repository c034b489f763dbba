//! What a commit should have left in our tables, from its entries alone.

use tracemesh_journal::{DecodedCommit, DecodedEntry, Journal, JournalError};
use tracemesh_proto::journal::v1::envelope::Verdict;

use crate::app::entries::reread;
use crate::domain::identity::{Claim, Identity};
use crate::domain::outcome::KIND;
use crate::domain::place::{Hop, hops_of};
use crate::store::hops::StoredHop;
use crate::store::intake::Tally;

#[derive(Clone, Copy)]
pub struct Entries<'a> {
    pub journal: &'a Journal,
    pub node: &'a str,
}

#[derive(Default)]
pub struct Expected {
    pub claims: Vec<(Identity, Claim)>,
    pub hops: Vec<StoredHop>,
    /// One row with the verdicts of all, at the first.
    pub intake: Vec<(i64, Tally)>,
}

impl Entries<'_> {
    pub async fn left_by(&self, commit: &DecodedCommit) -> Result<Expected, JournalError> {
        let mut expected = Expected::default();
        for entry in commit.entries.iter().filter(|entry| entry.envelope.kind == KIND) {
            if expected.intake.is_empty() {
                expected.intake.push((entry.record, Tally::default()));
            }
            let tally = &mut expected.intake[0].1;
            match entry.envelope.verdict() {
                Verdict::Accepted => {
                    tally.accepted += 1;
                    self.accepted(entry, &mut expected).await?;
                }
                Verdict::Duplicate => tally.duplicate += 1,
                Verdict::Rejected | Verdict::Unspecified => tally.rejected += 1,
            }
        }
        Ok(expected)
    }

    async fn accepted(&self, entry: &DecodedEntry, expected: &mut Expected) -> Result<(), JournalError> {
        let (envelope, record) = (&entry.envelope, entry.record);
        let claim = Claim { replaces: envelope.replaces, revision: envelope.revision, record };
        expected.claims.push((Identity::of(&envelope.provider, &envelope.record_id), claim));
        expected.hops.extend(self.hops(entry).into_iter().map(|hop| StoredHop { hop, record, retracts: 0 }));
        if envelope.replaced_seq > 0
            && let Some(before) = self.journal.entry(envelope.replaced_seq).await?
        {
            let retracts = before.entry.record;
            expected.hops.extend(self.hops(&before.entry).into_iter().map(|hop| StoredHop { hop, record, retracts }));
        }
        Ok(())
    }

    /// An erased body has left no hops. One that cannot be read leaves none here, and the comparison then names its commit.
    fn hops(&self, entry: &DecodedEntry) -> Vec<Hop> {
        reread(entry, self.node).map(|record| hops_of(&record)).unwrap_or_default()
    }
}
