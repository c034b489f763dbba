//! What stands on the topics: receipts as the JSON of the contract, and rejected originals as they came, with the headers that Kafka Connect
//! gives to dead letters, so that whoever works through those of other systems works through ours.

use bytes::Bytes;
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::FutureRecord;
use tracemesh_journal::{DecodedCommit, DecodedEntry, Envelope};
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::json;
use tracemesh_rules::Rules;

use crate::domain::receipt::{receipt, receipt_id};
use crate::kafka::topics::Topics;

const CONTENT_TYPE: &str = "content-type";
const RECEIPT_ID: &str = "tracemesh.receipt";
/// On a dead letter without its original, which the broker did not take for its size: it is fetched by the receipt's id.
const BODY: &str = "tracemesh.body";

/// A message to be sent.
pub struct Letter {
    pub topic: String,
    key: String,
    payload: Bytes,
    headers: Vec<(&'static str, String)>,
}

/// The answers to one submission: its receipt, and its original if it was rejected and is still there.
pub fn letters(commit: &DecodedCommit, entry: &DecodedEntry, topics: &Topics, rules: &Rules) -> Vec<Letter> {
    let receipt = receipt(receipt_id(&commit.journal, commit.epoch, entry.seq), entry.envelope.clone(), rules);
    let key = key(&receipt, &entry.envelope);
    let original = entry.body.clone().filter(|_| receipt.verdict == i32::from(Verdict::Rejected));
    let dead = original.map(|body| dead_letter(&commit.journal, &receipt, &entry.envelope, key.clone(), body, topics));
    [Some(answer(&receipt, &entry.envelope, key, topics)), dead].into_iter().flatten().collect()
}

impl Letter {
    pub fn record(&self) -> FutureRecord<'_, str, [u8]> {
        let headers = self.headers.iter().fold(OwnedHeaders::new_with_capacity(self.headers.len()), |headers, (key, value)| {
            headers.insert(Header { key, value: Some(value) })
        });
        FutureRecord::to(&self.topic).key(self.key.as_str()).payload(self.payload.as_ref()).headers(headers)
    }

    /// The same without its content, and saying so.
    pub fn without_body(mut self) -> Self {
        self.payload = Bytes::new();
        self.headers.push((BODY, "omitted".into()));
        self
    }
}

fn answer(receipt: &Receipt, envelope: &Envelope, key: String, topics: &Topics) -> Letter {
    let payload = json::value("tracemesh.ingestion.v1.Receipt", receipt).to_string().into();
    let mut headers = vec![(CONTENT_TYPE, "application/json".to_owned())];
    headers.extend(traceparent(envelope));
    Letter { topic: topics.receipts(&receipt.provider), key, payload, headers }
}

fn dead_letter(journal: &str, receipt: &Receipt, envelope: &Envelope, key: String, body: Bytes, topics: &Topics) -> Letter {
    let mut headers = vec![(CONTENT_TYPE, envelope.content_type.clone()), (RECEIPT_ID, receipt.id.clone())];
    headers.extend(traceparent(envelope));
    headers.extend(connect(journal, receipt, envelope));
    Letter { topic: topics.dead_letters(&receipt.provider), key, payload: body, headers }
}

fn traceparent(envelope: &Envelope) -> Option<(&'static str, String)> {
    Some(("traceparent", envelope.traceparent.clone())).filter(|(_, text)| !text.is_empty())
}

/// A record is found by its id; what has none by where it stood in the provider's topic, or else by its receipt.
fn key(receipt: &Receipt, envelope: &Envelope) -> String {
    if !receipt.record_id.is_empty() {
        return receipt.record_id.clone();
    }
    match came_from(envelope) {
        Some((_, partition)) => format!("{partition}/{}", envelope.source_offset),
        None => receipt.id.clone(),
    }
}

/// Topic and partition.
fn came_from(envelope: &Envelope) -> Option<(&str, &str)> {
    envelope.source.strip_prefix("kafka:")?.rsplit_once('/')
}

/// The headers of `DeadLetterQueueReporter` in Kafka Connect, where an exception's class is our reason's code.
fn connect(journal: &str, receipt: &Receipt, envelope: &Envelope) -> Vec<(&'static str, String)> {
    let first = receipt.reasons.first().cloned().unwrap_or_default();
    let all = receipt.reasons.iter().map(|reason| format!("{} at {:?}: {:?} ({})", reason.code, reason.field, reason.value, reason.rule));
    let mut headers = Vec::new();
    if let Some((topic, partition)) = came_from(envelope) {
        headers.push(("__connect.errors.topic", topic.to_owned()));
        headers.push(("__connect.errors.partition", partition.to_owned()));
        headers.push(("__connect.errors.offset", envelope.source_offset.to_string()));
    }
    headers.push(("__connect.errors.connector.name", journal.to_owned()));
    headers.push(("__connect.errors.task.id", "0".to_owned()));
    headers.push(("__connect.errors.stage", if receipt.record_id.is_empty() { "VALUE_CONVERTER" } else { "TASK_PUT" }.to_owned()));
    headers.push(("__connect.errors.class.name", "tracemesh.ingestion".to_owned()));
    headers.push(("__connect.errors.exception.class.name", first.code));
    headers.push(("__connect.errors.exception.message", first.message_en));
    headers.push(("__connect.errors.exception.stacktrace", all.collect::<Vec<_>>().join("\n")));
    headers
}
