//! EPCIS 2.0 events in JSON-LD, read as trace records.
//!
//! EPCIS is what the rest of the world speaks: five types of event about identifiers that are URIs. An event tells what was seen and says
//! nothing of our categories, regions and subjects; those come from the provider's registration. Identifiers are checked as URIs and,
//! where they are EPCs, as EPCs, no more. Whatever has no place in a record is kept in its extension, and nobody is warned of it, because
//! the format is made to be extended. Contexts are not resolved: prefixes are the ones of the standard.
//!
//! Absent: XML, EPCIS 1.2, the CBV event hash for events without an id (such events are rejected, saying so), and master data in headers.

mod biz_step;
mod document;
mod event;
mod ilmd;
mod number;
mod things;

pub use document::split;

use crate::draft::Draft;
use crate::json::{Report, Unknown, object};
use crate::violation::Violation;

/// Reads one event.
///
/// # Errors
/// Bytes that are no JSON object, or an object that is none of the five events. Everything else that is wrong travels in the draft.
pub fn read_event(bytes: &[u8]) -> Result<Draft, Vec<Violation>> {
    let mut report = Report::new(Unknown::Expected);
    let mut of = object(bytes)?;
    let Some(kind) = event::Kind::of(&mut of, &mut report) else { return Err(report.into_faults()) };
    let mut draft = event::draft(kind, of, &mut report);
    draft.bytes = bytes.len();
    report.hand_to(&mut draft);
    Ok(draft)
}
