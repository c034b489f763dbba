//! A submission's states, as types: `Submission → Parsed → Checked → Ruled → Placed`.
//!
//! A step can only be called on the state before it, and every state is `#[must_use]`, so that a submission which is dropped without an
//! outcome does not compile quietly. [`prepare`] takes a submission all the way; whatever step refuses it, it comes out as [`Prepared`] and
//! goes on to the commit, because a rejection is an outcome with an entry and a receipt of its own.

use std::sync::Arc;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tracemesh_model::reasons::{AND_MORE, TOO_LARGE};
use tracemesh_model::{Checked as CheckedRecord, Draft, TraceRecord, Violation, check};
use tracemesh_proto::accepted::Format;
use tracemesh_rules::{Reception, RuleSet, Severity};

use super::identity::Identity;
use super::place::{Hop, hops_of};
use super::reasons;
use super::scope::ProviderScope;

/// Above this the bytes of a submission are answered for and not kept, because no journal entry could hold them.
pub const KEPT_BYTES_MAX: usize = 12 << 20;
/// Longer than any trace context of today.
pub const TRACEPARENT_BYTES_MAX: usize = 128;
/// Bytes of whatever a refused submission says for itself, an id or the path of a field: enough to recognise it by.
const SHOWN_BYTES: usize = 512;
/// What an entry takes besides its body, its reasons and the texts in them.
const ENVELOPE_BYTES: usize = 1_024;

/// A source's way over one submission: it stood at `from` and stands at `to` afterwards. Offsets may have gaps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    pub from: i64,
    pub to: i64,
}

impl Step {
    /// The offset of the submission itself; those before it, back to `from`, hold nothing.
    pub const fn at(self) -> i64 {
        self.to - 1
    }
}

/// Bytes as a provider sent them, before we know what they are.
#[must_use = "every submission ends in an outcome"]
#[derive(Clone, Debug)]
pub struct Submission {
    pub scope: Arc<ProviderScope>,
    /// Whose hand it was: a principal's name.
    pub actor: String,
    /// `http`, `grpc`, `file`, `kafka:<topic>/<partition>`.
    pub source: String,
    /// How far the source moves with it, where the source has offsets.
    pub step: Option<Step>,
    pub format: Format,
    pub body: Bytes,
    /// Unix microseconds.
    pub received_at: i64,
    pub traceparent: String,
    /// The receipt of the dead letter that this is a redrive of.
    pub redrives: Option<String>,
    /// Why the cutter of a batch already knows that it cannot be read.
    pub broken: Vec<Violation>,
}

/// Read: a draft, every field as the document spelled it.
#[must_use = "every submission ends in an outcome"]
pub struct Parsed {
    submission: Submission,
    draft: Draft,
}

/// Held against the rules of form and the provider's scope.
#[must_use = "every submission ends in an outcome"]
pub struct Checked {
    submission: Submission,
    record: CheckedRecord,
}

/// Held against the rules that were in force when it was taken.
#[must_use = "every submission ends in an outcome"]
pub struct Ruled {
    submission: Submission,
    record: TraceRecord,
    findings: Vec<Violation>,
    blocks: Vec<Violation>,
}

/// Ready for the commit: identity and hops are known.
#[must_use = "every submission ends in an outcome"]
pub struct Placed {
    pub submission: Submission,
    /// Of its bytes.
    pub sha256: [u8; 32],
    pub record: TraceRecord,
    pub findings: Vec<Violation>,
    /// Rules that it breaks and that reject it, unless it repeats what was accepted before they were in force.
    pub blocks: Vec<Violation>,
    pub identity: Identity,
    pub hops: Vec<Hop>,
}

/// Rejected by some step, with every reason that it found.
#[must_use = "every submission ends in an outcome"]
pub struct Refused {
    pub submission: Submission,
    /// Of its bytes.
    pub sha256: [u8; 32],
    pub reasons: Vec<Violation>,
    /// What could be made out of it, so that the sender recognises it.
    pub record_id: String,
    pub revision: u32,
}

/// A submission at the end of the pipeline, one way or the other.
#[must_use = "every submission ends in an outcome"]
pub enum Prepared {
    Placed(Box<Placed>),
    Refused(Box<Refused>),
}

impl Prepared {
    pub const fn submission(&self) -> &Submission {
        match self {
            Self::Placed(placed) => &placed.submission,
            Self::Refused(refused) => &refused.submission,
        }
    }

    pub const fn sha256(&self) -> &[u8; 32] {
        match self {
            Self::Placed(placed) => &placed.sha256,
            Self::Refused(refused) => &refused.sha256,
        }
    }

    pub fn identity(&self) -> Option<Identity> {
        match self {
            Self::Placed(placed) => Some(placed.identity),
            Self::Refused(_) => None,
        }
    }

