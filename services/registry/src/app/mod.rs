//! What the registry does, one file a use case. Every change is one transaction: the state, the journal's entry, the commit, in this order,
//! and [`Registry::commit`] is the only way to end one, so that nothing changes without its entry.

mod accounts;
mod areas;
mod contacts;
mod laboratories;
mod providers;
mod scope;
mod sign_in;
mod subjects;

use prost::Message;
use tracemesh_access::Principal;
use tracemesh_chassis::Clock;
use tracemesh_chassis::config::NodeIdentity;
use tracemesh_chassis::error::Violation;
use tracemesh_codes::{CodeFault, resident_id};
use tracemesh_journal::{Entry, Journal};
use tracemesh_proto::journal::v1::{Envelope, Labels};
use tracemesh_proto::time::timestamp;
use tracemesh_store::{Database, DatabaseTransaction};

use crate::domain::provider::{ACTIVE, SUSPENDED};
use crate::error::RegistryError;

pub use accounts::account_document;
pub use contacts::{contact_document, may_read_personal};
pub use subjects::document;

/// Entries that may have personal data inside: a natural person's code, a name to call.
const PERSONAL: [&str; 3] = ["subject.registered", "subject.state_changed", "subject.contact_set"];

/// The registry of one node.
#[derive(Clone)]
pub struct Registry {
    pub node: NodeIdentity,
    pub db: Database,
    pub journal: Journal,
    pub clock: Clock,
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

impl Registry {
    /// Ends a change: its entry goes into the journal and everything is committed, or nothing is.
    async fn commit(&self, tx: DatabaseTransaction, kind: &str, cause: &Cause<'_>, body: &impl Message) -> Result<(), RegistryError> {
        let envelope = Envelope {
            kind: kind.into(),
            actor: cause.actor.to_string(),
            why: cause.why.into(),
            received_at: Some(timestamp(self.clock.now_micros())),
            labels: Some(Labels {
                area: self.node.area.clone(),
                category: String::new(),
                sensitivity: if PERSONAL.contains(&kind) { 2 } else { 1 },
            }),
            content_type: "application/x-protobuf".into(),
            ..Default::default()
        };
        self.journal.append(&tx, &[Entry::new(&envelope, body.encode_to_vec())]).await?;
        tx.commit().await?;
        self.journal.committed();
        Ok(())
    }
}

/// What is wrong with a code, in the field that holds it.
fn code_fault(field: &str, code: &str, fault: &CodeFault) -> Violation {
    let reason = tracemesh_catalogue::lookup(&format!("code.{}", fault.rule)).map_or("error.request.value_invalid", |message| message.code);
    Violation::new(field, reason).with("value", resident_id::mask(code))
}

/// What is wrong with a change of state: it goes one of two ways, and whoever is suspended or let in again may ask why.
fn state_faults(cause: &Cause<'_>, state: &str) -> Vec<Violation> {
    let mut faults = Vec::new();
    if ![ACTIVE, SUSPENDED].contains(&state) {
        faults.push(not_allowed("state", state, &[ACTIVE, SUSPENDED]));
    }
    if cause.why.is_empty() {
        faults.push(Violation::new("why", "error.request.why_missing"));
    }
    faults
}

/// A text that is longer than fits on a page.
fn too_long(field: &str, text: &str, most: usize) -> Option<Violation> {
    let is_longer = text.chars().nth(most).is_some();
    is_longer.then(|| Violation::new(field, "error.request.value_too_long").with("limit", most.to_string()))
}

/// A word that is none of a closed list.
fn not_allowed(field: &str, value: &str, allowed: &[&str]) -> Violation {
    Violation::new(field, "error.request.value_not_allowed").with("value", value).with("allowed", allowed.join(", "))
}
