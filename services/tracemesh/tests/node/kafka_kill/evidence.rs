//! What is left when everything has arrived, and what must be true of it. The judgement rests on acknowledgements, receipts, rows and journal
//! entries alone: on nothing that the node says about itself in passing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use ed25519_dalek::SigningKey;
use serde_json::Value;
use tracemesh_journal::{Envelope, Journal};
use tracemesh_proto::ingestion::v1::{GetIntakeRequest, GetIntakeResponse, Receipt};
use tracemesh_proto::journal::v1::envelope::Verdict;
use tracemesh_proto::journal::v1::{VerifyRequest, VerifyResponse};
use tracemesh_store::{Database, DatabaseConfig, sql};
use tracemesh_testkit::kafka::Broker;

use super::load::{PARTITIONS, is_new, record_id};
use super::scenario::{BY_DOOR, BY_KAFKA, in_the_end};
use crate::ledger::Ledger;
use crate::process::Node;

/// Receipts that have not come by then do not come.
const PATIENCE: Duration = Duration::from_secs(20);
/// An audit reads everything that was ever written.
const AUDIT: Duration = Duration::from_secs(600);
/// Lines of one kind that a failure shows.
const SHOWN: usize = 5;

/// What the senders know.
pub struct Sent {
    /// Where the broker acknowledged each message, by its number.
    pub by_kafka: Vec<(i32, i64)>,
    pub by_door: Ledger,
}

/// A receipt, in what must never change of it: record id, verdict, hash, reason codes.
type Answer = (String, String, String, Vec<String>);

pub struct Evidence {
    prefix: String,
    /// Receipt id → the journal's entry.
    entries: BTreeMap<String, Envelope>,
    /// Receipt id → all that stood on the topics under it.
    receipts: BTreeMap<String, BTreeSet<Answer>>,
    intake: GetIntakeResponse,
    rows: i64,
    audit: VerifyResponse,
}

impl Evidence {
    /// Waits until everything has arrived that will.
    pub async fn gather(node: &Node, broker: &Broker, prefix: &str, tables: &DatabaseConfig, sent: &Sent) -> Self {
        let tables = Database::open(tables, "ingestion").await.unwrap();
        for partition in 0..PARTITIONS {
            let end = sent.by_kafka.iter().filter(|(on, _)| *on == partition).map(|(_, offset)| offset + 1).max().unwrap_or(0);
            let source = format!("kafka:{prefix}trace.in.{BY_KAFKA}/{partition}");
            in_the_end(&source, async || next(&tables, &source).await >= end).await;
        }
        let entries = entries(&tables).await;
        let clients = node.operator().await.within(AUDIT);
        let intake = clients.ingestion().get_intake(GetIntakeRequest {}).await.unwrap().into_inner();
        let audit = clients.journal("ingestion").verify(VerifyRequest::default()).await.unwrap().into_inner();
        Self {
            receipts: receipts(broker, prefix, &entries).await,
            prefix: prefix.into(),
            entries,
            intake,
            rows: count(&tables, "record").await,
            audit,
        }
    }

    /// What there was to judge by, for whoever reads a test's output.
    pub fn told(&self) -> String {
        let GetIntakeResponse { submissions, accepted, duplicate, rejected, .. } = &self.intake;
        let receipts = self.receipts.len();
        format!(
            "{submissions} submissions: {accepted} accepted, {duplicate} duplicate, {rejected} rejected; {receipts} of them with a receipt on the topic"
        )
    }

    /// Every promise that does not hold.
    pub fn wrong(&self, sent: &Sent) -> Vec<String> {
        let checks =
            [self.each_message_once(sent), self.sums(), self.effects_once(sent), self.receipts_are_true(), self.answers_are_true(sent)];
        let audit = (!self.audit.ok).then(|| format!("the audit finds {:?}", self.audit.first_bad));
        checks.into_iter().flatten().chain(audit).collect()
    }

