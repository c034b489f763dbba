//! What a draft of rules would have found in what was accepted in past days: read again from ingestion's journal, as a follower reads it, and nothing
//! is kept. Where the days begin is found by halving: entries stand in the order of their recording, and nothing is received after it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tracemesh_journal::{DecodedCommit, DecodedEntry, open_commit};
use tracemesh_model::AreaTree;
use tracemesh_peers::Caller;
use tracemesh_proto::accepted::reread;
use tracemesh_proto::journal::v1::envelope::Verdict;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_proto::journal::v1::journal_service_client::JournalServiceClient;
use tracemesh_proto::journal::v1::{FollowRequest, GetCheckpointRequest, GetEntryRequest};
use tracemesh_proto::quality::v1::Rule as Written;
use tracemesh_proto::time::micros;
use tracemesh_rules::{Reception, RuleSet, Severity};

use super::Quality;
use crate::domain::place::Place;
use crate::error::QualityError;
use crate::store;

/// Records that are tried; with more, the answer says that it was cut.
const RECORDS_MAX: u64 = 500_000;
/// Examples of one rule.
const EXAMPLES_MAX: usize = 10;
/// How much later than it was received something may have been recorded.
const SLACK_MICROS: i64 = 3_600_000_000;

/// What would have come of it.
#[derive(Default)]
pub struct Tried {
    pub records: u64,
    pub total: Count,
    pub rules: BTreeMap<String, (Count, Vec<String>)>,
    pub providers: BTreeMap<String, Count>,
    pub is_cut: bool,
}

/// Records refused, and findings of those accepted.
#[derive(Clone, Copy, Default)]
pub struct Count {
    pub refused: u64,
    pub found: u64,
}

impl Count {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Block => self.refused += 1,
            Severity::Warn | Severity::Info => self.found += 1,
        }
    }
}

/// What is tried, and on what.
struct Trial {
    node: String,
    set: RuleSet,
    tree: AreaTree,
    /// Instants of receipt.
    first: i64,
    last: i64,
}

impl Quality {
    /// Tries rules on what was received from `first` on and before `last`, in unix microseconds.
    pub async fn dry_run(&self, rules: Vec<Written>, first: i64, last: i64) -> Result<Tried, QualityError> {
        let (set, tree) = (self.compiled(rules)?, store::registry::tree(self.db.read()).await?);
        let trial = Arc::new(Trial { node: self.node.id.clone(), set, tree, first, last });
        let mut journal = self.peers.as_service().journal("ingestion");
        let request = GetCheckpointRequest { journal: self.followed.clone(), epoch: 0 };
        let head = journal.get_checkpoint(request).await?.into_inner().checkpoint.unwrap_or_default().seq;
        let after = self.last_before(&mut journal, first, head).await?;
        let request = FollowRequest { journal: self.followed.clone(), epoch: 0, after };
        let mut stream = journal.follow(request).await?.into_inner();
        let (mut tried, name) = (Tried::default(), Arc::from(self.followed.as_str()));
        while let Some(Item::Commit(commit)) = stream.message().await?.and_then(|message| message.item) {
            let commit = open_commit(&name, &commit).map_err(|bad| tonic::Status::data_loss(bad.to_string()))?;
            let is_last = commit.last_seq() >= head || commit.recorded_at > last.saturating_add(SLACK_MICROS);
            tried.is_cut = tried.records >= RECORDS_MAX;
            if tried.is_cut {
                break;
            }
            let trial = trial.clone();
            let tries = tokio::task::spawn_blocking(move || trial.commit(&commit, tried));
            tried = tries.await.map_err(|_| tonic::Status::aborted("the trial stopped"))?;
            if is_last {
                break;
            }
        }
        Ok(tried)
    }

    /// The last entry that was recorded before an instant; 0 where there is none.
    async fn last_before(&self, journal: &mut JournalServiceClient<Caller>, instant: i64, head: u64) -> Result<u64, QualityError> {
        let (mut before, mut from) = (0, head + 1);
        while from - before > 1 {
            let seq = before + (from - before) / 2;
            let request = GetEntryRequest { journal: self.followed.clone(), epoch: 0, seq };
            let entry = journal.get_entry(request).await?.into_inner();
            if micros(entry.recorded_at.as_ref()) < instant { before = seq } else { from = seq }
        }
        Ok(before)
    }
}

impl Trial {
    fn commit(&self, commit: &DecodedCommit, mut tried: Tried) -> Tried {
        for entry in commit.entries.iter().filter(|entry| entry.envelope.kind == "record") {
            let received_at = micros(entry.envelope.received_at.as_ref());
            if entry.envelope.verdict() == Verdict::Accepted && (self.first..self.last).contains(&received_at) {
                let receipt = Place { epoch: commit.epoch, seq: entry.seq }.receipt(&commit.journal);
                self.entry(entry, received_at, &receipt, &mut tried);
            }
        }
        tried
    }

    /// A record whose body was erased is counted by nobody.
    fn entry(&self, entry: &DecodedEntry, received_at: i64, receipt: &str, tried: &mut Tried) {
        let Ok(record) = reread(&self.node, &entry.envelope, entry.body.as_deref()) else { return };
        let provider = entry.envelope.provider.as_str();
        let lies_in = |root: &str| self.tree.lies_in(&record.area, root);
        let broken = self.set.evaluate(&record, Reception { received_at, provider, lies_in: &lies_in });
        tried.records += 1;
        let is_refused = broken.iter().any(|broken| broken.rule.severity == Severity::Block);
        for rule in broken.iter().map(|broken| broken.rule) {
            let (count, examples) = tried.rules.entry(rule.id.clone()).or_default();
            count.add(rule.severity);
            if examples.len() < EXAMPLES_MAX && examples.last().is_none_or(|last| last != receipt) {
                examples.push(receipt.to_owned());
            }
        }
        let mut of_record = Count::default();
        if is_refused {
            of_record.refused = 1;
        } else {
            of_record.found = broken.len() as u64;
        }
        if !broken.is_empty() {
            for count in [&mut tried.total, tried.providers.entry(provider.to_owned()).or_default()] {
                count.refused += of_record.refused;
                count.found += of_record.found;
            }
        }
    }
}
