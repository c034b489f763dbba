//! Every reason that this crate can give for refusing or doubting a record: the complete list, with its meaning.
//!
//! A reason's `code` is the key of the text that people read, in two languages and with a remedy, in the catalogue; `rule` is the broken
//! rule in a few words, for machines' logs and for developers. Codes are a contract: receipts keep them for years, so one is never renamed.
//! What is wrong with a *code* comes from the codes crate ([`tracemesh_codes::RULES`]) and keeps its rule, under `code.`; see [`keys`].

use std::sync::LazyLock;

/// One rule and the key under which its text stands in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The catalogue's key.
    pub code: &'static str,
    /// The rule that was broken, in a few words.
    pub rule: &'static str,
}

const fn reason(code: &'static str, rule: &'static str) -> Reason {
    Reason { code, rule }
}

// Rejected: the submission cannot be read.

/// There is nothing in it: no bytes, or white space alone.
pub const EMPTY: Reason = reason("record.empty", "a record has content");
/// The text is not JSON: cut off, a comma too many, a bare word. The value names the line and column.
pub const SYNTAX: Reason = reason("record.syntax", "JSON, RFC 8259");
/// The array or document was broken here; the elements before were taken one by one, the rest is this submission.
pub const BROKEN_ARRAY: Reason = reason("record.broken_array", "an array that is whole, RFC 8259");
/// Something follows the end of the record.
pub const TRAILING: Reason = reason("record.trailing", "nothing after the end of the record");
/// The bytes are not UTF-8, or name half of a surrogate pair.
pub const NOT_UTF8: Reason = reason("record.not_utf8", "UTF-8");
/// Objects and arrays are nested too deeply.
pub const TOO_DEEP: Reason = reason("record.too_deep", "nested at most 64 levels deep");
/// The bytes are not a TraceRecord in protobuf.
pub const NOT_PROTOBUF: Reason = reason("record.not_protobuf", "tracemesh.record.v1.TraceRecord in protobuf");
/// The value is not a JSON object.
pub const NOT_AN_OBJECT: Reason = reason("record.not_an_object", "a record is a JSON object");
/// One submission is larger than the node takes.
pub const TOO_LARGE: Reason = reason("record.too_large", "bytes of one record at most the node's limit");
/// One body holds more submissions than the node takes at once; this is the rest.
pub const TOO_MANY_PIECES: Reason = reason("record.too_many_pieces", "at most 100,000 records in one body");

// Rejected: fields of any kind.

/// One object has the same key twice, or a field under both of its spellings.
pub const DUPLICATE_KEY: Reason = reason("record.duplicate_key", "each key once");
/// The field's value has another JSON type than the field.
pub const MISTYPED: Reason = reason("record.mistyped", "the type of the field");
/// A text is longer than its field takes.
pub const TEXT_TOO_LONG: Reason = reason("record.text.too_long", "bytes of a text at most its field's limit");
/// A text holds the character U+0000, which no database stores.
pub const TEXT_NUL: Reason = reason("record.text.nul", "no character U+0000");
/// A date is not a day of the calendar, written YYYY-MM-DD.
pub const DATE_MALFORMED: Reason = reason("record.date.malformed", "YYYY-MM-DD");
/// A price or amount of money is not a plain decimal.
pub const MONEY_MALFORMED: Reason = reason("record.money.malformed", "plain decimal >= 0, at most 15 + 6 digits");

// Rejected: the head of the record.

