//! The reasons that are not the model's: those that only the journal knows, what a message says about itself, and broken rules.

use tracemesh_model::Violation;
use tracemesh_model::reasons::Reason;
use tracemesh_rules::{Broken, Rule, Rules};

/// The same provider, record id and revision with other content.
pub const CONFLICT: Reason = Reason { code: "record.conflict", rule: "one content for one provider, record id and revision" };
/// A higher revision was accepted before this one, which was never seen.
pub const SUPERSEDED: Reason = Reason { code: "record.superseded", rule: "revisions in rising order" };
/// What it repeats or corrects is damaged in the journal: what it would take back is not known.
pub const EARLIER_DAMAGED: Reason = Reason { code: "record.earlier_damaged", rule: "what is corrected can be read" };
/// A message says that it is something that nobody here reads.
pub const MEDIA_TYPE: Reason =
    Reason { code: "error.request.media_type", rule: "application/json, application/x-protobuf, application/epcis+json" };

/// What stands before the id of a rule that was published.
const RULE: &str = "rule.";

/// A broken rule as a receipt lists it.
pub fn of_rule(broken: Broken<'_>) -> Violation {
    let Rule { id, version, .. } = broken.rule;
    Violation::named(format!("{RULE}{id}"), format!("{id}/{version}"), broken.field, &broken.value)
}

/// The rule that a reason names, in the set that the submission was held against.
pub fn rule_named<'r>(code: &str, version: &str, rules: &'r Rules) -> Option<&'r Rule> {
    rules.version(version)?.rule(code.strip_prefix(RULE)?)
}
