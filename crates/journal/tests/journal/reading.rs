//! Reading back what was written: by number, by reference, in pages, in bounds.

use tracemesh_journal::{Entry, Journal, JournalError};
use tracemesh_store::sql;
use tracemesh_testkit::{Place, on_both};

use crate::rig;

on_both!(
    an_entry_is_found_by_number_and_by_reference,
    reads_are_bounded_and_never_stuck,
    a_cursor_inside_a_commit_gets_it_whole,
    pages_run_backwards_to_the_beginning,
    journals_in_one_schema_do_not_mix,
    time_never_goes_back,
    an_erased_body_leaves_its_entry,
    names_are_checked,
);

/// Three commits: one entry; four that fill two blocks; two.
async fn filled(place: &Place) -> (Journal, Vec<i64>) {
    let journal = rig::journal(place).await;
    let large: Vec<Entry> = (2..6).map(|i| rig::entry(i, vec![i as u8; 30_000])).collect();
    let mut refs = Vec::new();
    for entries in [rig::entries(1, 1), large, rig::entries(6, 2)] {
        refs.extend(rig::append(&journal, &entries).await.refs);
    }
    (journal, refs)
}

async fn an_entry_is_found_by_number_and_by_reference(place: Place) {
    let (journal, refs) = filled(&place).await;
    for (seq, record) in (1..).zip(&refs) {
        let stored = journal.entry(seq).await.unwrap().unwrap();
        assert_eq!((stored.entry.seq, stored.entry.record, stored.entry.envelope.record_id.clone()), (seq, *record, seq.to_string()));
        assert_eq!(journal.entry_by_ref(*record).await.unwrap().as_ref(), Some(&stored));
        assert_eq!(journal.seq_of_ref(*record).await.unwrap(), Some(seq));
    }
    let some = [refs[6], refs[0], 999 << 16, refs[3], refs[0] + 1];
    let found = journal.entries_by_ref(&some).await.unwrap();
    let seqs: Vec<Option<u64>> = found.iter().map(|stored| stored.as_ref().map(|stored| stored.entry.seq)).collect();
    assert_eq!(seqs, [Some(7), Some(1), None, Some(4), None]);
    assert_eq!(journal.entry(0).await.unwrap(), None);
    assert_eq!(journal.entry(8).await.unwrap(), None);
    assert_eq!(journal.seq_of_ref(refs[0] + 1).await.unwrap(), None);
}

async fn reads_are_bounded_and_never_stuck(place: Place) {
    let (journal, _) = filled(&place).await;
    let firsts = |commits: Vec<tracemesh_journal::Commit>| commits.iter().map(|commit| commit.first_seq).collect::<Vec<u64>>();
    assert_eq!(firsts(journal.read(0, usize::MAX >> 1).await.unwrap()), [1, 2, 6]);
    assert_eq!(firsts(journal.read(0, 0).await.unwrap()), [1], "one at least");
    assert_eq!(firsts(journal.read(1, 1).await.unwrap()), [2]);
    assert!(journal.read(7, 1_000).await.unwrap().is_empty());
}

async fn a_cursor_inside_a_commit_gets_it_whole(place: Place) {
    let (journal, _) = filled(&place).await;
    let commit = journal.read(3, 0).await.unwrap().remove(0);
    assert_eq!((commit.first_seq, commit.entries, commit.blocks.len()), (2, 4, 2));
}

async fn pages_run_backwards_to_the_beginning(place: Place) {
    let (journal, _) = filled(&place).await;
    let (mut before, mut pages) = (None, Vec::new());
    loop {
        let page = journal.read_back(before, 2).await.unwrap();
        pages.push(page.entries.iter().map(|stored| stored.entry.seq).collect::<Vec<u64>>());
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(pages, [vec![7, 6, 5, 4], vec![3, 2, 1]]);
    assert_eq!(journal.read_back(Some(4), 1).await.unwrap().entries.len(), 2, "begins inside a block");
    assert!(journal.read_back(Some(1), 9).await.unwrap().next.is_none());
}

async fn journals_in_one_schema_do_not_mix(place: Place) {
    let db = rig::keeper(&place).await;
    let (one, other) = (rig::journal_named(&db, "local.federation.up").await, rig::journal_named(&db, "local.federation.urgent").await);
    let tx = db.begin().await.unwrap();
    let (first, second) = (one.stage(&tx, &rig::entries(1, 2)).await.unwrap(), other.stage(&tx, &rig::entries(9, 1)).await.unwrap());
    let (first, second) = (one.seal(&tx, first).await.unwrap(), other.seal(&tx, second).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!((first.first_seq, first.last_seq(), second.first_seq), (1, 2, 1));
    assert_eq!(one.entry_by_ref(second.refs[0]).await.unwrap(), None);
    assert_eq!(other.entry(1).await.unwrap().unwrap().entry.envelope.record_id, "9");
    assert_eq!((one.service(), other.name()), ("federation", "local.federation.urgent"));
}

async fn time_never_goes_back(place: Place) {
    let journal = rig::journal(&place).await;
    let first = rig::append(&journal, &rig::entries(1, 1)).await;
    // Another process, whose clock is behind.
    let second = rig::append(&rig::journal(&place).await, &rig::entries(2, 1)).await;
    assert_eq!(second.recorded_at, first.recorded_at);
}

async fn an_erased_body_leaves_its_entry(place: Place) {
    let (journal, refs) = filled(&place).await;
    let checkpoint = journal.checkpoint().await.unwrap();
    let before = journal.entry(3).await.unwrap().unwrap().entry;
    let tx = journal.database().begin().await.unwrap();
    assert_eq!(journal.erase(&tx, &[refs[2], refs[2], refs[6], 999 << 16]).await.unwrap(), 2);
    assert_eq!(journal.erase(&tx, &[refs[2]]).await.unwrap(), 0, "gone already");
    tx.commit().await.unwrap();
    let after = journal.entry(3).await.unwrap().unwrap().entry;
    assert_eq!((after.body, after.body_hash, after.envelope_bytes), (None, before.body_hash, before.envelope_bytes));
    assert!(journal.entry(2).await.unwrap().unwrap().entry.body.is_some(), "its neighbour in the block stays");
    assert_eq!(journal.verify(&mut ()).await.unwrap().root[..], checkpoint.root[..]);
    // Its salt went with it: no trace of the body is left to try guesses on.
    let bodies: Vec<u8> =
        sql::row(journal.database().read(), "SELECT bodies FROM journal_block ORDER BY block DESC", vec![]).await.unwrap().unwrap();
    assert!(!bodies.windows(9).any(|bytes| bytes == b"body of 7"));
}

async fn names_are_checked(place: Place) {
    let db = rig::keeper(&place).await;
    for name in ["", "local", "local.", "Local.ingestion", "a.b.c.d", "local.in gestion"] {
        let clock = std::sync::Arc::new(|| 0);
        let refused = Journal::open(&db, name, rig::key(1), clock).await.unwrap_err();
        assert!(matches!(refused, JournalError::Name { .. }), "{name:?}: {refused}");
    }
}
