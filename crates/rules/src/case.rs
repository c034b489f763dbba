//! What a rule set looks at: one record, and how it was received.

use tracemesh_model::TraceRecord;

/// What the node knows about the receipt of a record.
#[derive(Clone, Copy)]
pub struct Reception<'a> {
    /// The node's clock when the submission was taken, in microseconds since 1970 in UTC.
    pub received_at: i64,
    /// Who submitted it.
    pub provider: &'a str,
    /// Whether the record's area is this one or lies below it; asked only where a rule has a jurisdiction.
    pub lies_in: &'a dyn Fn(&str) -> bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Case<'r> {
    pub(crate) record: &'r TraceRecord,
    pub(crate) reception: Reception<'r>,
}
