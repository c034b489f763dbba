//! What a sender sent, and every receipt that it was given for it: the only evidence that a kill test may use, besides the node's answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tracemesh_proto::ingestion::v1::Receipt;

use crate::records::{corrected, harvest};

/// What a submission should come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A record or a correction: accepted once, whatever dies.
    Record,
    /// The one before it once more.
    Again,
    /// Never accepted.
    Broken,
}

/// One submission, to be sent until it has a receipt.
#[derive(Clone, Debug)]
pub struct Submission {
    pub kind: Kind,
    pub body: String,
}

/// The `number`th submission of a sender.
pub fn submission(sender: &str, number: usize) -> Submission {
    let record = |number: usize| harvest(&format!("{sender}-{number}"), &format!("lot-{sender}-{number}"));
    let (kind, body) = match number % 20 {
        6 => (Kind::Again, record(number - 1).to_string()),
        13 => (Kind::Record, corrected(&record(number - 1)).to_string()),
        19 => (Kind::Broken, format!("{{\"record_id\":\"{sender}-{number}\"")),
        _ => (Kind::Record, record(number).to_string()),
    };
    Submission { kind, body }
}

#[derive(Clone, Default)]
pub struct Ledger {
    pub provider: String,
    pub entries: Vec<(Submission, Vec<Receipt>)>,
}

impl Ledger {
    /// What has no receipt yet, by number.
    pub fn unanswered(&self) -> Vec<usize> {
        (0..self.entries.len()).filter(|number| self.entries[*number].1.is_empty()).collect()
    }

    /// Every identity and revision that must have been accepted, and every receipt.
    pub fn accepted(&self) -> BTreeMap<(String, u32), usize> {
        let records = self.entries.iter().filter(|(submission, _)| submission.kind == Kind::Record);
        records.enumerate().map(|(place, (submission, _))| (identity(&submission.body), place)).collect()
    }

    /// How many records are in force: a correction takes the place of what it corrects.
    pub fn in_force(&self) -> i64 {
        self.accepted().into_keys().map(|(record, _)| record).collect::<BTreeSet<_>>().len() as i64
    }

    pub fn receipts(&self) -> impl Iterator<Item = (&Submission, &Receipt)> {
        self.entries.iter().flat_map(|(submission, receipts)| receipts.iter().map(move |receipt| (submission, receipt)))
    }
}

fn identity(body: &str) -> (String, u32) {
    let record: Value = serde_json::from_str(body).expect("a sound record is JSON");
    let revision = record.get("revision").unwrap_or(&json!(1)).as_u64().expect("a revision is a number");
    (record["record_id"].as_str().expect("a record has an id").to_owned(), revision as u32)
}
