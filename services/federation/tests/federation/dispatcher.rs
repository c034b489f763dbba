//! Stands in for emergency: what comes from above he orders on to those below and acknowledges, and what is acknowledged from below he passes up. Each
//! is an entry of his own, written in the transaction that moves his cursor in the inbox.

use bytes::Bytes;
use prost::Message;
use tracemesh_chassis::Runtime;
use tracemesh_journal::{DecodedCommit, Entry, Fork, Handler, HandlerError, Journal};
use tracemesh_keeper::{self as keeper, Kept};
use tracemesh_peers::Peers;
use tracemesh_proto::federation::v1::Received;
use tracemesh_proto::journal::v1::Envelope;
use tracemesh_store::DatabaseTransaction;

pub const ORDER: &str = "order.issued";
pub const PROGRESS: &str = "order.progress";

#[derive(Clone)]
struct Dispatcher {
    node: String,
    journal: Journal,
}

pub fn start(runtime: &Runtime, kept: &Kept) {
    let dispatcher = Dispatcher { node: runtime.node().id.clone(), journal: kept.journal.clone() };
    let clients = Peers::new(runtime).as_service();
    keeper::follow_journal(runtime, &clients, &kept.db, "federation", "inbox", move || dispatcher.clone());
}

/// An entry for other nodes.
pub fn addressed(kind: &str, to: &str, is_urgent: bool, body: impl Into<Bytes>) -> Entry {
    Entry::new(&Envelope { kind: kind.into(), to: vec![to.into()], urgent: is_urgent, ..Envelope::default() }, body)
}

/// Writes entries of a service's own, in one commit.
pub async fn write(kept: &Kept, entries: &[Entry]) {
    let tx = kept.db.begin().await.unwrap();
    kept.journal.append(&tx, entries).await.unwrap();
    tx.commit().await.unwrap();
    kept.journal.committed();
}

impl Dispatcher {
    fn answers(&self, received: &Received) -> Result<Vec<Entry>, HandlerError> {
        let envelope = Envelope::decode(received.envelope.clone())?;
        let order = String::from_utf8(received.body.to_vec())?;
        Ok(match (envelope.kind.as_str(), received.from_above) {
            (ORDER, true) => {
                let done = addressed(PROGRESS, "parent", true, format!("{order} at {}", self.node));
                vec![addressed(ORDER, "children", envelope.urgent, order), done]
            }
            (PROGRESS, false) => vec![addressed(PROGRESS, "parent", true, order)],
            _ => Vec::new(),
        })
    }
}

impl Handler for Dispatcher {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let mut entries = Vec::new();
        for entry in commits.iter().flat_map(|commit| &commit.entries).filter(|entry| entry.envelope.kind == "link.received") {
            entries.extend(self.answers(&Received::decode(entry.body.clone().unwrap_or_default())?)?);
        }
        if !entries.is_empty() {
            self.journal.append(tx, &entries).await?;
        }
        Ok(())
    }

    fn committed(&mut self) {
        self.journal.committed();
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        Err(fork.to_string().into())
    }
}
