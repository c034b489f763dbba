//! What one entry of ingestion's journal contributes: the definition of everything that this service counts and keeps.
//!
//! | count | definition |
//! |---|---|
//! | records | accepted, live, not replaced, not void |
//! | late | received later after the event than its area and category allow |
//! | due, filled | fields that the Food Safety Law asks for, as the warning on the receipt counts them |
//! | refused | live submissions that were rejected; what is sent again and accepted is one more submission |
//! | outgoing, complete | see [`super::chain`] |
//!
//! History that was imported and what was sent to the sandbox contribute nothing.

use tracemesh_model::{LegalFields, TraceRecord, china_day};
use tracemesh_proto::accepted::{Unreadable, reread};
use tracemesh_proto::journal::v1::Envelope;
use tracemesh_proto::journal::v1::envelope::{Mode, Verdict};
use tracemesh_proto::time::micros;

use super::cell::{Cell, Counts, Subject};
use super::chain::Links;
use super::deadline::Deadlines;
use super::detect;
use super::observation::Seen;

/// The kind of a submission's entry in ingestion's journal.
const RECORD: &str = "record";

/// What an entry adds, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub cell: Cell,
    /// Without `complete`, which depends on other records.
    pub counts: Counts,
    /// When it happened, in unix microseconds.
    pub at: i64,
    pub seen: Vec<Seen>,
    pub links: Option<Links>,
    /// The code of the party one step back, as it is shown; empty where it has none.
    pub source: String,
}

/// Whether an entry has to do with quality at all: a submission, for real and of now, and no repetition. A void one has, by what it replaces.
pub fn is_counted(envelope: &Envelope) -> bool {
    envelope.kind == RECORD && envelope.mode() == Mode::Live && matches!(envelope.verdict(), Verdict::Accepted | Verdict::Rejected)
}

/// What an entry of a node's ingestion adds; `None` for whatever is not counted.
///
/// # Errors
/// An accepted record whose body cannot be read any more: nobody can say what it once added.
pub fn contribution(
    deadlines: &Deadlines,
    node: &str,
    envelope: &Envelope,
    body: Option<&[u8]>,
) -> Result<Option<Contribution>, Unreadable> {
    if !is_counted(envelope) {
        return Ok(None);
    }
    if envelope.verdict() == Verdict::Rejected {
        return Ok(Some(of_rejection(envelope)));
    }
    let record = reread(node, envelope, body)?;
    Ok(of_record(deadlines, &record, envelope))
}

fn of_rejection(envelope: &Envelope) -> Contribution {
    let labels = envelope.labels.clone().unwrap_or_default();
    let known = |label: String| if label.is_empty() { TraceRecord::UNKNOWN_AREA.to_owned() } else { label };
    let at = micros(envelope.received_at.as_ref());
    Contribution {
        cell: Cell {
            day: china_day(at),
            provider: envelope.provider.clone(),
            subject: Subject::default(),
            area: known(labels.area),
            category: known(labels.category),
        },
        counts: Counts { refused: 1, ..Counts::default() },
        at,
        seen: Vec::new(),
        links: None,
        source: String::new(),
    }
}

fn of_record(deadlines: &Deadlines, record: &TraceRecord, envelope: &Envelope) -> Option<Contribution> {
    if record.corrects.as_ref().is_some_and(|correction| correction.void) {
        return None;
    }
    let (at, category) = (record.event_time.micros(), record.category.as_str());
    let is_late = micros(envelope.received_at.as_ref()) > at.saturating_add(deadlines.of(&record.area, category));
    let fields = LegalFields::of(record);
    let links = Links::of(record);
    let source = record.parties.source.as_ref().and_then(|source| source.code.as_ref());
    Some(Contribution {
        cell: Cell {
            day: record.event_time.day(),
            provider: envelope.provider.clone(),
            subject: Subject::of(record.responsible()),
            area: record.area.clone(),
            category: category.to_owned(),
        },
        counts: Counts {
            records: 1,
            late: is_late.into(),
            due: fields.due as i64,
            filled: fields.filled as i64,
            outgoing: links.as_ref().is_some_and(|links| links.is_outgoing).into(),
            ..Counts::default()
        },
        at,
        seen: detect::observe(record, &envelope.provider),
        links,
        source: Subject::of(source).shown,
    })
}
