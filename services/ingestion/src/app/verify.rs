//! The audit of our own tables: every `record`, `hop` and `intake` row is computed again from the journal's entries, commit by commit, and
//! compared with what is stored. A row that is missing or altered names the commit that it belongs to; one that is made up, the entry that it follows.

use tracemesh_journal::{DecodedCommit, DecodedEntry, Disagreement, FirstBad, Journal, JournalError, Verification, Visitor};
use tracemesh_proto::journal::v1::envelope::Verdict;
use tracemesh_store::{DatabaseTransaction, DbErr};

use super::entries::reread;
use crate::domain::identity::{Claim, Identity};
use crate::domain::outcome::KIND;
use crate::domain::place::{Hop, hops_of};
use crate::store;
use crate::store::derived;
use crate::store::hops::StoredHop;
use crate::store::intake::Tally;

/// Rows that are looked at together for one that belongs to nothing.
const PAGE: usize = 2_000;

/// Reads the journal from its first byte, and our tables along with it, as of one moment.
pub async fn verify(journal: &Journal, node: &str) -> Result<Verification, JournalError> {
    let db = journal.database().snapshot().await?;
    let mut tables = Tables { journal, node, rows: [0; 3] };
    let mut found = journal.verify_in(&db, &mut tables).await?;
    if found.first_bad.is_none() {
        found.first_bad = tables.made_up(&db).await?;
    }
    Ok(found)
}

/// Walks along with the journal's own verification.
struct Tables<'a> {
    journal: &'a Journal,
    node: &'a str,
    /// How many rows the entries made so far, by place in [`derived::TABLES`].
    rows: [usize; 3],
}

/// What one commit should have left.
#[derive(Default)]
struct Expected {
    claims: Vec<(Identity, Claim)>,
    hops: Vec<StoredHop>,
    /// One row with the verdicts of all, at the first.
    intake: Vec<(i64, Tally)>,
}

impl Visitor for Tables<'_> {
    async fn commit(&mut self, db: &DatabaseTransaction, commit: &DecodedCommit) -> Result<Option<Disagreement>, DbErr> {
        let (Some(first), Some(last)) = (commit.entries.first(), commit.entries.last()) else { return Ok(None) };
        let expected = match self.expected(commit).await {
            Ok(expected) => expected,
            Err(JournalError::Database(error)) => return Err(error),
            Err(damaged) => return Ok(Some(disagreement("journal_block", &damaged.to_string()))),
        };
        self.rows[0] += expected.claims.len();
        self.rows[1] += expected.hops.len();
        self.rows[2] += expected.intake.len();
        let claims = store::records::of_records(db, first.record, last.record).await;
        let hops = store::hops::of_records(db, first.record, last.record).await;
        let intake = store::intake::of_records(db, first.record, last.record).await;
        let indexed = compare("record", claims, &expected.claims)?.or(compare("hop", hops, &expected.hops)?);
        Ok(indexed.or(compare("intake", intake, &expected.intake)?))
    }
}

impl Tables<'_> {
    async fn expected(&self, commit: &DecodedCommit) -> Result<Expected, JournalError> {
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
        expected.claims.sort_by_key(|(_, claim)| claim.record);
        expected.hops.sort_by_key(|stored| (stored.record, stored.retracts, stored.hop.unit, stored.hop.role));
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

    /// After a walk that found every row of every commit: rows beyond those belong to no entry.
    async fn made_up(&self, db: &DatabaseTransaction) -> Result<Option<FirstBad>, JournalError> {
        for (table, rows) in derived::TABLES.into_iter().zip(self.rows) {
            if derived::count(db, table).await? != rows as i64 {
                let seq = self.entry_before_made_up(db, table).await?;
                let (journal, reason) =
                    (self.journal.name().to_owned(), "there are rows that belong to no entry; they follow this one".into());
                return Ok(Some(FirstBad { journal, seq_from: seq, seq_to: seq, table: table.into(), reason }));
            }
        }
        Ok(None)
    }

    /// The entry that the first made up row follows; 0 where it stands before all.
    async fn entry_before_made_up(&self, db: &DatabaseTransaction, table: &str) -> Result<u64, JournalError> {
        let (mut after, mut seq) = (i64::MIN, 0);
        loop {
            let records = derived::records(db, table, after, PAGE).await?;
            let Some(last) = records.last() else { return Ok(seq) };
            after = *last;
            for entry in self.journal.entries_by_ref(&records).await? {
                let Some(entry) = entry else { return Ok(seq) };
                seq = entry.entry.seq;
            }
        }
    }
}

/// A row that cannot be read is as altered as one that says something else; a database that does not answer is neither.
fn compare<T: PartialEq>(table: &str, stored: Result<Vec<T>, DbErr>, expected: &[T]) -> Result<Option<Disagreement>, DbErr> {
    match stored {
        Ok(rows) if rows == expected => Ok(None),
        Ok(_) => Ok(Some(disagreement(table, "the rows are not those that the entries make"))),
        Err(error @ (DbErr::Conn(_) | DbErr::ConnectionAcquire(_))) => Err(error),
        Err(error) => Ok(Some(disagreement(table, &format!("the rows cannot be read: {error}")))),
    }
}

fn disagreement(table: &str, reason: &str) -> Disagreement {
    Disagreement { table: table.into(), reason: reason.into() }
}
