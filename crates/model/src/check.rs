//! From draft to record: everything that is wrong at once, or a record that the rest of the house may trust.
//!
//! Each part of a record has a file; each takes its draft and says what it finds to [`Checking`]. A part that finds a fault goes on with
//! the next field, and only here, at the end, is it decided whether there is a record. What rejects and what warns is the contract's list.

mod checking;
mod code;
mod head;
mod legal;
mod particulars;
mod parties;
mod place;
mod units;

use checking::Checking;
pub use legal::LegalFields;

use crate::draft::Draft;
use crate::received::Received;
use crate::record::TraceRecord;
use crate::violation::Violation;

/// A record, and what its provider should know about it all the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The record.
    pub record: TraceRecord,
    /// The warnings.
    pub findings: Vec<Violation>,
}

/// Checks a draft against the contract, the provider's scope and the node's limits.
///
/// # Errors
/// All violations that reject it, the reader's included; at most 200 are listed and the rest counted.
pub fn check(draft: Draft, at: &Received<'_>) -> Result<Checked, Vec<Violation>> {
    let checking = &mut Checking::new(at, draft.faults, draft.findings);
    checking.size(draft.bytes);
    let record_id = head::record_id(draft.record_id, checking);
    let revision = head::revision(draft.revision, checking);
    let class = head::class(&draft.class, checking);
    let category = head::category(&draft.category, checking);
    let event_time = head::event_time(&draft.event_time, checking);
    let (place, area) = place::place(draft.place, checking);
    let parties = parties::parties(draft.parties, checking);
    let units = units::units(draft.units, &parties, checking);
    let product = particulars::product(draft.product, checking);
    let act = particulars::act(draft.act, checking);
    let evidence = particulars::evidence(draft.evidence, checking);
    let corrects = particulars::correction(draft.corrects, checking);
    let extension = particulars::extension(draft.extension, checking);
    let (Some(class), Some(event_time)) = (class, event_time) else { return Err(checking.take_faults()) };
    let packing = draft.packing.unwrap_or(class.packing());
    let record = TraceRecord {
        record_id,
        revision,
        class,
        packing,
        category,
        event_time,
        area,
        place,
        parties,
        units,
        product,
        act,
        evidence,
        corrects,
        extension,
    };
    legal::fields(&record, checking);
    checking.verdict(record)
}