    /// Every message that the broker acknowledged has exactly one entry.
    fn each_message_once(&self, sent: &Sent) -> Vec<String> {
        let mut taken: BTreeMap<(String, i64), usize> = BTreeMap::new();
        for envelope in self.entries.values().filter(|envelope| envelope.source.starts_with("kafka:")) {
            *taken.entry((envelope.source.clone(), envelope.source_offset)).or_default() += 1;
        }
        let source = |partition: i32| format!("kafka:{}trace.in.{BY_KAFKA}/{partition}", self.prefix);
        let times =
            sent.by_kafka.iter().map(|(partition, offset)| taken.remove(&(source(*partition), *offset)).unwrap_or(0)).collect::<Vec<_>>();
        let mut wrong = Vec::new();
        wrong.extend(some("messages were lost", times.iter().enumerate().filter(|(_, times)| **times == 0)));
        wrong.extend(some("messages were taken twice", times.iter().enumerate().filter(|(_, times)| **times > 1)));
        wrong.extend(some("messages were taken that nobody sent", taken.iter()));
        wrong
    }

    /// I1: submissions = accepted + duplicate + rejected, and the node counts as the journal does.
    fn sums(&self) -> Vec<String> {
        let of = |verdict: Verdict| self.entries.values().filter(|envelope| envelope.verdict == i32::from(verdict)).count() as u64;
        let journal = [of(Verdict::Accepted), of(Verdict::Duplicate), of(Verdict::Rejected)];
        let counted = [self.intake.accepted, self.intake.duplicate, self.intake.rejected];
        let whole = journal.iter().sum::<u64>() == self.entries.len() as u64 && self.intake.submissions == counted.iter().sum::<u64>();
        let wrong = (!whole || journal != counted).then(|| format!("the journal holds {journal:?}, the node counts {:?}", self.intake));
        wrong.into_iter().collect()
    }

    /// I2: one accepted entry and one row for each revision that was sent, however often that was. What else a record leaves, the audit counts.
    fn effects_once(&self, sent: &Sent) -> Vec<String> {
        let by_kafka = (0..sent.by_kafka.len()).filter(|number| is_new(*number)).map(|number| (record_id(number), 1));
        let expected: BTreeSet<(String, u32)> = by_kafka.chain(sent.by_door.accepted().into_keys()).collect();
        let mut accepted: BTreeMap<(String, u32), usize> = BTreeMap::new();
        for envelope in self.entries.values().filter(|envelope| envelope.verdict == i32::from(Verdict::Accepted)) {
            *accepted.entry((envelope.record_id.clone(), envelope.revision)).or_default() += 1;
        }
        let mut wrong = Vec::new();
        wrong.extend(some("records were accepted twice", accepted.iter().filter(|(_, times)| **times > 1)));
        wrong.extend(some("records are missing", expected.iter().filter(|id| !accepted.contains_key(id))));
        wrong.extend(some("records were accepted that nobody sent", accepted.keys().filter(|id| !expected.contains(id))));
        wrong.extend((self.rows != expected.len() as i64).then(|| format!("{} records left {} rows", expected.len(), self.rows)));
        wrong
    }

    /// I3: every entry has its receipt on the topic, every receipt there is an entry's, and a repeated one says the same.
    fn receipts_are_true(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        wrong.extend(some("submissions have no receipt", self.entries.keys().filter(|id| !self.receipts.contains_key(*id))));
        wrong.extend(some("receipts are of no submission", self.receipts.keys().filter(|id| !self.entries.contains_key(*id))));
        wrong.extend(some("receipts were repeated with another content", self.receipts.iter().filter(|(_, said)| said.len() > 1)));
        let differs =
            |(id, said): &(&String, &BTreeSet<Answer>)| self.entries.get(*id).is_some_and(|entry| !said.contains(&answer_of(entry)));
        wrong.extend(some("receipts do not say what the journal says", self.receipts.iter().filter(differs)));
        wrong
    }

