//! Our own journal: what is said of a finding or a mismatch whenever it changes.

use prost::Message;
use tracemesh_access::Principal;
use tracemesh_chassis::telemetry::context;
use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::journal::v1::Labels;
use tracemesh_proto::quality::v1::FindingChanged;
use tracemesh_proto::time::timestamp;
use tracemesh_store::{ConnectionTrait, DatabaseTransaction};

use super::Quality;
use crate::api;
use crate::domain::finding::{Finding, State, Told};
use crate::error::QualityError;
use crate::store;

/// Who and why, and when.
pub struct Cause<'a> {
    pub actor: Principal,
    pub why: &'a str,
    /// Unix microseconds.
    pub at: i64,
}

/// Where an escalated finding goes.
const PARENT: &str = "parent";

impl Quality {
    /// `finding.STATE`, with the finding as it is from now on. One that is escalated travels to the node above.
    pub(super) async fn finding_entry(
        &self,
        tx: &impl ConnectionTrait,
        cause: &Cause<'_>,
        finding: &Finding,
    ) -> Result<Entry, QualityError> {
        let told = self.told(tx, finding.clone()).await?;
        let body = FindingChanged { finding: Some(api::findings::document(self, &told, cause.at)) };
        let labels = Labels { area: finding.area.clone(), category: finding.category.clone(), sensitivity: 1 };
        let to = if finding.state == State::Escalated { vec![PARENT.to_owned()] } else { Vec::new() };
        Ok(self.entry(&format!("finding.{}", finding.state), cause, labels, to, body.encode_to_vec()))
    }

    pub(super) fn entry(&self, kind: &str, cause: &Cause<'_>, labels: Labels, to: Vec<String>, body: Vec<u8>) -> Entry {
        let envelope = Envelope {
            kind: kind.into(),
            actor: cause.actor.to_string(),
            why: cause.why.into(),
            received_at: Some(timestamp(cause.at)),
            labels: Some(labels),
            to,
            content_type: "application/x-protobuf".into(),
            traceparent: context::traceparent().unwrap_or_default(),
            ..Envelope::default()
        };
        Entry::new(&envelope, body)
    }

    /// Of what is about the node itself.
    pub(super) fn labels(&self) -> Labels {
        Labels { area: self.node.area.clone(), category: String::new(), sensitivity: 1 }
    }

    pub(super) async fn told(&self, db: &impl ConnectionTrait, finding: Finding) -> Result<Told, QualityError> {
        let steps = store::findings::steps(db, finding.number).await?;
        let evidence = store::findings::shown_evidence(db, finding.number).await?.into_iter().collect();
        Ok(Told { finding, steps, evidence })
    }

    /// Ends a change: its entries go into the journal and everything is committed, or nothing is.
    pub(super) async fn commit(&self, tx: DatabaseTransaction, entries: &[Entry]) -> Result<(), QualityError> {
        if !entries.is_empty() {
            self.journal.append(&tx, entries).await?;
        }
        tx.commit().await?;
        self.journal.committed();
        Ok(())
    }
}
