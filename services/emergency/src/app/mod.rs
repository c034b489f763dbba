//! What emergency does, one file a use case. Every change is one transaction: the state, the journal's entries, the commit, in this order, and
//! [`Emergency::commit`] is the only way to end one that a caller began; what a follower does ends with its cursor.

mod acknowledging;
mod breaches;
mod case;
mod closing;
mod drafting;
mod incidents;
mod inspecting;
mod issuing;
mod merging;
mod opening;
mod reading;
mod recalls;
mod scoping;
mod signing;
mod taking;
mod watching;

use std::sync::Arc;

use prost::Message;
use tokio::sync::{Semaphore, watch};
use tracemesh_access::Principal;
use tracemesh_chassis::config::NodeIdentity;
use tracemesh_chassis::error::Violation;
use tracemesh_chassis::{Clock, Shutdown};
use tracemesh_journal::{Entry, Journal};
use tracemesh_peers::Peers;
use tracemesh_proto::journal::v1::{Envelope, Labels};
use tracemesh_proto::time::timestamp;
use tracemesh_store::{Database, DatabaseTransaction};

use crate::config::Settings;
use crate::domain::rules::Rules;
use crate::error::EmergencyError;

pub use self::opening::Opening;
pub use self::reading::Before;
pub use self::signing::OrderKey;

/// Entries that name people besides whoever wrote them.
const PERSONAL: [&str; 1] = ["order.answered"];

/// Emergency of one node.
#[derive(Clone)]
pub struct Emergency {
    pub node: NodeIdentity,
    pub db: Database,
    pub journal: Journal,
    pub clock: Clock,
    pub peers: Peers,
    pub settings: Arc<Settings>,
    pub rules: Arc<Rules>,
    pub key: OrderKey,
    /// Counts commits: whoever watches a board, or waits for a limit, looks again.
    pub changes: watch::Sender<u64>,
    pub watchers: Arc<Semaphore>,
    pub shutdown: Shutdown,
}

/// What the audit trail keeps of a change besides its body: who did it, and why.
#[derive(Clone, Copy)]
pub struct Cause<'a> {
    pub actor: &'a Principal,
    pub why: &'a str,
}

impl<'a> Cause<'a> {
    pub const fn by(actor: &'a Principal) -> Self {
        Self { actor, why: "" }
    }
}

/// Where an entry goes besides our own journal; over a link it overtakes bulk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum To {
    Nobody,
    Parent,
    Children,
}

/// What an entry is about, for its labels.
#[derive(Clone, Copy)]
pub struct About<'a> {
    pub area: &'a str,
    pub category: &'a str,
}

impl Emergency {
    /// Ends a change: its entries go into the journal and everything is committed, or nothing is.
    async fn commit(&self, tx: DatabaseTransaction, entries: &[Entry]) -> Result<(), EmergencyError> {
        if !entries.is_empty() {
            self.journal.append(&tx, entries).await?;
        }
        tx.commit().await?;
        self.committed();
        Ok(())
    }

    /// Wakes whoever waits for what was just committed.
    pub fn committed(&self) {
        self.journal.committed();
        self.changes.send_modify(|changes| *changes += 1);
    }

    fn entry(&self, kind: &str, to: To, cause: Cause<'_>, about: About<'_>, body: &impl Message) -> Entry {
        let receivers = match to {
            To::Nobody => vec![],
            To::Parent => vec!["parent".to_owned()],
            To::Children => vec!["children".to_owned()],
        };
        let sensitivity = if PERSONAL.contains(&kind) { 2 } else { 1 };
        let envelope = Envelope {
            kind: kind.into(),
            actor: cause.actor.to_string(),
            why: cause.why.into(),
            received_at: Some(timestamp(self.clock.now_micros())),
            labels: Some(Labels { area: about.area.into(), category: about.category.into(), sensitivity }),
            content_type: "application/x-protobuf".into(),
            urgent: to != To::Nobody,
            to: receivers,
            ..Envelope::default()
        };
        Entry::new(&envelope, body.encode_to_vec())
    }
}

/// A word that is none of a closed list.
fn not_allowed(field: &str, value: &str, allowed: &[&str]) -> Violation {
    Violation::new(field, "error.request.value_not_allowed").with("value", value).with("allowed", allowed.join(", "))
}

fn missing(field: &str) -> Violation {
    Violation::new(field, "error.request.value_missing")
}
