//! Followers: each entry takes effect once, whatever fails in between.

use std::future::pending;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::watch;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError, Journal, JournalServer, MIGRATIONS, cursor};
use tracemesh_store::{Database, DatabaseTransaction, Migration, MigrationSet, sql};
use tracemesh_testkit::{Place, on_both};

use crate::rig;

on_both!(
    every_entry_takes_effect_once_whatever_fails,
    two_copies_of_a_follower_do_not_repeat_each_other,
    a_read_model_is_rebuilt_from_the_beginning,
    a_large_commit_passes_in_one_piece,
);

/// What the handlers here make of a journal: a row per entry. Its key refuses a second one.
pub const SEEN: MigrationSet = MigrationSet {
    name: "seen",
    steps: &[Migration {
        version: 1,
        name: "seen",
        postgres: "CREATE TABLE seen (seq BIGINT PRIMARY KEY, record_id TEXT NOT NULL);",
        sqlite: "CREATE TABLE seen (seq INTEGER PRIMARY KEY, record_id TEXT NOT NULL);",
    }],
};

pub async fn follower_db(place: &Place) -> Database {
    place.open(rig::FOLLOWER, &[MIGRATIONS, SEEN]).await
}

/// Writes `seen`, and may fail once it has.
pub struct Notes {
    pub fails: f64,
    pub random: StdRng,
    pub caught_up: watch::Sender<u64>,
    pub forks: Vec<Fork>,
}

impl Notes {
    pub fn new() -> Self {
        Self { fails: 0.0, random: StdRng::seed_from_u64(1), caught_up: watch::Sender::new(0), forks: Vec::new() }
    }
}

impl Handler for Notes {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            let values = vec![(entry.seq as i64).into(), entry.envelope.record_id.as_str().into()];
            sql::run(tx, "INSERT INTO seen (seq, record_id) VALUES ($1, $2)", values).await?;
        }
        if self.random.random_bool(self.fails) { Err("injected".into()) } else { Ok(()) }
    }

    fn caught_up(&mut self, seq: u64) {
        self.caught_up.send_replace(seq);
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        self.forks.push(fork.clone());
        Ok(())
    }
}

pub async fn seen(db: &Database) -> Vec<(i64, String)> {
    sql::rows(db.read(), "SELECT seq, record_id FROM seen ORDER BY seq", vec![]).await.unwrap()
}

/// Follows until everything up to `seq` is applied.
pub async fn follow_to(server: &JournalServer, db: &Database, notes: &mut Notes, seq: u64) {
    let mut caught_up = notes.caught_up.subscribe();
    let reached = async { _ = caught_up.wait_for(|at| *at >= seq).await.unwrap() };
    rig::follower(server, db).run(notes, reached).await.unwrap();
}

fn expected(up_to: u64) -> Vec<(i64, String)> {
    (1..=up_to).map(|seq| (seq as i64, seq.to_string())).collect()
}

async fn append_singly(journal: &Journal, up_to: u64, random: &mut StdRng) {
    let mut next = journal.head().await.unwrap().seq + 1;
    while next <= up_to {
        let count = random.random_range(1..=4).min(up_to + 1 - next);
        rig::append(journal, &rig::entries(next, count)).await;
        next += count;
    }
}

async fn every_entry_takes_effect_once_whatever_fails(place: Place) {
    let mut random = rig::random("following");
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    let server = rig::serve(&journal);
    let total = rig::rounds(200);
    let mut notes = Notes { fails: 0.3, random: StdRng::seed_from_u64(random.random()), ..Notes::new() };
    append_singly(&journal, total / 2, &mut random).await;
    let writing = append_singly(&journal, total, &mut random);
    let following = async {
        // Killed at any moment, and begun again.
        for round in 0..rig::rounds(20) {
            let mut follower = rig::follower(&server, &db);
            follower.pace.entries = 10;
            let kill = tokio::time::sleep(Duration::from_millis(round % 13));
            tokio::select! { biased; () = kill => {}, _ = follower.run(&mut notes, pending()) => {} }
        }
        notes.fails = 0.0;
        follow_to(&server, &db, &mut notes, total).await;
    };
    tokio::join!(writing, following);
    assert_eq!(seen(&db).await, expected(total));
    let cursor = cursor::cursor(db.read(), "figures", rig::NAME).await.unwrap();
    assert_eq!((cursor.epoch, cursor.seq, &cursor.root()[..]), (1, total, &journal.checkpoint().await.unwrap().root[..]));
    assert_eq!(notes.forks, []);
}

async fn two_copies_of_a_follower_do_not_repeat_each_other(place: Place) {
    let journal = rig::journal(&place).await;
    let server = rig::serve(&journal);
    append_singly(&journal, 120, &mut StdRng::seed_from_u64(2)).await;
    let copies = [follower_db(&place).await, follower_db(&place).await];
    let (mut one, mut other) = (Notes::new(), Notes::new());
    tokio::join!(follow_to(&server, &copies[0], &mut one, 120), follow_to(&server, &copies[1], &mut other, 120));
    assert_eq!(seen(&copies[0]).await, expected(120));
}

async fn a_read_model_is_rebuilt_from_the_beginning(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    let server = rig::serve(&journal);
    append_singly(&journal, 20, &mut StdRng::seed_from_u64(3)).await;
    follow_to(&server, &db, &mut Notes::new(), 20).await;
    let tx = db.begin().await.unwrap();
    cursor::reset(&tx, "figures", rig::NAME).await.unwrap();
    sql::run(&tx, "DELETE FROM seen", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    follow_to(&server, &db, &mut Notes::new(), 20).await;
    assert_eq!(seen(&db).await, expected(20));
}

async fn a_large_commit_passes_in_one_piece(place: Place) {
    let (journal, db) = (rig::journal(&place).await, follower_db(&place).await);
    // Random, so that it is as large on the wire.
    let mut random = StdRng::seed_from_u64(4);
    let large: Vec<_> = (1..=3).map(|i| rig::entry(i, (0..2 << 20).map(|_| random.random()).collect::<Vec<u8>>())).collect();
    rig::append(&journal, &large).await;
    follow_to(&rig::serve(&journal), &db, &mut Notes::new(), 3).await;
    assert_eq!(seen(&db).await, expected(3));
}
