//! After the sums came out uneven: which commit it is whose rows are not those that its entries make, or which entry a made up row follows.
//!
//! Each commit that may be it is looked up by reading the tables. There are few: those that share a bucket with what was harmed, and the first
//! that was harmed ends the search.

use std::collections::BTreeSet;

use tracemesh_journal::{DecodedCommit, Disagreement, FirstBad, JournalError, Visitor};
use tracemesh_store::{DatabaseTransaction, DbErr};

use super::expected::Entries;
use super::sums::{Sum, Sums};
use crate::domain::identity::{Claim, Identity};
use crate::store::derived::{self, Derived};
use crate::store::hops::StoredHop;
use crate::store::intake::Tally;

/// Entries that are looked at together for one that there is not.
const AT_ONCE: usize = 2_000;

pub struct Naming<'a> {
    pub entries: Entries<'a>,
    pub sums: &'a Sums,
}

impl Visitor for Naming<'_> {
    async fn commit(&mut self, db: &DatabaseTransaction, commit: &DecodedCommit) -> Result<Option<Disagreement>, DbErr> {
        let (Some(first), Some(last)) = (commit.entries.first(), commit.entries.last()) else { return Ok(None) };
        if !commit.entries.iter().any(|entry| self.sums.doubt(entry.record)) {
            return Ok(None);
        }
        let mut expected = match self.entries.left_by(commit).await {
            Ok(expected) => expected,
            Err(JournalError::Database(error)) => return Err(error),
            Err(damaged) => return Ok(Some(disagreement("journal_block", &damaged.to_string()))),
        };
        expected.claims.sort_by_key(|(identity, claim)| (claim.record, *identity, claim.replaces));
        expected.hops.sort_by_key(|stored| (stored.record, stored.retracts, stored.hop.unit, stored.hop.role));
        let run = (first.record, last.record);
        let indexed = compare(db, run, &expected.claims).await?.or(compare(db, run, &expected.hops).await?);
        Ok(indexed.or(compare(db, run, &expected.intake).await?))
    }
}

impl Naming<'_> {
    /// After a walk that found every row of every commit: there are rows beyond those, which belong to no entry.
    pub async fn made_up(&self, db: &DatabaseTransaction) -> Result<FirstBad, JournalError> {
        let Sums { claims, hops, intake, .. } = self.sums;
        let (table, seq) = if !claims.is_even() {
            self.made_up_in::<(Identity, Claim)>(db, claims).await?
        } else if !hops.is_even() {
            self.made_up_in::<StoredHop>(db, hops).await?
        } else {
            self.made_up_in::<(i64, Tally)>(db, intake).await?
        };
        let (journal, reason) = (self.entries.journal.name().to_owned(), "there are rows that belong to no entry; they follow this one");
        Ok(FirstBad { journal, seq_from: seq, seq_to: seq, table: table.into(), reason: reason.into() })
    }

    /// The table, and the entry that its first made up row follows; 0 where that stands before all.
    async fn made_up_in<R: Derived>(&self, db: &DatabaseTransaction, sum: &Sum) -> Result<(&'static str, u64), JournalError> {
        let mut after = i64::MIN;
        loop {
            let doubted: Vec<i64> = doubted::<R>(db, sum, after).await?.into_iter().collect();
            let entries = self.entries.journal.entries_by_ref(&doubted).await?;
            let made_up = doubted.iter().zip(&entries).find(|(_, entry)| entry.is_none());
            match (made_up, doubted.last()) {
                (Some((record, _)), _) => return Ok((R::TABLE, self.entry_before(db, R::TABLE, *record).await?)),
                (None, Some(last)) => after = *last,
                (None, None) => return Ok((R::TABLE, 0)),
            }
        }
    }

    async fn entry_before(&self, db: &DatabaseTransaction, table: &str, record: i64) -> Result<u64, JournalError> {
        let Some(before) = derived::entry_before(db, table, record).await? else { return Ok(0) };
        let entry = self.entries.journal.entry_by_ref(before).await?;
        Ok(entry.map_or(0, |entry| entry.entry.seq))
    }
}

/// The first entries after one that rows point at whose bucket is in doubt.
async fn doubted<R: Derived>(db: &DatabaseTransaction, sum: &Sum, after: i64) -> Result<BTreeSet<i64>, DbErr> {
    let mut first = BTreeSet::new();
    let see = |record: i64, _: Result<R, DbErr>| {
        if record > after && sum.doubts(record) {
            first.insert(record);
            if first.len() > AT_ONCE {
                first.pop_last();
            }
        }
    };
    derived::each::<R>(db, see).await?;
    Ok(first)
}

/// A row that cannot be read is as altered as one that says something else; a database that does not answer is neither.
async fn compare<R: Derived>(db: &DatabaseTransaction, (from, to): (i64, i64), expected: &[R]) -> Result<Option<Disagreement>, DbErr> {
    match derived::of_entries::<R>(db, from, to).await {
        Ok(rows) if rows == expected => Ok(None),
        Ok(_) => Ok(Some(disagreement(R::TABLE, "the rows are not those that the entries make"))),
        Err(error @ (DbErr::Conn(_) | DbErr::ConnectionAcquire(_))) => Err(error),
        Err(error) => Ok(Some(disagreement(R::TABLE, &format!("the rows cannot be read: {error}")))),
    }
}

fn disagreement(table: &str, reason: &str) -> Disagreement {
    Disagreement { table: table.into(), reason: reason.into() }
}
