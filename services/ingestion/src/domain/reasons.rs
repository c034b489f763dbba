//! The two reasons for a rejection that only the journal knows; those of form are the model's.

use tracemesh_model::reasons::Reason;

/// The same provider, record id and revision with other content.
pub const CONFLICT: Reason = Reason { code: "record.conflict", rule: "one content for one provider, record id and revision" };
/// A higher revision was accepted before this one, which was never seen.
pub const SUPERSEDED: Reason = Reason { code: "record.superseded", rule: "revisions in rising order" };