    /// About how much its entry takes in the journal.
    pub fn entry_bytes(&self) -> usize {
        let said = match self {
            Self::Placed(placed) => placed.findings.iter().chain(&placed.blocks),
            Self::Refused(refused) => refused.reasons.iter().chain(&[]),
        };
        let of = |it: &Violation| it.code.len() + it.field.len() + it.value.len() + it.rule.len() + 16;
        let body = Some(self.submission().body.len()).filter(|bytes| *bytes <= KEPT_BYTES_MAX);
        ENVELOPE_BYTES + body.unwrap_or_default() + said.map(of).sum::<usize>()
    }

    /// The same with so many reasons or findings listed, and those beyond them counted.
    pub fn in_brief(mut self, most: usize) -> Self {
        match &mut self {
            Self::Placed(placed) => {
                list_at_most(&mut placed.findings, most);
                list_at_most(&mut placed.blocks, most);
            }
            Self::Refused(refused) => list_at_most(&mut refused.reasons, most),
        }
        self
    }
}

fn list_at_most(listed: &mut Vec<Violation>, most: usize) {
    if listed.len() <= most {
        return;
    }
    let counted = listed.pop_if(|last| last.code == AND_MORE.code).and_then(|more| more.value.parse().ok()).unwrap_or(0);
    let more = counted + listed.split_off(most.min(listed.len())).len();
    listed.push(Violation::new(AND_MORE, "", &more.to_string()));
}

/// The whole pipeline before the commit; it does no I/O and costs CPU alone.
pub fn prepare(submission: Submission) -> Prepared {
    let placed = submission.parse().and_then(Parsed::check).map(Checked::rule).map(Ruled::place);
    match placed {
        Ok(placed) => Prepared::Placed(Box::new(placed)),
        Err(refused) => Prepared::Refused(refused),
    }
}

impl Submission {
    /// The rules that were in force when it was taken.
    pub fn rules(&self) -> &RuleSet {
        self.scope.rules().at(self.received_at)
    }

    fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.body).into()
    }

    fn parse(self) -> Result<Parsed, Box<Refused>> {
        if !self.broken.is_empty() {
            let reasons = self.broken.clone();
            return Err(self.refuse(reasons, String::new(), 0));
        }
        if self.body.len() > self.scope.record_bytes() {
            // Not even read: what is wrong inside could take many times its own size to say.
            let reason = Violation::new(TOO_LARGE, "", &self.body.len().to_string());
            return Err(self.refuse(vec![reason], String::new(), 0));
        }
        match self.format.read(&self.body) {
            Ok(draft) => Ok(Parsed { submission: self, draft }),
            Err(reasons) => Err(self.refuse(reasons, String::new(), 0)),
        }
    }

    fn refuse(self, mut reasons: Vec<Violation>, mut record_id: String, revision: u32) -> Box<Refused> {
        reasons.iter_mut().for_each(|reason| shorten(&mut reason.field));
        shorten(&mut record_id);
        Box::new(Refused { sha256: self.sha256(), submission: self, reasons, record_id, revision })
    }
}

fn shorten(text: &mut String) {
    let end = (0..=SHOWN_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or_default());
}

impl Parsed {
    fn check(self) -> Result<Checked, Box<Refused>> {
        let Self { submission, draft } = self;
        let (record_id, revision) =
            (draft.record_id.clone(), draft.revision.and_then(|revision| revision.try_into().ok()).unwrap_or_default());
        match check(draft, &submission.scope.received(submission.received_at)) {
            Ok(record) => Ok(Checked { submission, record }),
            Err(reasons) => Err(submission.refuse(reasons, record_id, revision)),
        }
    }
}

impl Checked {
    /// What the form check and a rule both speak of, the rule says.
    fn rule(self) -> Ruled {
        let Self { submission, record: CheckedRecord { record, mut findings } } = self;
        let lies_in = |root: &str| submission.scope.lies_in(&record.area, root);
        let reception = Reception { received_at: submission.received_at, provider: &submission.scope.provider, lies_in: &lies_in };
        let rules = submission.rules();
        findings.retain(|finding| !rules.decides(&finding.code, &record, reception));
        let (blocks, found): (Vec<_>, Vec<_>) =
            rules.evaluate(&record, reception).into_iter().partition(|broken| broken.rule.severity == Severity::Block);
        findings.extend(found.into_iter().map(reasons::of_rule));
        let blocks = blocks.into_iter().map(reasons::of_rule).collect();
        Ruled { submission, record, findings, blocks }
    }
}

impl Ruled {
    fn place(self) -> Placed {
        let Self { submission, record, findings, blocks } = self;
        Placed {
            identity: Identity::of(&submission.scope.provider, &record.record_id),
            hops: hops_of(&record),
            sha256: submission.sha256(),
            submission,
            record,
            findings,
            blocks,
        }
    }
}
