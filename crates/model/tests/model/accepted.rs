//! What is accepted, and what the provider is told all the same.

use insta::{assert_debug_snapshot, assert_snapshot};
use serde_json::{Value, json};
use tracemesh_model::{Class, Granularity, Packing, Role};

use crate::{and, lines, read, read_value, sound, with};

fn findings(record: &Value) -> Vec<String> {
    lines(&read_value(record).expect("accepted").findings)
}

#[test]
fn a_sound_record_has_no_findings() {
    let checked = read_value(&sound()).unwrap();
    assert_eq!(checked.findings, []);
    let record = checked.record;
    assert_eq!((record.class, record.packing, record.area.as_str()), (Class::Store, Packing::Unchanged, "370600"));
    assert_eq!((record.units[0].role, record.units[0].granularity), (Role::Observed, Granularity::Batch));
    assert_eq!(record.responsible().unwrap().to_string(), "uscc:/91370600000000019G");
    assert_eq!(record.event_time.day().to_string(), "2026-11-24");
}

#[test]
fn camel_case_integers_in_texts_bare_codes_and_nulls_say_the_same() {
    let other = json!({
        "recordId": "A-1", "revision": "1", "class": "STORE", "category": "FOOD", "eventTime": "2026-11-24T20:00:00+08:00",
        "place": {"region": "370600", "location": ""}, "product": null, "evidence": [], "act": {},
        "parties": {"responsible": {"code": "91370600000000019G"}, "source": null},
        "units": [{"role": "OBSERVED", "code": "37060000400010000003", "quantity": {"value": "12.50", "unit": "公斤"}, "granularity": "GRANULARITY_UNSPECIFIED"}]
    });
    assert_eq!(read_value(&other).unwrap().record, read_value(&sound()).unwrap().record);
}