    /// What a sender was told at the other door holds.
    fn answers_are_true(&self, sent: &Sent) -> Vec<String> {
        let broken = |receipt: &&Receipt| self.entries.get(&receipt.id).is_none_or(|entry| answer_of(entry) != answer(receipt));
        let broken = sent.by_door.receipts().map(|(_, receipt)| receipt).filter(broken);
        some("answers at the other door do not hold", broken.map(|receipt| (&receipt.id, &receipt.record_id))).into_iter().collect()
    }
}

/// A line, if there are any.
fn some<T: std::fmt::Debug>(what: &str, of: impl Iterator<Item = T>) -> Option<String> {
    let all: Vec<T> = of.collect();
    (!all.is_empty()).then(|| format!("{} {what}: {:?} …", all.len(), &all[..all.len().min(SHOWN)]))
}

fn answer_of(envelope: &Envelope) -> Answer {
    let verdict = Verdict::try_from(envelope.verdict).unwrap().as_str_name().to_owned();
    let codes = envelope.reasons.iter().map(|reason| reason.code.clone()).collect();
    (envelope.record_id.clone(), verdict, hex(&envelope.sha256), codes)
}

fn answer(receipt: &Receipt) -> Answer {
    let codes = receipt.reasons.iter().map(|reason| reason.code.clone()).collect();
    (receipt.record_id.clone(), receipt.verdict().as_str_name().to_owned(), receipt.sha256.clone(), codes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Everything on the receipts' topics, once each entry has one; what does not come is missing.
async fn receipts(broker: &Broker, prefix: &str, entries: &BTreeMap<String, Envelope>) -> BTreeMap<String, BTreeSet<Answer>> {
    let mut receipts: BTreeMap<String, BTreeSet<Answer>> = BTreeMap::new();
    for provider in [BY_KAFKA, BY_DOOR] {
        let mut missing: BTreeSet<&str> = entries.iter().filter(|(_, it)| it.provider == provider).map(|(id, _)| id.as_str()).collect();
        let topic = format!("{prefix}trace.receipt.{provider}");
        let read = broker.read(&topic, PATIENCE, |all| {
            if let Some(last) = all.last() {
                missing.remove(document(&last.payload)["id"].as_str().unwrap());
            }
            missing.is_empty()
        });
        for message in read.await.unwrap_or_else(|so_far| so_far) {
            let (id, answer) = said(&document(&message.payload));
            receipts.entry(id).or_default().insert(answer);
        }
    }
    receipts
}

/// A receipt's id, and what it says.
fn said(document: &Value) -> (String, Answer) {
    let text = |key: &str| document[key].as_str().unwrap().to_owned();
    let codes = document["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect();
    (text("id"), (text("record_id"), text("verdict"), text("sha256"), codes))
}

fn document(payload: &[u8]) -> Value {
    serde_json::from_slice(payload).unwrap()
}

async fn next(tables: &Database, source: &str) -> i64 {
    let row: Option<(i64,)> =
        sql::row(tables.read(), "SELECT next FROM source_offset WHERE source = $1", vec![source.into()]).await.unwrap();
    row.map_or(0, |(next,)| next)
}

async fn count(tables: &Database, table: &str) -> i64 {
    let row: Option<(i64,)> = sql::row(tables.read(), &format!("SELECT COUNT(*) FROM {table}"), vec![]).await.unwrap();
    row.unwrap().0
}

async fn entries(tables: &Database) -> BTreeMap<String, Envelope> {
    let journal = Journal::open(tables, "local.ingestion", SigningKey::from_bytes(&[7; 32]), Arc::new(|| 0)).await.unwrap();
    let (mut entries, mut after) = (BTreeMap::new(), 0);
    loop {
        let commits = journal.read(after, 1 << 20).await.unwrap();
        let Some(last) = commits.last() else { return entries };
        after = last.first_seq + u64::from(last.entries) - 1;
        for commit in commits.iter().map(|commit| journal.decode(commit).unwrap()) {
            let submissions = commit.entries.into_iter().filter(|entry| entry.envelope.kind == "record");
            entries.extend(submissions.map(|entry| (format!("local.ingestion/{}/{}", commit.epoch, entry.seq), entry.envelope)));
        }
    }
}
