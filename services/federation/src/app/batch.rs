//! Entries for several of the gateway's journals in one transaction.

use std::collections::BTreeMap;

use tracemesh_journal::{COMMIT_BYTES_MAX, Entry, Journal, JournalError};
use tracemesh_store::DatabaseTransaction;

use super::downlinks::Downlinks;

/// Bytes of entries in one commit: half of what it may hold, as the largest entry has, so that frames and encodings never matter.
const COMMIT_BYTES: usize = COMMIT_BYTES_MAX / 2;

/// What one transaction appends, by journal.
#[derive(Default)]
pub struct Batch(BTreeMap<String, (Journal, Vec<Entry>)>);

/// Journals to wake once the transaction is committed, with the last entry of each.
#[derive(Default)]
pub struct Written(Vec<(Journal, u64)>);

impl Batch {
    pub fn add(&mut self, journal: &Journal, entry: Entry) {
        self.0.entry(journal.name().to_owned()).or_insert_with(|| (journal.clone(), Vec::new())).1.push(entry);
    }

    /// As the transaction's last act. All is staged before the first journal is locked, and they are locked in the order of their names, so that no
    /// two transactions wait for each other.
    pub async fn write(self, tx: &DatabaseTransaction) -> Result<Written, JournalError> {
        let mut staged = Vec::new();
        for (journal, entries) in self.0.values() {
            for commit in commits(entries) {
                staged.push((journal, journal.stage(tx, commit).await?));
            }
        }
        let mut written = Vec::new();
        for (journal, staged) in staged {
            let appended = journal.seal(tx, staged).await?;
            written.push((journal.clone(), appended.last_seq()));
        }
        Ok(Written(written))
    }
}

impl Written {
    /// The transaction is committed.
    pub fn committed(&mut self, downlinks: &Downlinks) {
        for (journal, last_seq) in self.0.drain(..) {
            journal.committed();
            downlinks.grew(journal.name(), last_seq);
        }
    }
}

/// Cuts entries into what one commit may hold.
fn commits(mut rest: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |entry: &&Entry| {
            bytes += entry.envelope().len() + entry.body().len();
            bytes <= COMMIT_BYTES
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (commit, after) = rest.split_at_checked(count)?;
        rest = after;
        Some(commit)
    })
}

#[cfg(test)]
mod tests {
    use tracemesh_journal::Envelope;

    use super::*;

    #[test]
    fn large_entries_are_committed_apart_and_all_of_them() {
        let entry = |bytes: usize| Entry::new(&Envelope::default(), vec![0; bytes]);
        let entries = [entry(COMMIT_BYTES), entry(1), entry(COMMIT_BYTES - 1), entry(1), entry(1)];
        let counts: Vec<usize> = commits(&entries).map(<[Entry]>::len).collect();
        assert_eq!(counts, [1, 2, 2]);
        assert_eq!(commits(&[]).count(), 0);
    }
}