/// The record has no id.
pub const RECORD_ID_MISSING: Reason = reason("record.record_id.missing", "record_id is required");
/// The record's id is too long.
pub const RECORD_ID_TOO_LONG: Reason = reason("record.record_id.too_long", "record_id at most 256 bytes");
/// The record's id holds a control character.
pub const RECORD_ID_CONTROL: Reason = reason("record.record_id.control", "record_id without control characters");
/// The revision is 0 or negative.
pub const REVISION_LOW: Reason = reason("record.revision.low", "revision >= 1");
/// The revision does not fit 32 bits.
pub const REVISION_HIGH: Reason = reason("record.revision.high", "revision <= 4294967295");
/// The record has no class.
pub const CLASS_MISSING: Reason = reason("record.class.missing", "class is required");
/// There is no such class.
pub const CLASS_UNKNOWN: Reason = reason("record.class.unknown", "a class of the contract");
/// The provider may not submit records of this class.
pub const CLASS_SCOPE: Reason = reason("record.class.scope", "a class in the provider's scope");
/// The name of the category is too long or holds characters other than letters, digits, `_`, `-` and `.`.
pub const CATEGORY_MALFORMED: Reason = reason("record.category.malformed", "letters, digits, _ - . in at most 64 bytes");
/// The provider may not submit records of this category.
pub const CATEGORY_SCOPE: Reason = reason("record.category.scope", "a category in the provider's scope");
/// The record has no event time.
pub const EVENT_TIME_MISSING: Reason = reason("record.event_time.missing", "event_time is required");
/// The event time is not a moment written as RFC 3339 says.
pub const EVENT_TIME_MALFORMED: Reason = reason("record.event_time.malformed", "RFC 3339");
/// The event time does not say its offset from UTC.
pub const EVENT_TIME_OFFSET: Reason = reason("record.event_time.offset", "RFC 3339 with an offset");
/// The event time lies before 1990.
pub const EVENT_TIME_EARLY: Reason = reason("record.event_time.early", "event_time >= 1990-01-01");
/// The event time lies more than a day after the record was received.
pub const EVENT_TIME_FUTURE: Reason = reason("record.event_time.future", "event_time at most one day ahead");
/// The region is not one that this node knows.
pub const REGION_UNKNOWN: Reason = reason("record.place.region.unknown", "a region of GB/T 2260 or an area of this node");
/// The provider may not submit records for this area.
pub const AREA_SCOPE: Reason = reason("record.place.area.scope", "an area in the provider's scope");

// Rejected: units and the other lists.

/// The record has no unit.
pub const UNITS_MISSING: Reason = reason("record.units.missing", "at least one unit");
/// The record has too many units.
pub const UNITS_TOO_MANY: Reason = reason("record.units.too_many", "at most the node's limit of units (5,000)");
/// The unit does not say its role.
pub const ROLE_MISSING: Reason = reason("record.units.role.missing", "role is required");
/// There is no such role.
pub const ROLE_UNKNOWN: Reason = reason("record.units.role.unknown", "INPUT OUTPUT OBSERVED CONTAINER CONTENT");
/// There is no such granularity.
pub const GRANULARITY_UNKNOWN: Reason = reason("record.units.granularity.unknown", "ITEM BATCH CLASS");
/// The unit has no code.
pub const UNIT_CODE_MISSING: Reason = reason("record.units.code.missing", "a unit has a code");
/// The quantity has a unit of measure and no value.
pub const QUANTITY_VALUE_MISSING: Reason = reason("record.units.quantity.missing", "a quantity has a value");
/// The quantity is not a plain decimal: an exponent, a sign, a thousands separator, a word.
pub const QUANTITY_MALFORMED: Reason = reason("record.units.quantity.malformed", "plain decimal >= 0, at most 15 + 6 digits");
/// The quantity is below zero.
pub const QUANTITY_NEGATIVE: Reason = reason("record.units.quantity.negative", "quantity >= 0");
/// The quantity has more digits than can be counted exactly.
pub const QUANTITY_DIGITS: Reason = reason("record.units.quantity.digits", "at most 15 + 6 digits");
/// The record has too many pieces of evidence.
pub const EVIDENCE_TOO_MANY: Reason = reason("record.evidence.too_many", "at most 100 pieces of evidence");
/// There is no such kind of evidence.
pub const EVIDENCE_KIND_UNKNOWN: Reason = reason("record.evidence.kind.unknown", "a kind of evidence of the contract");
/// There is no such result of an inspection.
pub const EVIDENCE_RESULT_UNKNOWN: Reason = reason("record.evidence.result.unknown", "PASS FAIL");
/// The extension is larger than the node takes.
pub const EXTENSION_TOO_LARGE: Reason = reason("record.extension.too_large", "extension at most the node's limit of bytes");

// Rejected: codes, beside the rules of the codes crate.

