//! The reasons for a rejection that are not the model's: those that only the journal knows, and what a message says about itself.

use tracemesh_model::reasons::Reason;

/// The same provider, record id and revision with other content.
pub const CONFLICT: Reason = Reason { code: "record.conflict", rule: "one content for one provider, record id and revision" };
/// A higher revision was accepted before this one, which was never seen.
pub const SUPERSEDED: Reason = Reason { code: "record.superseded", rule: "revisions in rising order" };
/// What it repeats or corrects is damaged in the journal: what it would take back is not known.
pub const EARLIER_DAMAGED: Reason = Reason { code: "record.earlier_damaged", rule: "what is corrected can be read" };
/// A message says that it is something that nobody here reads.
pub const MEDIA_TYPE: Reason =
    Reason { code: "error.request.media_type", rule: "application/json, application/x-protobuf, application/epcis+json" };
