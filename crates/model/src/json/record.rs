//! The fields of a trace record in JSON, one function for each message of the contract.

use super::fields::{Fields, Report};
use super::value::Value;
use crate::draft::{
    Draft, DraftAct, DraftCode, DraftCorrection, DraftEvidence, DraftParties, DraftParty, DraftPlace, DraftProduct, DraftQuantity,
    DraftUnit,
};
use crate::path::Path;
use crate::reasons;

pub(super) fn draft(mut of: Fields<'_, '_>, report: &mut Report) -> Draft {
    extension(&mut of, report);
    let draft = Draft {
        record_id: of.text("record_id", report),
        revision: of.integer("revision", report),
        class: of.text("class", report),
        category: of.text("category", report),
        event_time: of.text("event_time", report),
        place: of.object("place", report, place).unwrap_or_default(),
        parties: of.object("parties", report, parties).unwrap_or_default(),
        units: of.each("units", report, unit),
        product: of.object("product", report, product).unwrap_or_default(),
        act: of.object("act", report, act).unwrap_or_default(),
        evidence: of.each("evidence", report, evidence),
        corrects: of.object("corrects", report, correction),
        ..Draft::default()
    };
    of.finish(report);
    draft
}

/// First of all, so that what else goes into the extension cannot take a name that the provider gave.
fn extension(of: &mut Fields<'_, '_>, report: &mut Report) {
    let field = of.path.key("extension");
    match of.take("extension", report) {
        Some(Value::Object(members)) => report.keep_members(&field, members),
        Some(other) => report.fault(reasons::MISTYPED, &field, &other.shown()),
        None => {}
    }
}

/// A code, as an object or as a bare string.
fn code(of: &mut Fields<'_, '_>, name: &str, report: &mut Report) -> Option<DraftCode> {
    let path = of.path.key(name);
    match of.take(name, report)? {
        Value::Text(text) if text.is_empty() => None,
        Value::Text(text) => Some(DraftCode::bare(text)),
        other => {
            let mut of = Fields::of(other, &path, report);
            let (scheme, issuer, value) = (of.text("scheme", report), of.text("issuer", report), of.text("value", report));
            of.finish(report);
            Some(DraftCode { scheme, issuer, value }).filter(|code| *code != DraftCode::default())
        }
    }
}

fn place(mut of: Fields<'_, '_>, report: &mut Report) -> DraftPlace {
    let place =
        DraftPlace { region: of.text("region", report), subject: code(&mut of, "subject", report), location: of.text("location", report) };
    of.finish(report);
    place
}

fn parties(mut of: Fields<'_, '_>, report: &mut Report) -> DraftParties {
    let parties = DraftParties {
        responsible: of.object("responsible", report, party),
        source: of.object("source", report, party),
        destination: of.object("destination", report, party),
    };
    of.finish(report);
    parties
}

fn party(mut of: Fields<'_, '_>, report: &mut Report) -> DraftParty {
    let party = DraftParty {
        code: code(&mut of, "code", report),
        name: of.text("name", report),
        address: of.text("address", report),
        contact: of.text("contact", report),
        phone: of.text("phone", report),
        licence: of.text("licence", report),
    };
    of.finish(report);
    party
}

fn unit(value: Value<'_>, path: &Path<'_>, report: &mut Report) -> DraftUnit {
    let mut of = Fields::of(value, path, report);
    let unit = DraftUnit {
        role: of.text("role", report),
        code: code(&mut of, "code", report),
        granularity: of.text("granularity", report),
        batch: of.text("batch", report),
        quantity: of.object("quantity", report, quantity),
    };
    of.finish(report);
    unit
}

fn quantity(mut of: Fields<'_, '_>, report: &mut Report) -> DraftQuantity {
    let quantity = DraftQuantity { value: of.text("value", report), unit: of.text("unit", report) };
    of.finish(report);
    quantity
}

fn product(mut of: Fields<'_, '_>, report: &mut Report) -> DraftProduct {
    let product = DraftProduct {
        code: code(&mut of, "code", report),
        name: of.text("name", report),
        spec: of.text("spec", report),
        class_code: of.text("class_code", report),
        produced_on: of.text("produced_on", report),
        best_before: of.text("best_before", report),
    };
    of.finish(report);
    product
}

fn act(mut of: Fields<'_, '_>, report: &mut Report) -> DraftAct {
    let act = DraftAct {
        voucher: of.text("voucher", report),
        unit_price: of.text("unit_price", report),
        amount: of.text("amount", report),
        mode: of.text("mode", report),
        vehicle: of.text("vehicle", report),
    };
    of.finish(report);
    act
}

fn evidence(value: Value<'_>, path: &Path<'_>, report: &mut Report) -> DraftEvidence {
    let mut of = Fields::of(value, path, report);
    let evidence = DraftEvidence {
        kind: of.text("kind", report),
        number: of.text("number", report),
        issuer: of.text("issuer", report),
        issued_on: of.text("issued_on", report),
        valid_until: of.text("valid_until", report),
        result: of.text("result", report),
        uri: of.text("uri", report),
    };
    of.finish(report);
    evidence
}

fn correction(mut of: Fields<'_, '_>, report: &mut Report) -> DraftCorrection {
    let correction = DraftCorrection { reason: of.text("reason", report), void: of.flag("void", report) };
    of.finish(report);
    correction
}