/// There is no such code scheme.
pub const SCHEME_UNKNOWN: Reason = reason("record.code.scheme.unknown", "a scheme of the contract, or none");
/// A code breaks a rule that has no key of its own.
pub const CODE_BROKEN: Reason = reason("record.code.broken", "the scheme's own rules");
/// A code has a scheme or an issuer and no value.
pub const CODE_VALUE_MISSING: Reason = reason("record.code.value.missing", "a code has a value");

// Rejected: EPCIS.

/// The event has no eventID, which is the record's id.
pub const EPCIS_EVENT_ID_MISSING: Reason = reason("record.epcis.event_id.missing", "eventID is required");
/// The object is not one of the five events of EPCIS 2.0.
pub const EPCIS_TYPE_UNKNOWN: Reason =
    reason("record.epcis.type.unknown", "ObjectEvent AggregationEvent AssociationEvent TransactionEvent TransformationEvent");
/// The event says no action, and its type needs one.
pub const EPCIS_ACTION_MISSING: Reason = reason("record.epcis.action.missing", "action is required");
/// There is no such action.
pub const EPCIS_ACTION_UNKNOWN: Reason = reason("record.epcis.action.unknown", "ADD OBSERVE DELETE");
/// The document holds no list of events.
pub const EPCIS_NO_EVENTS: Reason = reason("record.epcis.no_events", "an EPCIS document with a list of events");

// Accepted and warned.

/// A field that we do not know; kept in `extension`.
pub const FIELD_UNKNOWN: Reason = reason("record.field.unknown", "a field of the contract");
/// The record does not say its category: taken from the provider's registration.
pub const CATEGORY_DEFAULTED: Reason = reason("record.category.defaulted", "category is expected");
/// Neither the record nor the provider's registration says a category: UNKNOWN.
pub const CATEGORY_ABSENT: Reason = reason("record.category.absent", "category is expected");
/// The record does not say its region: the area is taken from the provider's registration.
pub const AREA_DEFAULTED: Reason = reason("record.place.area.defaulted", "place.region is expected");
/// Neither the record nor the provider's registration says an area: UNKNOWN.
pub const AREA_ABSENT: Reason = reason("record.place.area.absent", "place.region is expected");
/// The place lies outside the area that this node answers for.
pub const AREA_OUTSIDE: Reason = reason("record.place.area.outside", "a place in the node's area");
/// The record names no place at all.
pub const PLACE_ABSENT: Reason = reason("record.place.absent", "a place is expected");
/// The record does not say who is responsible: taken from the provider's registration.
pub const RESPONSIBLE_DEFAULTED: Reason = reason("record.parties.responsible.defaulted", "parties.responsible is expected");
/// Neither the record nor the provider's registration says who is responsible: UNKNOWN.
pub const RESPONSIBLE_ABSENT: Reason = reason("record.parties.responsible.absent", "parties.responsible is expected");
/// The subject is not registered at this node.
pub const SUBJECT_UNREGISTERED: Reason = reason("record.subject.unregistered", "a registered subject");
/// The record came later than the node expects records.
pub const EVENT_TIME_LATE: Reason = reason("record.event_time.late", "received within the node's limit after event_time");
/// The quantity is zero.
pub const QUANTITY_ZERO: Reason = reason("record.units.quantity.zero", "quantity > 0");
/// The quantity does not say what it counts.
pub const MEASURE_ABSENT: Reason = reason("record.units.quantity.unit.absent", "a unit of measure is expected");
/// The code names a class of goods without a batch, so the unit is a class whatever granularity the record claims.
pub const GRANULARITY_CLASS: Reason = reason("record.units.granularity.class", "a code without batch or serial names a class");
/// The code means something only together with its issuer, and the record names nobody: only this provider's own records can meet it.
pub const ISSUER_ABSENT: Reason = reason("record.units.issuer.absent", "an issuer, a responsible subject or a source");
/// Fields that the Food Safety Law asks of such a record are missing; the field lists them.
pub const LEGAL_FIELDS_ABSENT: Reason = reason("record.legal_fields.absent", "Food Safety Law, articles 50, 51, 53, 65");
/// So much is wrong, or doubtful, that the rest is only counted; the value says how many more.
pub const AND_MORE: Reason = reason("record.and_more", "at most 200 reasons in one receipt");

