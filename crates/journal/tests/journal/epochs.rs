//! A journal is set back, and everybody notices: forks, epochs, and how both histories stay.

use tracemesh_journal::{EPOCH_BEGAN, FollowError, Fork, ForkKind, Head, Journal, JournalError, cursor, verify_inclusion};
use tracemesh_store::{Database, sql};
use tracemesh_testkit::{Place, on_both};

use crate::following::{Notes, follow_to, follower_db, seen};
use crate::rig;

on_both!(
    a_new_epoch_keeps_the_old_one_readable,
    a_halted_journal_takes_nothing_until_its_epoch_is_raised,
    a_follower_goes_on_into_a_new_epoch,
    a_journal_that_was_set_back_is_a_fork,
    after_approval_a_follower_takes_the_new_epoch,
    what_was_shown_cannot_be_withdrawn,
    another_key_is_a_fork,
    altered_history_is_a_fork,
);

/// What a restore of an older copy does: everything after `seq` is gone, and nothing says so.
async fn set_back(journal: &Journal, seq: i64) {
    let tx = journal.database().begin().await.unwrap();
    let gone = "SELECT first_block FROM journal_order WHERE first_seq > $1";
    let size = "(SELECT count(*) FROM journal_order WHERE first_seq <= $1)";
    for text in [
        format!("DELETE FROM journal_block WHERE block IN ({gone})"),
        format!("DELETE FROM journal_node WHERE last >= {size}"),
        "DELETE FROM checkpoint WHERE seq > $1".to_owned(),
        "DELETE FROM journal_order WHERE first_seq > $1".to_owned(),
    ] {
        sql::run(&tx, &text, vec![seq.into()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(journal.verify(&mut ()).await.unwrap().first_bad, None, "from inside it looks whole");
}

async fn append_one_by_one(journal: &Journal, from: u64, count: u64) {
    for i in from..from + count {
        rig::append(journal, &rig::entries(i, 1)).await;
        journal.checkpoint().await.unwrap();
    }
}

async fn fork(journal: &Journal, db: &Database, notes: &mut Notes) -> Fork {
    let run = rig::follower(&rig::serve(journal), db).run(notes, std::future::pending()).await;
    let Err(FollowError::Fork(fork)) = run else { panic!("no fork: {run:?}") };
    assert_eq!(notes.forks.last(), Some(&*fork), "it was recorded");
    *fork
}

async fn a_halted_journal_takes_nothing_until_its_epoch_is_raised(place: Place) {
    let journal = rig::journal(&place).await;
    append_one_by_one(&journal, 1, 3).await;
    journal.halt("cn holds another history").await.unwrap();
    let tx = journal.database().begin().await.unwrap();
    let refused = journal.append(&tx, &rig::entries(4, 1)).await.unwrap_err();
    assert!(matches!(&refused, JournalError::Halted { why, .. } if why == "cn holds another history"), "{refused}");
    drop(tx);
    assert_eq!(journal.read(0, 1 << 20).await.unwrap().len(), 3, "it can be read");
    journal.reach_epoch(1, "service:federation", "approved").await.unwrap();
    assert_eq!(journal.head().await.unwrap(), Head { epoch: 2, seq: 4 }, "the epoch that it was halted in is over");
    let said = journal.entry(4).await.unwrap().unwrap().entry.envelope;
    assert_eq!((said.kind.as_str(), said.actor.as_str(), said.why.as_str()), (EPOCH_BEGAN, "service:federation", "approved"));
    journal.reach_epoch(2, "service:federation", "approved").await.unwrap();
    assert_eq!(journal.head().await.unwrap(), Head { epoch: 2, seq: 4 }, "it is reached already");
    rig::append(&journal, &rig::entries(5, 1)).await;
}

async fn a_new_epoch_keeps_the_old_one_readable(place: Place) {
    let journal = rig::journal(&place).await;
    append_one_by_one(&journal, 1, 3).await;
    rig::append(&journal, &rig::entries(4, 1)).await;
    assert_eq!(journal.raise_epoch(0).await.unwrap(), 2);
    assert_eq!(journal.raise_epoch(7).await.unwrap(), 7, "somebody outside knows of six");
    let appended = rig::append(&journal, &rig::entries(5, 2)).await;
    assert_eq!((appended.epoch, appended.first_seq), (7, 5));
    let places: Vec<_> = journal.read(0, 1 << 20).await.unwrap().iter().map(|c| (c.epoch, c.index, c.first_seq)).collect();
    assert_eq!(places, [(1, 0, 1), (1, 1, 2), (1, 2, 3), (1, 3, 4), (7, 0, 5)]);
    let end = journal.checkpoint_of(1).await.unwrap();
    assert_eq!((end.size, end.seq), (4, 4), "the last checkpoint of an epoch covers all of it");
    for seq in 1..=6 {
        let proof = journal.prove_inclusion(seq, 0).await.unwrap().unwrap();
        let proven = verify_inclusion(&proof, &journal.public_key()).unwrap();
        assert_eq!((proven.epoch, proven.seq), (if seq < 5 { 1 } else { 7 }, seq));
    }
    assert_eq!(journal.verify(&mut ()).await.unwrap().first_bad, None);
}

async fn a_follower_goes_on_into_a_new_epoch(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    let server = rig::serve(&journal);
    append_one_by_one(&journal, 1, 3).await;
    follow_to(&server, &db, &mut Notes::new(), 2).await;
    append_one_by_one(&journal, 4, 2).await;
    journal.raise_epoch(0).await.unwrap();
    append_one_by_one(&journal, 6, 1).await;
    journal.raise_epoch(0).await.unwrap();
    append_one_by_one(&journal, 7, 1).await;
    follow_to(&server, &db, &mut Notes::new(), 7).await;
    assert_eq!(seen(&db).await.len(), 7);
    assert_eq!(cursor(db.read(), "figures", rig::NAME).await.unwrap().epoch, 3);
    // One who comes later reads through all epochs as well.
    let later = place.open("quality", &[tracemesh_journal::MIGRATIONS, crate::following::SEEN]).await;
    follow_to(&server, &later, &mut Notes::new(), 7).await;
    assert_eq!(seen(&later).await, seen(&db).await);
}

async fn a_journal_that_was_set_back_is_a_fork(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    append_one_by_one(&journal, 1, 5).await;
    let mut notes = Notes::new();
    follow_to(&rig::serve(&journal), &db, &mut notes, 5).await;
    set_back(&journal, 3).await;
    let shorter = fork(&journal, &db, &mut notes).await;
    assert_eq!((shorter.kind, shorter.held_seq, shorter.resume_after), (ForkKind::Shorter, 5, None));
    // Grown past the old length it is found by the proof.
    append_one_by_one(&journal, 40, 4).await;
    let other = fork(&journal, &db, &mut notes).await;
    assert_eq!((other.kind, other.offered.unwrap().size), (ForkKind::Inconsistent, 7));
    assert_eq!(seen(&db).await.len(), 5, "nothing was taken of it");
}

async fn after_approval_a_follower_takes_the_new_epoch(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    append_one_by_one(&journal, 1, 5).await;
    let mut notes = Notes::new();
    follow_to(&rig::serve(&journal), &db, &mut notes, 5).await;
    set_back(&journal, 3).await;
    journal.raise_epoch(0).await.unwrap();
    append_one_by_one(&journal, 40, 3).await;
    let fork = fork(&journal, &db, &mut notes).await;
    assert_eq!((fork.held_epoch, fork.resume_after), (1, Some(3)));
    let tx = db.begin().await.unwrap();
    // The ghosts stay where the service wants them; this one makes room.
    sql::run(&tx, "UPDATE seen SET seq = seq + 1000 WHERE seq > 3", vec![]).await.unwrap();
    cursor::resume(&tx, "figures", rig::NAME, 3).await.unwrap();
    tx.commit().await.unwrap();
    follow_to(&rig::serve(&journal), &db, &mut notes, 6).await;
    let ids: Vec<String> = seen(&db).await.into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids, ["1", "2", "3", "40", "41", "42", "4", "5"]);
}

async fn what_was_shown_cannot_be_withdrawn(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    append_one_by_one(&journal, 1, 2).await;
    follow_to(&rig::serve(&journal), &db, &mut Notes::new(), 2).await;
    append_one_by_one(&journal, 3, 2).await;
    // Shown at the beginning of a connection that took nothing.
    let mut refusing = Notes { fails: 1.0, ..Notes::new() };
    let server = rig::serve(&journal);
    let mut follower = rig::follower(&server, &db);
    follower.pace.backoff_min = std::time::Duration::from_secs(60);
    let shown = async {
        while cursor(db.read(), "figures", rig::NAME).await.unwrap().checkpoint.is_none_or(|shown| shown.size < 4) {
            tokio::task::yield_now().await;
        }
    };
    follower.run(&mut refusing, shown).await.unwrap();
    set_back(&journal, 2).await;
    let mut notes = Notes::new();
    assert_eq!(fork(&journal, &db, &mut notes).await.kind, ForkKind::Shorter);
    // It took no more than both have: after the approval it only goes on.
    journal.raise_epoch(0).await.unwrap();
    append_one_by_one(&journal, 9, 1).await;
    let resume_after = fork(&journal, &db, &mut notes).await.resume_after.unwrap();
    let tx = db.begin().await.unwrap();
    cursor::resume(&tx, "figures", rig::NAME, resume_after).await.unwrap();
    tx.commit().await.unwrap();
    follow_to(&server, &db, &mut notes, 3).await;
    assert_eq!(seen(&db).await.len(), 3);
}

async fn another_key_is_a_fork(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    append_one_by_one(&journal, 1, 1).await;
    let mut notes = Notes::new();
    follow_to(&rig::serve(&journal), &db, &mut notes, 1).await;
    let clock = std::sync::Arc::new(|| 0);
    let forged = Journal::open(journal.database(), rig::NAME, rig::key(8), clock).await.unwrap();
    assert_eq!(fork(&forged, &db, &mut notes).await.kind, ForkKind::OtherKey);
    // Known beforehand, the key is not learnt from whoever answers first.
    let later = place.open("quality", &[tracemesh_journal::MIGRATIONS, crate::following::SEEN]).await;
    let server = rig::serve(&journal);
    let mut follower = rig::follower(&server, &later);
    follower.key = Some(rig::key(8).verifying_key());
    let run = follower.run(&mut notes, std::future::pending()).await.unwrap_err();
    assert!(matches!(run, FollowError::Fork(fork) if fork.kind == ForkKind::OtherKey));
}

async fn altered_history_is_a_fork(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    append_one_by_one(&journal, 1, 3).await;
    let mut notes = Notes::new();
    let tx = journal.database().begin().await.unwrap();
    sql::run(&tx, "UPDATE journal_order SET recorded_at = recorded_at - 1 WHERE first_seq = 2", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    let fork = fork(&journal, &db, &mut notes).await;
    assert_eq!(fork.kind, ForkKind::Damaged("journal_order, seq 2 to 2: a commit does not have its leaf hash".into()));
    assert_eq!(
        fork.to_string(),
        "local.ingestion forked after epoch 0, seq 0: journal_order, seq 2 to 2: a commit does not have its leaf hash"
    );
}
