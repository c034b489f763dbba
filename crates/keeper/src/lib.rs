#![doc = include_str!("../README.md")]

mod journals;
mod traced;

use std::future::Future;
use std::sync::Arc;

use futures::FutureExt;
use tracemesh_chassis::config::DatabaseChoice;
use tracemesh_chassis::{Health, NodeConfig, OnFailure, Probe, Runtime, Service, TaskError};
use tracemesh_journal::{COMMIT_BYTES_MAX, FollowError, Follower, Handler, Journal, JournalError, JournalServer, Visitor};
use tracemesh_peers::{Caller, Clients};
use tracemesh_proto::journal::v1::journal_service_server::JournalServiceServer;
use tracemesh_store::{Database, DatabaseConfig, MigrationSet};

pub use crate::journals::KEEPERS;
use crate::journals::NodeJournals;
pub use crate::traced::Traced;

/// What a service keeps.
#[derive(Clone)]
pub struct Kept {
    pub db: Database,
    pub journal: Journal,
}

/// Opens the database and the journal of the runtime's service. `migrations` are the service's own tables.
pub async fn open(runtime: &Runtime, journals: &JournalServer, migrations: MigrationSet) -> Result<Kept, TaskError> {
    let noun = runtime.noun();
    let db = migrated(runtime.config(), noun, migrations).await?;
    let journal = open_journal(runtime, journals, &db, &journal_name(runtime, noun)).await?;
    Ok(Kept { db, journal })
}

/// Brings the tables of a service forward, and does no more.
pub async fn migrate(config: &NodeConfig, noun: &str, migrations: MigrationSet) -> Result<(), TaskError> {
    migrated(config, noun, migrations).await?.close().await;
    Ok(())
}

async fn migrated(config: &NodeConfig, noun: &str, migrations: MigrationSet) -> Result<Database, TaskError> {
    let db = Database::open(&database(config, noun), noun).await?;
    db.migrate(&[tracemesh_journal::MIGRATIONS, migrations]).await?;
    Ok(db)
}

/// The journal of a service of this node.
pub fn journal_name(runtime: &Runtime, noun: &str) -> String {
    format!("{}.{noun}", runtime.node().id)
}

/// Opens one more journal of the service; the first is [`open`]ed with its database.
pub async fn open_journal(runtime: &Runtime, journals: &JournalServer, db: &Database, name: &str) -> Result<Journal, TaskError> {
    let clock = runtime.clock().clone();
    let journal = Journal::open(db, name, runtime.keys().journal(name)?, Arc::new(move || clock.now_micros())).await?;
    journals.add(&journal);
    let kept = journal.clone();
    runtime.tasks().spawn(format!("{name}.checkpointer"), OnFailure::Restart(Default::default()), move |shutdown| {
        let journal = kept.clone();
        async move {
            journal.run_checkpointer(shutdown.requested()).await;
            Ok(())
        }
    });
    Ok(journal)
}

/// Lets `audit verify` read the journal, and the tables that `visitor` recomputes along with it.
pub fn verify_with<V, M>(runtime: &Runtime, journals: &JournalServer, kept: &Kept, visitor: M)
where
    V: Visitor + Sync + 'static,
    M: Fn() -> V + Send + Sync + 'static,
{
    let (journal, visitor) = (kept.journal.clone(), Arc::new(visitor));
    let verifier = move || {
        let (journal, visitor) = (journal.clone(), visitor.clone());
        async move { Ok(vec![journal.verify(&mut visitor()).await?]) }.boxed()
    };
    journals.add_verifier(runtime.noun(), Arc::new(verifier));
}

/// Follows the journal of another service of this node, from the stored cursor, for as long as the process runs.
pub fn follow<H, M>(runtime: &Runtime, clients: &Clients, db: &Database, noun: &'static str, handler: M)
where
    H: Handler + 'static,
    M: Fn() -> H + Send + Sync + 'static,
{
    spawn_follower(runtime, Follower::new(runtime.noun(), &journal_name(runtime, noun), clients.journal(noun), db), noun, handler);
}

/// The same with a further journal of another service, `NODE.NOUN.NAME`, whichever process of this node keeps it. Each has a cursor of its own.
pub fn follow_journal<H, M>(runtime: &Runtime, clients: &Clients, db: &Database, noun: &'static str, name: &str, handler: M)
where
    H: Handler + 'static,
    M: Fn() -> H + Send + Sync + 'static,
{
    let journal = format!("{}.{name}", journal_name(runtime, noun));
    spawn_follower(runtime, Follower::new(runtime.noun(), &journal, clients.journal(noun), db), &format!("{noun}.{name}"), handler);
}

/// `what` tells this follower of the service from its others, in the names of tasks and in traces.
fn spawn_follower<H, M>(runtime: &Runtime, follower: Follower<Caller>, what: &str, handler: M)
where
    H: Handler + 'static,
    M: Fn() -> H + Send + Sync + 'static,
{
    let name = format!("{}.follow.{what}", runtime.noun());
    runtime.tasks().spawn(name.clone(), OnFailure::Restart(Default::default()), move |shutdown| {
        let (follower, handler) = (follower.clone(), Traced::new(name.clone(), handler()));
        async move { run(follower, handler, shutdown.requested()).await }
    });
}

async fn run<H: Handler>(follower: Follower<Caller>, mut handler: H, stop: impl Future<Output = ()>) -> Result<(), TaskError> {
    follower.run(&mut handler, stop).await.map_err(|error: FollowError| error.into())
}

/// The gRPC service through which others follow the journals of this node: those of this process, and through it those of the others.
pub fn journal_service(runtime: &Runtime, journals: &JournalServer) -> Service {
    // A commit that no message could hold would block its followers for ever; what does not compress grows a little.
    let limit = runtime.config().limits.message_bytes.max(2 * COMMIT_BYTES_MAX);
    let server = JournalServiceServer::new(NodeJournals::new(runtime, journals, limit)).max_encoding_message_size(limit);
    // The streams of followers would hold up a stop.
    let (kept, shutdown) = (journals.clone(), runtime.shutdown());
    runtime.tasks().once("journal.stop", async move {
        shutdown.requested().await;
        kept.stop();
        Ok(())
    });
    Service::new("journal").grpc(server)
}

/// Whether the service's database answers and its journal is whole, for `/readyz`.
pub fn probe(runtime: &Runtime, kept: &Kept) -> Probe {
    let journal = kept.journal.clone();
    Probe::new(format!("{}.database", runtime.noun()), move || {
        let journal = journal.clone();
        async move {
            match journal.examine().await {
                Ok(_) => Health::Ok,
                // It is readable; what must not be is that a start fails over it.
                Err(damaged @ JournalError::Damaged { .. }) => Health::Degraded(damaged.to_string()),
                Err(error) => Health::Failed(error.to_string()),
            }
        }
    })
}

fn database(config: &NodeConfig, noun: &str) -> DatabaseConfig {
    match config.database() {
        DatabaseChoice::Sqlite { dir } => DatabaseConfig::Sqlite { path: dir.join(format!("{noun}.sqlite")) },
        DatabaseChoice::Postgres { url, connections } => DatabaseConfig::Postgres { url, connections },
    }
}