/// Every reason above. Beside them stand those of the codes crate.
pub const ALL: &[Reason] = &[
    EMPTY,
    SYNTAX,
    BROKEN_ARRAY,
    TRAILING,
    NOT_UTF8,
    TOO_DEEP,
    NOT_PROTOBUF,
    NOT_AN_OBJECT,
    TOO_LARGE,
    TOO_MANY_PIECES,
    DUPLICATE_KEY,
    MISTYPED,
    TEXT_TOO_LONG,
    TEXT_NUL,
    DATE_MALFORMED,
    MONEY_MALFORMED,
    RECORD_ID_MISSING,
    RECORD_ID_TOO_LONG,
    RECORD_ID_CONTROL,
    REVISION_LOW,
    REVISION_HIGH,
    CLASS_MISSING,
    CLASS_UNKNOWN,
    CLASS_SCOPE,
    CATEGORY_MALFORMED,
    CATEGORY_SCOPE,
    EVENT_TIME_MISSING,
    EVENT_TIME_MALFORMED,
    EVENT_TIME_OFFSET,
    EVENT_TIME_EARLY,
    EVENT_TIME_FUTURE,
    REGION_UNKNOWN,
    AREA_SCOPE,
    UNITS_MISSING,
    UNITS_TOO_MANY,
    ROLE_MISSING,
    ROLE_UNKNOWN,
    GRANULARITY_UNKNOWN,
    UNIT_CODE_MISSING,
    QUANTITY_VALUE_MISSING,
    QUANTITY_MALFORMED,
    QUANTITY_NEGATIVE,
    QUANTITY_DIGITS,
    EVIDENCE_TOO_MANY,
    EVIDENCE_KIND_UNKNOWN,
    EVIDENCE_RESULT_UNKNOWN,
    EXTENSION_TOO_LARGE,
    SCHEME_UNKNOWN,
    CODE_BROKEN,
    CODE_VALUE_MISSING,
    EPCIS_EVENT_ID_MISSING,
    EPCIS_TYPE_UNKNOWN,
    EPCIS_ACTION_MISSING,
    EPCIS_ACTION_UNKNOWN,
    EPCIS_NO_EVENTS,
    FIELD_UNKNOWN,
    CATEGORY_DEFAULTED,
    CATEGORY_ABSENT,
    AREA_DEFAULTED,
    AREA_ABSENT,
    AREA_OUTSIDE,
    PLACE_ABSENT,
    RESPONSIBLE_DEFAULTED,
    RESPONSIBLE_ABSENT,
    SUBJECT_UNREGISTERED,
    EVENT_TIME_LATE,
    QUANTITY_ZERO,
    MEASURE_ABSENT,
    GRANULARITY_CLASS,
    ISSUER_ABSENT,
    LEGAL_FIELDS_ABSENT,
    AND_MORE,
];

/// The reasons of the codes crate, in the order of its rules: `uscc.check` there is `code.uscc.check` here.
static OF_CODES: LazyLock<Vec<Reason>> = LazyLock::new(|| {
    let under_code = |rule: &&'static str| Reason { code: String::leak(format!("code.{rule}")), rule };
    tracemesh_codes::RULES.iter().map(under_code).collect()
});

/// The reason for a rule of the codes crate.
pub fn of_code(rule: &str) -> Reason {
    OF_CODES.iter().copied().find(|reason| reason.rule == rule).unwrap_or(CODE_BROKEN)
}

/// Every key that a violation of this crate can carry, those of codes included: what the catalogue must hold.
pub fn keys() -> impl Iterator<Item = &'static str> {
    ALL.iter().chain(OF_CODES.iter()).map(|reason| reason.code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_is_complete_and_no_key_stands_twice() {
        let constants = include_str!("reasons.rs").matches("\npub const ").count() - 1; // ALL itself
        assert_eq!(ALL.len(), constants);
        assert_eq!(keys().collect::<BTreeSet<_>>().len(), keys().count());
    }

    #[test]
    fn a_rule_of_codes_stands_under_code() {
        for rule in tracemesh_codes::RULES {
            assert_eq!(of_code(rule).code, format!("code.{rule}"));
        }
    }
}
