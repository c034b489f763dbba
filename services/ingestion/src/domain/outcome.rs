//! How a submission ends: accepted, a duplicate of an earlier one, or rejected. The outcome is what the journal keeps.

use bytes::Bytes;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::Offset;
use tracemesh_journal::{Entry, Envelope};
use tracemesh_model::{TraceRecord, Violation};
use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};
use tracemesh_proto::journal::v1::{Labels, Reason};
use tracemesh_proto::time::timestamp;

use super::identity::Claim;
use super::place::Hop;
use super::receipt::kept;
use super::submission::{KEPT_BYTES_MAX, Placed, Step, Submission};

/// The kind of a submission's entry, whatever its verdict.
pub const KIND: &str = "record";

/// Food Safety Law art. 50: six months after the shelf life, two years where there is none.
const YEARS_KEPT: i64 = 2;
const MONTHS_AFTER_SHELF_LIFE: i64 = 6;

/// Personal data may be inside: contact names and telephones of parties.
const SENSITIVITY: u32 = 2;

pub struct Outcome<'a> {
    pub submission: &'a Submission,
    /// Of its bytes.
    pub sha256: &'a [u8; 32],
    pub end: End<'a>,
}

pub enum End<'a> {
    Accepted { placed: &'a Placed, replaced: Option<Replaced> },
    Duplicate { record_id: &'a str, revision: u32, first: String },
    Rejected { record_id: &'a str, revision: u32, reasons: Vec<Violation> },
}

/// What an accepted correction takes the place of.
pub struct Replaced {
    pub claim: Claim,
    pub epoch: u64,
    pub seq: u64,
    /// The hops that it left, to be taken back.
    pub hops: Vec<Hop>,
}

impl Outcome<'_> {
    /// The journal's entry, and its envelope once more for the receipt.
    pub fn entry(&self) -> (Envelope, Entry) {
        let envelope = self.envelope();
        let entry = Entry::new(&envelope, self.body());
        (envelope, entry)
    }

    /// What the journal says of it.
    fn envelope(&self) -> Envelope {
        let envelope = envelope(self.submission, self.sha256);
        match &self.end {
            End::Accepted { placed, replaced } => accepted(placed, replaced.as_ref(), envelope),
            End::Duplicate { record_id, revision, first } => Envelope {
                verdict: Verdict::Duplicate.into(),
                record_id: (*record_id).into(),
                revision: *revision,
                first: first.clone(),
                ..envelope
            },
            End::Rejected { record_id, revision, reasons } => Envelope {
                verdict: Verdict::Rejected.into(),
                record_id: (*record_id).into(),
                revision: *revision,
                reasons: all_kept(reasons),
                ..envelope
            },
        }
    }

    /// A duplicate is kept as a reference to its first, without a body; what is too large for an entry, by its hash alone.
    pub fn body(&self) -> Bytes {
        match self.end {
            End::Duplicate { .. } => Bytes::new(),
            End::Rejected { .. } if self.submission.body.len() > KEPT_BYTES_MAX => Bytes::new(),
            End::Accepted { .. } | End::Rejected { .. } => self.submission.body.clone(),
        }
    }
}

fn accepted(placed: &Placed, replaced: Option<&Replaced>, envelope: Envelope) -> Envelope {
    let Placed { submission, record, findings, .. } = placed;
    let assumed = submission.scope.defaults().responsible.as_ref();
    Envelope {
        verdict: Verdict::Accepted.into(),
        record_id: record.record_id.clone(),
        revision: record.revision,
        findings: all_kept(findings),
        replaces: replaced.map_or(0, |replaced| replaced.claim.revision),
        replaced_epoch: replaced.map_or(0, |replaced| replaced.epoch),
        replaced_seq: replaced.map_or(0, |replaced| replaced.seq),
        labels: Some(Labels { area: record.area.clone(), category: record.category.as_str().into(), sensitivity: SENSITIVITY }),
        assumed_responsible: assumed.map_or_else(String::new, ToString::to_string),
        keep_until: Some(timestamp(keep_until(record, submission.received_at))),
        ..envelope
    }
}

fn envelope(submission: &Submission, sha256: &[u8; 32]) -> Envelope {
    Envelope {
        kind: KIND.into(),
        actor: submission.actor.clone(),
        provider: submission.scope.provider.clone(),
        source: submission.source.clone(),
        source_offset: submission.step.map_or(0, Step::at),
        received_at: Some(timestamp(submission.received_at)),
        sha256: sha256.to_vec().into(),
        traceparent: submission.traceparent.clone(),
        rule_version: submission.rules().version().into(),
        mode: Mode::Live.into(),
        content_type: submission.format.media_type().into(),
        redrives: submission.redrives.clone().unwrap_or_default(),
        ..Default::default()
    }
}

fn all_kept(violations: &[Violation]) -> Vec<Reason> {
    violations.iter().map(kept).collect()
}

fn keep_until(record: &TraceRecord, received_at: i64) -> i64 {
    let received = tracemesh_model::china_day(received_at);
    let until = match record.product.best_before {
        Some(best_before) => best_before.saturating_add(MONTHS_AFTER_SHELF_LIFE.months()),
        None => received.saturating_add(YEARS_KEPT.years()),
    };
    midnight_micros(until.max(received)).unwrap_or(received_at)
}

/// The end of the day before `day` in China Standard Time.
fn midnight_micros(day: Date) -> Option<i64> {
    Offset::constant(8).to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok().map(jiff::Timestamp::as_microsecond)
}
