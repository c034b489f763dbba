//! From a body to submissions: cuts a batch into its submissions, each hashed and answered over its own bytes.
//!
//! One submission is an array element, an NDJSON line, a stream or Kafka message, or an EPCIS event. In a broken array the elements before the
//! break count, and the rest is one submission that is rejected, so that a sender learns where it broke and loses nothing before it.

use bytes::Bytes;
use tracemesh_access::{Principal, Role};
use tracemesh_chassis::error::Violation;
use tracemesh_model::json::Piece;
use tracemesh_model::{epcis, json};
use tracemesh_proto::accepted::Format;

use super::Ingestion;
use crate::domain::submission::{Submission, TRACEPARENT_BYTES_MAX};
use crate::error::IngestionError;

/// How a body came in, and for whom.
pub struct Arrival<'a> {
    pub actor: &'a Principal,
    /// Whose submissions they are; empty = the actor's own.
    pub provider: &'a str,
    pub source: &'a str,
    pub traceparent: &'a str,
}

impl Ingestion {
    /// The submissions in a body, in its order; an error where none could be cut out, or nobody may submit them.
    pub fn cut(&self, arrival: &Arrival<'_>, format: Format, body: &Bytes) -> Result<Vec<Submission>, IngestionError> {
        let pieces = match format {
            Format::Json => json::split(body),
            Format::EpcisEvent => epcis::split(body),
            Format::Protobuf => vec![whole(body)],
        };
        self.submissions(arrival, format, body, pieces)
    }

    /// One message of a stream, which is one submission whatever is in it.
    pub fn message(&self, arrival: &Arrival<'_>, format: Format, body: Bytes) -> Result<Submission, IngestionError> {
        let mut submissions = self.submissions(arrival, format, &body, vec![whole(&body)])?;
        submissions.pop().ok_or(IngestionError::Stopped)
    }

    fn submissions(
        &self,
        arrival: &Arrival<'_>,
        format: Format,
        body: &Bytes,
        pieces: Vec<Piece>,
    ) -> Result<Vec<Submission>, IngestionError> {
        let provider = provider_of(arrival)?;
        let scope = self.directory.scope(&provider)?;
        let actor = actor_name(arrival.actor, &provider);
        let received_at = self.clock.now_micros();
        let traceparent = Some(arrival.traceparent).filter(|text| text.len() <= TRACEPARENT_BYTES_MAX).unwrap_or_default();
        let submission = |piece: Piece| Submission {
            scope: scope.clone(),
            actor: actor.clone(),
            source: arrival.source.to_owned(),
            step: None,
            format,
            body: body.slice(piece.span),
            received_at,
            traceparent: traceparent.to_owned(),
            redrives: None,
            broken: piece.fault.into_iter().collect(),
        };
        Ok(pieces.into_iter().map(submission).collect())
    }
}

fn whole(body: &Bytes) -> Piece {
    Piece { span: 0..body.len(), fault: None }
}

/// A provider submits for itself alone; the operator for whom it names, else for the node's own provider.
fn provider_of(arrival: &Arrival<'_>) -> Result<String, IngestionError> {
    let named = arrival.provider;
    if arrival.actor.has(Role::SystemAdministrator) {
        return Ok(if named.is_empty() { tracemesh_access::LOCAL_PROVIDER.to_owned() } else { named.to_owned() });
    }
    match arrival.actor.provider_id() {
        Some(own) if named.is_empty() || named == own => Ok(own.to_owned()),
        Some(_) => Err(IngestionError::OtherProvider(named.to_owned())),
        None => Err(IngestionError::Invalid(vec![Violation::new("provider", "error.submission.provider_missing")])),
    }
}

fn actor_name(actor: &Principal, provider: &str) -> String {
    if actor.provider_id() == Some(provider) { actor.to_string() } else { format!("{} for provider:{provider}", actor.name()) }
}
