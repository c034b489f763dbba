//! The rest of a record: product, act, evidence, correction and extension.

use serde_json::{Map, Value};

use super::checking::Checking;
use crate::draft::{DraftAct, DraftCorrection, DraftEvidence, DraftProduct};
use crate::path::Path;
use crate::reasons;
use crate::record::{Act, Correction, Evidence, EvidenceKind, EvidenceResult, Product};

pub(super) fn product(draft: DraftProduct, checking: &mut Checking<'_>) -> Product {
    let field = &Path::Root.key("product");
    Product {
        code: checking.code(&field.key("code"), draft.code),
        name: checking.text(&field.key("name"), draft.name),
        spec: checking.text(&field.key("spec"), draft.spec),
        class_code: checking.text(&field.key("class_code"), draft.class_code),
        produced_on: checking.day(&field.key("produced_on"), &draft.produced_on),
        best_before: checking.day(&field.key("best_before"), &draft.best_before),
    }
}

pub(super) fn act(draft: DraftAct, checking: &mut Checking<'_>) -> Act {
    let field = &Path::Root.key("act");
    Act {
        voucher: checking.text(&field.key("voucher"), draft.voucher),
        unit_price: checking.money(&field.key("unit_price"), &draft.unit_price),
        amount: checking.money(&field.key("amount"), &draft.amount),
        mode: checking.text(&field.key("mode"), draft.mode),
        vehicle: checking.text(&field.key("vehicle"), draft.vehicle),
    }
}

pub(super) fn evidence(drafts: Vec<DraftEvidence>, checking: &mut Checking<'_>) -> Vec<Evidence> {
    let field = &Path::Root.key("evidence");
    let most = checking.at.limits.evidence;
    if drafts.len() > most {
        checking.refuse(reasons::EVIDENCE_TOO_MANY, field, &drafts.len().to_string());
    }
    drafts.into_iter().take(most).enumerate().map(|(index, draft)| piece(&field.item(index), draft, checking)).collect()
}

/// Libraries that write every field write the unspecified value of an enum, which is an absent one.
fn piece(field: &Path<'_>, draft: DraftEvidence, checking: &mut Checking<'_>) -> Evidence {
    let kind = EvidenceKind::named(&draft.kind);
    if kind.is_none() && !matches!(draft.kind.as_str(), "" | "KIND_UNSPECIFIED") {
        checking.refuse(reasons::EVIDENCE_KIND_UNKNOWN, &field.key("kind"), &draft.kind);
    }
    let result = EvidenceResult::named(&draft.result);
    if result.is_none() && !matches!(draft.result.as_str(), "" | "RESULT_UNSPECIFIED") {
        checking.refuse(reasons::EVIDENCE_RESULT_UNKNOWN, &field.key("result"), &draft.result);
    }
    Evidence {
        kind: kind.unwrap_or(EvidenceKind::Other),
        number: checking.text(&field.key("number"), draft.number),
        issuer: checking.text(&field.key("issuer"), draft.issuer),
        issued_on: checking.day(&field.key("issued_on"), &draft.issued_on),
        valid_until: checking.day(&field.key("valid_until"), &draft.valid_until),
        result,
        uri: checking.text(&field.key("uri"), draft.uri),
    }
}

pub(super) fn correction(draft: Option<DraftCorrection>, checking: &mut Checking<'_>) -> Option<Correction> {
    let corrects = Path::Root.key("corrects");
    draft.map(|draft| Correction { reason: checking.text(&corrects.key("reason"), draft.reason), void: draft.void })
}

pub(super) fn extension(extension: Map<String, Value>, checking: &mut Checking<'_>) -> Map<String, Value> {
    let bytes = extension.iter().map(|(key, value)| key.len() + 4 + json_bytes(value)).sum::<usize>();
    if bytes > checking.at.limits.extension_bytes {
        checking.refuse(reasons::EXTENSION_TOO_LARGE, &Path::Root.key("extension"), &bytes.to_string());
    }
    extension
}

/// About how many bytes a value has as JSON; escapes are not counted.
fn json_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| json_bytes(item) + 1).sum::<usize>() + 2,
        Value::Object(members) => members.iter().map(|(key, value)| key.len() + 4 + json_bytes(value)).sum::<usize>() + 2,
    }
}