#[test]
fn a_record_that_says_almost_nothing_is_taken_and_told_so() {
    let bare =
        json!({"record_id": "1", "class": "RETAIL", "event_time": "2026-11-01T00:00:00Z", "units": [{"role": "OUTPUT", "code": "lot 7"}]});
    let checked = read_value(&bare).unwrap();
    assert_eq!((checked.record.revision, checked.record.category.as_str(), checked.record.area.as_str()), (1, "UNKNOWN", "UNKNOWN"));
    assert_debug_snapshot!(lines(&checked.findings), @r#"
    [
        "record.category.absent at category: UNKNOWN",
        "record.event_time.late at event_time: 2026-11-01T00:00:00Z",
        "record.place.absent at place: UNKNOWN",
        "record.parties.responsible.absent at parties.responsible: UNKNOWN",
        "record.units.issuer.absent at units[0].code: lot 7",
    ]
    "#);
}

#[test]
fn each_warning_of_the_contract() {
    let cases = [
        ("a malformed EPC URN", with("/units/0", "code", json!("urn:epc:id:sscc:08600031303.0003"))),
        ("a bare code that fails its check", with("/units/0", "code", json!("6924561884075"))),
        ("late", with("", "event_time", json!("2026-11-20T00:00:00Z"))),
        ("no place", with("", "place", json!({}))),
        ("a place without region", with("", "place", json!({"location": "hall 3"}))),
        ("a zero quantity", with("/units/0", "quantity", json!({"value": "0.000", "unit": "kg"}))),
        ("a quantity of nothing", with("/units/0", "quantity", json!({"value": "1"}))),
        ("missing legal fields", with("", "class", json!("WHOLESALE"))),
        ("an unknown field", with("", "colour", json!("red"))),
        ("an unknown field of a unit", with("/units/0", "colour", json!({"hue": 1}))),
        ("an absent category", with("", "category", json!(""))),
        ("an absent responsible subject", with("", "parties", json!({}))),
        ("an item that is a class", and(with("/units/0", "code", json!("6924561884074")), "/units/0", "granularity", json!("ITEM"))),
        (
            "nobody to issue a lot number",
            and(with("", "parties", json!({})), "/units/0", "code", json!({"scheme": "opaque", "value": "L1"})),
        ),
        ("an enterprise of Xiamen", with("/parties/responsible", "code", json!("93350200MA0000A198"))),
    ];
    let told: Vec<String> = cases.iter().map(|(what, record)| format!("{what}: {}", findings(record).join("; "))).collect();
    assert_snapshot!(told.join("\n"), @r"
    a malformed EPC URN: code.epc.form at units[0].code: urn:epc:id:sscc:08600031303.0003
    a bare code that fails its check: code.gtin.check at units[0].code: 6924561884075
    late: record.event_time.late at event_time: 2026-11-20T00:00:00Z
    no place: record.place.absent at place: UNKNOWN
    a place without region: record.place.area.absent at place.region: UNKNOWN
    a zero quantity: record.units.quantity.zero at units[0].quantity.value: 0.000
    a quantity of nothing: record.units.quantity.unit.absent at units[0].quantity.unit
    missing legal fields: record.legal_fields.absent at product.name,product.spec,product.produced_on,product.best_before,parties.source
    an unknown field: record.field.unknown at colour: red
    an unknown field of a unit: record.field.unknown at units[0].colour: {…}
    an absent category: record.category.absent at category: UNKNOWN
    an absent responsible subject: record.parties.responsible.absent at parties.responsible: UNKNOWN
    an item that is a class: record.units.granularity.class at units[0].granularity: gtin:/06924561884074
    nobody to issue a lot number: record.parties.responsible.absent at parties.responsible: UNKNOWN; record.units.issuer.absent at units[0].code: L1
    an enterprise of Xiamen: code.uscc.xiamen at parties.responsible.code: 93350200MA0000A198
    ");
}

#[test]
fn unknown_fields_stay_in_the_extension_under_their_path() {
    let mut record = with("/units/0", "colour", json!({"hue": 1.5}));
    record["extension"] = json!({"stall": "7"});
    record["weather"] = json!(["rain"]);
    let kept = read_value(&record).unwrap().record.extension;
    assert_eq!(Value::Object(kept), json!({"stall": "7", "weather": ["rain"], "units[0].colour": {"hue": 1.5}}));
}

#[test]
fn large_numbers_of_an_extension_are_kept_as_text() {
    let text = sound().to_string().replace("\"revision\":1", "\"revision\":1,\"extension\":{\"n\":1e999}");
    assert_eq!(read(text.as_bytes()).unwrap().record.extension["n"], json!("1e999"));
}

#[test]
fn quantities_are_exact_and_measures_have_one_name() {
    let record = with("/units/0", "quantity", json!({"value": "123456789012345.123456", "unit": "市斤"}));
    let quantity = read_value(&record).unwrap().record.units.remove(0).quantity.unwrap();
    assert_eq!((quantity.value.to_string().as_str(), quantity.unit.as_str()), ("123456789012345.123456", "jin"));
    assert_eq!(quantity.mass_kg().unwrap().to_string(), "61728394506172.561728");
}

#[test]
fn everything_a_record_can_say() {
    let record = json!({
        "record_id": "B-9", "revision": 2, "class": "WHOLESALE", "category": "FOOD", "event_time": "2026-11-24T20:00:00+08:00",
        "place": {"region": "370600", "subject": "91370600000000019G", "location": "hall 3"},
        "parties": {
            "responsible": {"code": {"scheme": "uscc", "value": "91370600000000019G"}, "licence": "SC10637060000012"},
            "source": {"name": "果园", "address": "烟台", "contact": "王", "phone": "0535"}, "destination": {"name": "shop"}
        },
        "units": [{"role": "OUTPUT", "code": {"scheme": "opaque", "issuer": "X", "value": "L1"}, "granularity": "BATCH", "batch": "b", "quantity": {"value": "3", "unit": "箱"}}],
        "product": {"code": "6924561884074", "name": "苹果", "spec": "80", "class_code": "0101", "produced_on": "2026-11-01", "best_before": "2027-02-01"},
        "act": {"voucher": "V1", "unit_price": "3.20", "amount": "9.6", "mode": "cash", "vehicle": "鲁F12345"},
        "evidence": [{"kind": "INSPECTION_REPORT", "number": "7", "issuer": "lab", "issued_on": "2026-11-02", "valid_until": "2027-11-02", "result": "PASS", "uri": "https://example.org/7"}],
        "corrects": {"reason": "weight", "void": false}
    });
    let checked = read_value(&record).unwrap();
    assert_eq!(lines(&checked.findings), [""; 0]);
    assert_debug_snapshot!((checked.record.product, checked.record.act, checked.record.evidence, checked.record.corrects), @r#"
    (
        Product {
            code: Some(
                Code {
                    scheme: Gtin,
                    issuer: "",
                    value: "06924561884074",
                },
            ),
            name: "苹果",
            spec: "80",
            class_code: "0101",
            produced_on: Some(
                2026-11-01,
            ),
            best_before: Some(
                2027-02-01,
            ),
        },
        Act {
            voucher: "V1",
            unit_price: Some(
                Amount(3.2),
            ),
            amount: Some(
                Amount(9.6),
            ),
            mode: "cash",
            vehicle: "鲁F12345",
        },
        [
            Evidence {
                kind: InspectionReport,
                number: "7",
                issuer: "lab",
                issued_on: Some(
                    2026-11-02,
                ),
                valid_until: Some(
                    2027-11-02,
                ),
                result: Some(
                    Pass,
                ),
                uri: "https://example.org/7",
            },
        ],
        Some(
            Correction {
                reason: "weight",
                void: false,
            },
        ),
    )
    "#);
}
