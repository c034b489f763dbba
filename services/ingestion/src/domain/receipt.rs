//! A receipt, from what the journal says of a submission: the same function makes it right after the commit and ten years later.

use prost_types::Timestamp;
use tracemesh_catalogue::{self as catalogue, Rendered};
use tracemesh_model::Violation;
use tracemesh_proto::ingestion::v1::{Reason, Receipt};
use tracemesh_proto::journal::v1::{Envelope, Reason as Kept};
use tracemesh_rules::Rules;

use super::reasons::rule_named;

/// NODE.SERVICE/EPOCH/SEQ
pub fn receipt_id(journal: &str, epoch: u64, seq: u64) -> String {
    format!("{journal}/{epoch}/{seq}")
}

/// The parts of a receipt's id; `None` where it is none.
pub fn parse_receipt_id(id: &str) -> Option<(&str, u64, u64)> {
    let mut parts = id.splitn(3, '/');
    let (journal, epoch, seq) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (!journal.is_empty()).then_some((journal, epoch, seq))
}

/// The answer to the submission whose envelope this is.
pub fn receipt(id: String, envelope: Envelope, rules: &Rules) -> Receipt {
    let for_people = |reason: &Kept| for_people(reason, texts(reason, &envelope.rule_version, rules));
    Receipt {
        id,
        record_id: envelope.record_id,
        revision: envelope.revision,
        verdict: envelope.verdict,
        first: envelope.first,
        sha256: hex::encode(&envelope.sha256),
        received_at: envelope.received_at.map(|at| Timestamp { seconds: at.seconds, nanos: at.nanos }),
        reasons: envelope.reasons.iter().map(for_people).collect(),
        findings: envelope.findings.iter().map(for_people).collect(),
        rule_version: envelope.rule_version,
        provider: envelope.provider,
        redrives: envelope.redrives,
    }
}

/// A violation as the journal keeps it: without its texts, which the catalogue may improve.
pub fn kept(violation: &Violation) -> Kept {
    let Violation { code, field, value, rule } = violation.clone();
    Kept { code: code.into_owned(), field, value, rule: rule.into_owned() }
}

/// From the catalogue, or from the rule as it was published.
fn texts(reason: &Kept, rule_version: &str, rules: &Rules) -> Option<Rendered> {
    let rule = reason.rule.as_str();
    let blanks = [("field", reason.field.as_str()), ("value", reason.value.as_str()), ("rule", rule), ("allowed", rule)];
    let of_rule = || {
        let rule = rule_named(&reason.code, rule_version, rules)?;
        Some(Rendered::fill([&rule.message_zh, &rule.remedy_zh], [&rule.message_en, &rule.remedy_en], &blanks))
    };
    catalogue::lookup(&reason.code).map(|message| message.render(&blanks)).or_else(of_rule)
}

fn for_people(reason: &Kept, texts: Option<Rendered>) -> Reason {
    let Some(texts) = texts else {
        // A node of a later version wrote it; the code and the rule speak for themselves.
        return Reason {
            code: reason.code.clone(),
            field: reason.field.clone(),
            value: reason.value.clone(),
            rule: reason.rule.clone(),
            ..Reason::default()
        };
    };
    Reason {
        code: reason.code.clone(),
        field: reason.field.clone(),
        value: reason.value.clone(),
        rule: reason.rule.clone(),
        message_zh: texts.message_zh,
        message_en: texts.message_en,
        remedy_zh: texts.remedy_zh,
        remedy_en: texts.remedy_en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back() {
        let id = receipt_id("jinan.ingestion", 1, 42);
        assert_eq!(parse_receipt_id(&id), Some(("jinan.ingestion", 1, 42)));
        for bad in ["", "x", "a/b/c", "/1/2", "a/1"] {
            assert_eq!(parse_receipt_id(bad), None, "{bad}");
        }
    }
}
