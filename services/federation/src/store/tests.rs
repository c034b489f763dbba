//! Every text on both databases.

use std::collections::BTreeSet;

use tracemesh_journal::{DecodedCommit, DecodedEntry, MIGRATIONS as JOURNAL};
use tracemesh_proto::federation::v1::{GetLinkStatusResponse, LinkState};
use tracemesh_proto::journal::v1::{Checkpoint, Envelope, JournalState};
use tracemesh_store::{Database, sql};
use tracemesh_testkit::{Place, on_both};

use super::announced::Announced;
use super::children::Child;
use super::parent::Parent;
use super::*;
use crate::domain::invitation::Invitation;

on_both!(
    an_invitation_is_redeemed_once,
    children_keep_what_was_set,
    there_is_one_parent,
    the_parents_history_outlives_a_new_certificate,
    a_proof_answers_its_offer,
    an_entry_is_kept_once,
    what_an_earlier_history_said_is_not_new,
    the_last_word_of_a_child_counts
);

async fn open(place: &Place) -> Database {
    place.open("federation", &[JOURNAL, MIGRATIONS]).await
}

async fn an_invitation_is_redeemed_once(place: Place) {
    let db = open(&place).await;
    let invitation = |secret: u8| Invitation {
        node: "xm".into(),
        area: "350200".into(),
        categories: vec!["FOOD".into()],
        secret_sha256: vec![secret; 32],
        expires_at: 100,
    };
    let tx = db.begin().await.unwrap();
    invitations::put(&tx, &invitation(1)).await.unwrap();
    invitations::put(&tx, &invitation(2)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(invitations::all(db.read()).await.unwrap(), [invitation(2)]);
    assert_eq!(invitations::get(db.read(), "xm", &[1; 32], 99).await.unwrap(), None, "another took its place");
    assert_eq!(invitations::get(db.read(), "xm", &[2; 32], 100).await.unwrap(), None, "out of date");
    assert_eq!(invitations::get(db.read(), "xm", &[2; 32], 99).await.unwrap(), Some(invitation(2)));
    let tx = db.begin().await.unwrap();
    assert!(invitations::redeem(&tx, "xm", &[2; 32]).await.unwrap());
    assert!(!invitations::redeem(&tx, "xm", &[2; 32]).await.unwrap());
}

async fn children_keep_what_was_set(place: Place) {
    let db = open(&place).await;
    let mut child = Child {
        node: "xm".into(),
        area: "350200".into(),
        tier: "CITY".into(),
        fingerprint: "aa".into(),
        former_fingerprint: String::new(),
        history: 1,
        epoch: 1,
        categories: vec!["FOOD".into(), "DRUG".into()],
        state: "away".into(),
        detail: "has not connected".into(),
        last_seen: 0,
        said: GetLinkStatusResponse::default(),
    };
    let tx = db.begin().await.unwrap();
    children::enrol(&tx, &child).await.unwrap();
    let said = GetLinkStatusResponse { children: vec![LinkState { node: "sm".into(), ..LinkState::default() }], ..Default::default() };
    children::set_said(&tx, "xm", &said).await.unwrap();
    children::set_state(&tx, "xm", "quarantined", "shorter", 7).await.unwrap();
    children::set_history(&tx, "xm", 2, 5).await.unwrap();
    children::enrol(&tx, &Child { fingerprint: "bb".into(), ..child.clone() }).await.unwrap();
    children::set_certificates(&tx, "xm", "cc", "bb").await.unwrap();
    tx.commit().await.unwrap();
    (child.fingerprint, child.former_fingerprint) = ("cc".into(), "bb".into());
    (child.history, child.epoch, child.state, child.detail, child.last_seen, child.said) =
        (2, 5, "quarantined".into(), "shorter".into(), 7, said);
    assert_eq!(children::get(db.read(), "xm").await.unwrap(), Some(child.clone()), "enrolled anew, and all else stays");
    assert_eq!(children::all(db.read()).await.unwrap(), [child]);
    assert_eq!(children::get(db.read(), "fz").await.unwrap(), None);
}

fn with(node: &str) -> Parent {
    Parent {
        node: node.into(),
        url: "https://localhost:7400".into(),
        ca: "ca".into(),
        certificate: "certificate".into(),
        key: "key".into(),
        renew_at: 5,
        history: 1,
        forked: String::new(),
    }
}

async fn the_parents_history_outlives_a_new_certificate(place: Place) {
    let db = open(&place).await;
    let tx = db.begin().await.unwrap();
    parent::put(&tx, &with("fj")).await.unwrap();
    parent::set_forked(&tx, "shorter").await.unwrap();
    parent::put(&tx, &with("fj")).await.unwrap();
    tx.commit().await.unwrap();
    assert!(parent::get(db.read()).await.unwrap() == Some(Parent { forked: "shorter".into(), ..with("fj") }));
    let tx = db.begin().await.unwrap();
    parent::set_history(&tx, 2).await.unwrap();
    tx.commit().await.unwrap();
    assert!(parent::get(db.read()).await.unwrap() == Some(Parent { history: 2, ..with("fj") }));
}

async fn what_an_earlier_history_said_is_not_new(place: Place) {
    let db = open(&place).await;
    let tx = db.begin().await.unwrap();
    let of = |bodies: &[u32]| bodies.iter().map(|body| received::content(b"envelope", &body.to_be_bytes())).collect::<BTreeSet<_>>();
    let many: Vec<u32> = (0..1_200).collect();
    for (neighbour, history, said, new) in [
        ("fj", 1, &many[..3], &many[..3]),
        // A cursor tells equal entries of one history apart.
        ("fj", 1, &many[1..4], &many[1..4]),
        ("fj", 2, &many[..], &many[4..]),
        ("fj", 2, &many[2..6], &many[4..6]),
        ("xm", 1, &many[..3], &many[..3]),
        ("xm", 1, &[], &[]),
    ] {
        assert_eq!(received::put(&tx, neighbour, history, of(said)).await.unwrap(), of(new), "{neighbour} {history}");
    }
    tx.commit().await.unwrap();
}

async fn the_last_word_of_a_child_counts(place: Place) {
    let db = open(&place).await;
    let word = |seq| taken::Taken { epoch: 1, seq, at: 7 };
    let tx = db.begin().await.unwrap();
    for seq in [4, 9, 3] {
        taken::put(&tx, "xm", "fj.federation.downlink-bulk-xm", &word(seq)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(taken::get(db.read(), "xm", "fj.federation.downlink-bulk-xm").await.unwrap(), word(3));
    assert_eq!(taken::get(db.read(), "xm", "fj.federation.downlink-urgent-xm").await.unwrap(), taken::Taken::default());
}

async fn there_is_one_parent(place: Place) {
    let db = open(&place).await;
    assert!(parent::get(db.read()).await.unwrap().is_none());
    let tx = db.begin().await.unwrap();
    parent::put(&tx, &with("fj")).await.unwrap();
    parent::put(&tx, &with("gd")).await.unwrap();
    tx.commit().await.unwrap();
    assert!(parent::get(db.read()).await.unwrap() == Some(with("gd")));
    let said = Announced { content: b"1/2".to_vec(), at: 9 };
    let tx = db.begin().await.unwrap();
    announced::put(&tx, "fj.registry", &Announced::default()).await.unwrap();
    announced::put(&tx, "fj.registry", &said).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(announced::get(db.read(), "fj.registry").await.unwrap(), Some(said));
}

fn state(journal: &str, size: u64) -> JournalState {
    let checkpoint = Checkpoint { journal: journal.into(), epoch: 1, size, ..Checkpoint::default() };
    JournalState { journal: journal.into(), epoch: 1, public_key: vec![size as u8; 32].into(), checkpoint: Some(checkpoint) }
}

async fn a_proof_answers_its_offer(place: Place) {
    let db = open(&place).await;
    let checkpoint = |size| state("xm.registry", size).checkpoint.unwrap();
    let tx = db.begin().await.unwrap();
    assert!(held::offer(&tx, "xm", &state("xm.registry", 3)).await.unwrap());
    held::hold(&tx, "xm", &checkpoint(4), &checkpoint(3)).await.unwrap();
    tx.commit().await.unwrap();
    let known = held::get(db.read(), "xm", "xm.registry").await.unwrap().unwrap();
    assert_eq!((known.checkpoint, known.offered, known.public_key), (Some(checkpoint(4)), None, vec![3; 32]));

    let tx = db.begin().await.unwrap();
    held::offer(&tx, "xm", &state("xm.registry", 6)).await.unwrap();
    held::hold(&tx, "xm", &checkpoint(5), &checkpoint(3)).await.unwrap();
    tx.commit().await.unwrap();
    let known = held::get(db.read(), "xm", "xm.registry").await.unwrap().unwrap();
    assert_eq!((known.checkpoint, known.offered), (Some(checkpoint(5)), Some(checkpoint(6))), "a later offer still waits");
    assert_eq!(known.public_key, vec![3; 32], "the first key stays");

    let tx = db.begin().await.unwrap();
    let mut taken = 0;
    for number in 0..100 {
        taken += usize::from(held::offer(&tx, "xm", &state(&format!("xm.registry.n{number}"), 1)).await.unwrap());
    }
    assert_eq!(taken, 63, "a child cannot fill the table");
    held::forget(&tx, "xm").await.unwrap();
    assert_eq!(held::all(&tx, "xm").await.unwrap(), []);
}

async fn an_entry_is_kept_once(place: Place) {
    let db = open(&place).await;
    let envelope = Envelope { kind: "weather.observed".into(), ..Envelope::default() };
    let entry = |seq, salt: u8, body: Option<&'static [u8]>| DecodedEntry {
        seq,
        record: 0,
        envelope: envelope.clone(),
        envelope_bytes: prost::Message::encode_to_vec(&envelope).into(),
        body: body.map(Into::into),
        body_hash: [salt; 32],
    };
    let commit = DecodedCommit {
        journal: "xm.federation.uplink-bulk".into(),
        epoch: 1,
        index: 0,
        first_seq: 1,
        recorded_at: 0,
        entries: vec![entry(1, 1, Some(b"rain")), entry(2, 1, Some(b"rain")), entry(3, 2, None)],
    };
    let tx = db.begin().await.unwrap();
    let mut first = Vec::new();
    for entry in &commit.entries {
        first.push(unknown_entries::put(&tx, "xm", &commit, entry).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(first, [true, false, true]);
    let rows: Vec<(i64, Option<Vec<u8>>)> = sql::rows(db.read(), "SELECT seq, body FROM unknown_entry ORDER BY seq", vec![]).await.unwrap();
    assert_eq!(rows, [(1, Some(b"rain".to_vec())), (3, None)]);
}
