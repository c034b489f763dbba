//! What the gateway does, one file a use case. Every change is one transaction: the state, the journal's entry, the commit, in this order, and
//! [`Federation::commit`] is the only way to end one, so that no link changes without its entry.

pub mod announcements;
pub mod batch;
pub mod downlinks;
mod enrolment;
mod hello;
mod history;
mod invitations;
mod joining;
pub mod questions;
pub mod receiving;
mod resync;
mod revoke;
mod status;

use bytes::Bytes;
use prost::Message;
use tracemesh_access::Principal;
use tracemesh_chassis::Runtime;
use tracemesh_journal::{Entry, Journal, JournalServer};
use tracemesh_peers::Peers;
use tracemesh_proto::journal::v1::{Envelope, JournalState, Labels};
use tracemesh_proto::time::timestamp;
use tracemesh_store::{Database, DatabaseTransaction};

use crate::config::Settings;
use crate::domain::link::Purpose;
use crate::driver::children::Children;
use crate::driver::up::Upward;
use crate::error::FederationError;
use crate::metrics::Metrics;
use crate::roll::Roll;

use self::downlinks::Downlinks;
use self::questions::Turnstiles;

/// The version that a hello states.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

const PROTOBUF: &str = "application/x-protobuf";

/// The gateway of one node.
#[derive(Clone)]
pub struct Federation {
    pub runtime: Runtime,
    pub settings: Settings,
    pub db: Database,
    /// Those of the process, to which a child's are added when it is enrolled.
    pub journals: JournalServer,
    pub journal: Journal,
    pub inbox: Journal,
    pub uplinks: Lanes,
    pub downlinks: Downlinks,
    pub peers: Peers,
    pub roll: Roll,
    pub metrics: Metrics,
    pub children: Children,
    pub upward: Upward,
    pub turnstiles: Turnstiles,
}

/// The two journals of one direction of a link: urgent entries overtake the others by standing in a journal, and travelling over a connection, of
/// their own.
#[derive(Clone)]
pub struct Lanes {
    pub urgent: Journal,
    pub bulk: Journal,
}

impl Lanes {
    /// The journal for what came over a connection of this purpose; what has no other goes with the bulk.
    pub const fn of(&self, purpose: Purpose) -> &Journal {
        match purpose {
            Purpose::Urgent => &self.urgent,
            Purpose::Bulk | Purpose::Questions => &self.bulk,
        }
    }

    /// Both, as a hello states them.
    pub async fn states(&self) -> Result<Vec<JournalState>, FederationError> {
        let mut states = Vec::new();
        for journal in [&self.urgent, &self.bulk] {
            let checkpoint = journal.checkpoint().await?;
            let public_key = Bytes::copy_from_slice(journal.public_key().as_bytes());
            states.push(JournalState { journal: journal.name().into(), epoch: checkpoint.epoch, public_key, checkpoint: Some(checkpoint) });
        }
        Ok(states)
    }
}

/// What the audit trail keeps of a change besides its body: who did it, and why.
pub struct Cause<'a> {
    pub actor: &'a Principal,
    pub why: &'a str,
}

impl<'a> Cause<'a> {
    pub const fn by(actor: &'a Principal) -> Self {
        Self { actor, why: "" }
    }
}

impl Federation {
    /// This node's id.
    pub fn node(&self) -> &str {
        &self.runtime.node().id
    }

    /// Unix microseconds.
    pub fn now(&self) -> i64 {
        self.runtime.clock().now_micros()
    }

    /// Ends a change: its entry goes into the journal and everything is committed, or nothing is.
    pub async fn commit(&self, tx: DatabaseTransaction, kind: &str, cause: &Cause<'_>, body: &impl Message) -> Result<(), FederationError> {
        let envelope = Envelope { actor: cause.actor.to_string(), why: cause.why.into(), ..self.envelope(kind) };
        self.journal.append(&tx, &[Entry::new(&envelope, body.encode_to_vec())]).await?;
        tx.commit().await?;
        self.journal.committed();
        Ok(())
    }

    /// The envelope of something that this node itself says.
    pub fn envelope(&self, kind: &str) -> Envelope {
        Envelope {
            kind: kind.into(),
            actor: format!("service:{}", self.runtime.noun()),
            received_at: Some(timestamp(self.now())),
            labels: Some(Labels { area: self.runtime.node().area.clone(), category: String::new(), sensitivity: 1 }),
            content_type: PROTOBUF.into(),
            ..Envelope::default()
        }
    }
}
