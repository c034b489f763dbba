//! What every test here starts from: a journal with a clock of its own, entries, a server that is called without a network.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ed25519_dalek::SigningKey;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use tracemesh_journal::{Appended, Clock, Entry, Envelope, Follower, Journal, JournalServer, MIGRATIONS, Pace};
use tracemesh_proto::journal::v1::journal_service_client::JournalServiceClient;
use tracemesh_proto::journal::v1::journal_service_server::JournalServiceServer;
use tracemesh_store::Database;
use tracemesh_testkit::Place;

pub const NAME: &str = "local.ingestion";
/// Where the journals are kept, and where followers keep their cursors.
pub const KEEPER: &str = "ingestion";
pub const FOLLOWER: &str = "analytics";

pub type Direct = JournalServiceServer<JournalServer>;

pub async fn keeper(place: &Place) -> Database {
    place.open(KEEPER, &[MIGRATIONS]).await
}

/// The journal as one process has it; a second call is a second process.
pub async fn journal(place: &Place) -> Journal {
    journal_named(&keeper(place).await, NAME).await
}

pub async fn journal_named(db: &Database, name: &str) -> Journal {
    Journal::open_at(db, name, key(name.len() as u8), ticking(), quick()).await.expect("a journal opens")
}

/// Each journal has a key of its own: here, by the length of its name.
pub fn key(of: u8) -> SigningKey {
    SigningKey::from_bytes(&[of; 32])
}

/// Quick enough for a test to wait for.
pub fn quick() -> Pace {
    Pace { poll: Duration::from_millis(20), checkpoint: Duration::from_millis(20), heartbeat: Duration::from_millis(100) }
}

/// A clock that goes on by a second whenever it is read.
fn ticking() -> Clock {
    let now = AtomicI64::new(1_700_000_000_000_000);
    Arc::new(move || now.fetch_add(1_000_000, Ordering::Relaxed))
}

pub fn entry(record_id: impl ToString, body: impl Into<Vec<u8>>) -> Entry {
    let envelope = Envelope { kind: "record".into(), record_id: record_id.to_string(), ..Default::default() };
    Entry::new(&envelope, body.into())
}

/// As many small entries, numbered from `from`.
pub fn entries(from: u64, count: u64) -> Vec<Entry> {
    (from..from + count).map(|i| entry(i, format!("body of {i}"))).collect()
}

pub async fn append(journal: &Journal, entries: &[Entry]) -> Appended {
    let tx = journal.database().begin().await.unwrap();
    let appended = journal.append(&tx, entries).await.unwrap();
    tx.commit().await.unwrap();
    journal.committed();
    appended
}

pub fn serve(journal: &Journal) -> JournalServer {
    let server = JournalServer::new();
    server.add(journal);
    server
}

pub fn client(server: &JournalServer) -> JournalServiceClient<Direct> {
    JournalServiceClient::new(JournalServiceServer::new(server.clone()))
}

/// A follower that does not wait long after a failure.
pub fn follower(server: &JournalServer, db: &Database) -> Follower<Direct> {
    let mut follower = Follower::new("figures", NAME, client(server), db);
    follower.pace.backoff_min = Duration::from_millis(1);
    follower.pace.backoff_max = Duration::from_millis(10);
    follower
}

/// A seeded generator; the seed is printed, and shown when the test fails.
pub fn random(test: &str) -> StdRng {
    let seed = variable("TRACEMESH_TEST_SEED").unwrap_or_else(|| rand::rng().next_u64());
    println!("{test}: TRACEMESH_TEST_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

/// How often to do what a random test does.
pub fn rounds(usual: u64) -> u64 {
    usual * variable("TRACEMESH_TEST_SCALE").unwrap_or(1)
}

#[allow(clippy::disallowed_methods, reason = "who runs a test configures it from outside; there is no chassis here")]
fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A pause of up to `most`, so that schedules differ.
pub async fn pause(random: &mut StdRng, most: Duration) {
    tokio::time::sleep(most.mul_f64(random.random())).await;
}
