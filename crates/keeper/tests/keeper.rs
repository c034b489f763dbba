//! Followers of what another service of the node keeps, in the same process and in another one.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::mpsc;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, NodeConfig, Process, Runtime, Telemetry};
use tracemesh_journal::{DecodedCommit, Entry, Envelope, Fork, Handler, HandlerError, Journal, JournalServer};
use tracemesh_keeper::{self as keeper, Kept};
use tracemesh_peers::Peers;
use tracemesh_store::{DatabaseTransaction, MigrationSet};

/// Tells the test what it was given: the journal, and the body.
#[derive(Clone)]
struct Teller(mpsc::Sender<(Arc<str>, String)>);

impl Handler for Teller {
    async fn apply(&mut self, _: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for commit in commits {
            for entry in &commit.entries {
                let body = String::from_utf8(entry.body.as_ref().ok_or("there is no body")?.to_vec())?;
                self.0.send((commit.journal.clone(), body)).await?;
            }
        }
        Ok(())
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        Err(fork.to_string().into())
    }
}

async fn opened(process: &Process, journals: &JournalServer, noun: &'static str) -> (Runtime, Kept) {
    let runtime = process.runtime(noun);
    let kept = keeper::open(&runtime, journals, MigrationSet { name: noun, steps: &[] }).await.unwrap();
    (runtime, kept)
}

async fn prepared(config: NodeConfig, hosted: &[&'static str]) -> (Process, JournalServer) {
    (Process::prepare(config, Clock::system(), Telemetry::detached(), hosted).await.unwrap(), JournalServer::new())
}

async fn served(process: Process, journals: &JournalServer) -> Running {
    let service = keeper::journal_service(&process.runtime("journal"), journals);
    process.serve(vec![service]).await.unwrap()
}

/// The gateway's journals: its own, and what came over links.
async fn gateway(process: &Process, journals: &JournalServer) -> (Kept, Journal) {
    let (runtime, kept) = opened(process, journals, "federation").await;
    let inbox = keeper::open_journal(&runtime, journals, &kept.db, "local.federation.inbox").await.unwrap();
    (kept, inbox)
}

/// Another service follows both.
async fn follower(process: &Process, journals: &JournalServer, teller: &Teller) {
    let (runtime, kept) = opened(process, journals, "emergency").await;
    let (clients, teller) = (Peers::new(&runtime).as_service(), teller.clone());
    let again = teller.clone();
    keeper::follow(&runtime, &clients, &kept.db, "federation", move || teller.clone());
    keeper::follow_journal(&runtime, &clients, &kept.db, "federation", "inbox", move || again.clone());
}

async fn append(kept: &Kept, journal: &Journal, body: &'static str) {
    let tx = kept.db.begin().await.unwrap();
    journal.append(&tx, &[Entry::new(&Envelope::default(), body)]).await.unwrap();
    tx.commit().await.unwrap();
    journal.committed();
}

async fn told(heard: &mut mpsc::Receiver<(Arc<str>, String)>, journal: &str, body: &str) {
    assert_eq!(heard.recv().await.unwrap(), (journal.into(), body.to_owned()));
}

fn config(folder: &Path) -> NodeConfig {
    NodeConfig::on_free_ports(folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_journal_is_followed_beside_the_first_each_with_its_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, mut heard) = mpsc::channel(8);
    let (process, journals) = prepared(config(folder.path()), &["federation", "emergency"]).await;
    let (kept, inbox) = gateway(&process, &journals).await;
    follower(&process, &journals, &Teller(sender)).await;
    let running = served(process, &journals).await;
    append(&kept, &inbox, "order").await;
    told(&mut heard, "local.federation.inbox", "order").await;
    append(&kept, &kept.journal, "enrolled").await;
    told(&mut heard, "local.federation", "enrolled").await;
    append(&kept, &inbox, "progress").await;
    told(&mut heard, "local.federation.inbox", "progress").await;
    running.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_followed_in_another_process_of_the_node_and_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, mut heard) = mpsc::channel(8);
    let (process, journals) = prepared(config(folder.path()), &["federation"]).await;
    let (kept, inbox) = gateway(&process, &journals).await;
    let gateway = served(process, &journals).await;
    let mut elsewhere = config(folder.path());
    elsewhere.peers.insert("federation".into(), gateway.endpoints().grpc.clone());
    for body in ["order", "progress"] {
        append(&kept, &inbox, body).await;
        let (process, journals) = prepared(elsewhere.clone(), &["emergency"]).await;
        follower(&process, &journals, &Teller(sender.clone())).await;
        let running = served(process, &journals).await;
        told(&mut heard, "local.federation.inbox", body).await;
        journals.stop();
        running.stop().await.unwrap();
    }
    assert!(heard.try_recv().is_err(), "nothing comes twice");
    gateway.stop().await.unwrap();
}
