//! The audit of our own tables: every `record`, `hop` and `intake` row is computed again from the journal's entries and compared with what is
//! stored. A row that is missing or altered names the commit that it belongs to; one that is made up, the entry that it follows.
//!
//! The tables have no index by entry (`store/derived.rs` says why), so that looking up the rows of one commit reads a whole table, and doing so
//! for every commit would take a time that grows with the square of the node's age. Instead the journal is walked once, each table is read
//! once, and both sides are added up: a hash of every row that should be there, less a hash of every row that is (`verify/sums.rs`). Nothing
//! has to be sorted or kept. Only where the sums differ is the journal walked again, and commits are looked up that may be why
//! (`verify/naming.rs`).
//!
//! What is damaged in the journal itself is told first: what the tables should say is not known then.

mod expected;
mod naming;
mod sums;

use tracemesh_journal::{DecodedCommit, Disagreement, Journal, JournalError, Verification, Visitor};
use tracemesh_store::{DatabaseTransaction, DbErr};

use expected::Entries;
use naming::Naming;
use sums::Sums;

/// Reads the journal from its first byte, and our tables beside it, as of one moment.
pub async fn verify(journal: &Journal, node: &str) -> Result<Verification, JournalError> {
    let db = journal.database().snapshot().await?;
    let entries = Entries { journal, node };
    let mut adding = Adding { entries, sums: Sums::default() };
    let found = journal.verify_in(&db, &mut adding).await?;
    let mut sums = adding.sums;
    if found.first_bad.is_some() || sums.come_out_even(&db).await? {
        return Ok(found);
    }
    let mut naming = Naming { entries, sums: &sums };
    let mut found = journal.verify_in(&db, &mut naming).await?;
    if found.first_bad.is_none() {
        found.first_bad = Some(naming.made_up(&db).await?);
    }
    Ok(found)
}

/// Adds up what every commit should have left.
struct Adding<'a> {
    entries: Entries<'a>,
    sums: Sums,
}

impl Visitor for Adding<'_> {
    async fn commit(&mut self, _: &DatabaseTransaction, commit: &DecodedCommit) -> Result<Option<Disagreement>, DbErr> {
        match self.entries.left_by(commit).await {
            Ok(expected) => self.sums.add(&expected),
            Err(JournalError::Database(error)) => return Err(error),
            Err(damaged) => return Ok(Some(Disagreement { table: "journal_block".into(), reason: damaged.to_string() })),
        }
        Ok(None)
    }
}
