//! Hostile input: each is refused with a code, a field, the value and the rule, and nothing panics.

use serde_json::{Value, json};
use tracemesh_model::{Violation, reasons};

use crate::{lines, read, read_value, sound, with};

fn refusal(bytes: &[u8]) -> Vec<Violation> {
    read(bytes).expect_err(&String::from_utf8_lossy(&bytes[..bytes.len().min(80)]))
}

/// The sound record's text with one piece replaced.
fn replaced(from: &str, to: &str) -> Vec<u8> {
    let text = sound().to_string();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1).into_bytes()
}

fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

fn unit_list(count: usize) -> Value {
    Value::Array(vec![sound()["units"][0].clone(); count])
}

/// What is no readable record.
fn unreadable() -> Vec<(&'static str, Vec<u8>)> {
    let sound = sound().to_string();
    vec![
        ("record.empty", b"".to_vec()),
        ("record.empty", b" \n\t".to_vec()),
        ("record.syntax", sound.as_bytes()[..sound.len() - 1].to_vec()),
        ("record.syntax", sound.as_bytes()[..sound.len() / 2].to_vec()),
        ("record.syntax", b"{".to_vec()),
        ("record.syntax", b"{\"record_id\":\"a\",}".to_vec()),
        ("record.syntax", b"{'record_id':'a'}".to_vec()),
        ("record.syntax", b"\x00\x01\x02".to_vec()),
        ("record.syntax", replaced("12.5", "12.5\n")),
        ("record.syntax", replaced("\"revision\":1", "\"revision\":01")),
        ("record.syntax", replaced("\"revision\":1", "\"revision\":NaN")),
        ("record.syntax", replaced("\"revision\":1", "\"revision\":+1")),
        ("record.trailing", format!("{sound} garbage").into_bytes()),
        ("record.trailing", format!("{sound}{sound}").into_bytes()),
        ("record.not_utf8", [b"{\"record_id\":\"", &b"\xff\xfe"[..], b"\"}"].concat()),
        ("record.not_utf8", [b"{\"record_id\":\"", &b"\xc0\xaf"[..], b"\"}"].concat()),
        ("record.not_utf8", b"{\"record_id\":\"\\ud800\"}".to_vec()),
        ("record.too_deep", nested(200).into_bytes()),
        ("record.too_deep", format!("{{\"extension\":{}}}", nested(200)).into_bytes()),
        ("record.too_deep", "{\"a\":".repeat(100_000).into_bytes()),
        ("record.not_an_object", b"[]".to_vec()),
        ("record.not_an_object", b"null".to_vec()),
        ("record.not_an_object", b"\"a record\"".to_vec()),
        ("record.not_an_object", b"18446744073709551616".to_vec()),
    ]
}

/// What can be read and is still refused: the one violation as `code at field: value`.
fn refused() -> Vec<(&'static str, Vec<u8>)> {
    let set = |pointer: &str, key: &str, value: Value| with(pointer, key, value).to_string().into_bytes();
    vec![
        ("record.duplicate_key at record_id", replaced("\"revision\":1", "\"record_id\":\"B\",\"revision\":1")),
        ("record.duplicate_key at event_time", replaced("\"revision\":1", "\"eventTime\":\"\",\"revision\":1")),
        ("record.duplicate_key at units[0].quantity.unit", replaced("\"value\":\"12.5\"", "\"value\":\"12.5\",\"unit\":\"g\"")),
        ("record.duplicate_key at extension.a", replaced("\"revision\":1", "\"revision\":1,\"extension\":{\"a\":1,\"a\":2}")),
        ("record.duplicate_key at extension.a.b", replaced("\"revision\":1", "\"revision\":1,\"extension\":{\"a\":{\"b\":1,\"b\":1}}")),
        ("record.mistyped at record_id: 7", set("", "record_id", json!(7))),
        ("record.mistyped at class: 2", set("", "class", json!(2))),
        ("record.mistyped at event_time: 1795564800", set("", "event_time", json!(1_795_564_800))),
        ("record.mistyped at place: 370600", set("", "place", json!("370600"))),
        ("record.mistyped at units: {…}", set("", "units", json!({}))),
        ("record.mistyped at units[0]: null", set("", "units", json!([null]))),
        ("record.mistyped at units[0].code: 7", set("/units/0", "code", json!(7))),
        ("record.mistyped at units[0].quantity.value: 12.5", set("/units/0/quantity", "value", json!(12.5))),
        ("record.mistyped at extension: […]", set("", "extension", json!([]))),
        ("record.mistyped at corrects.void: yes", set("", "corrects", json!({"void": "yes"}))),
        ("record.mistyped at revision: one", set("", "revision", json!("one"))),
        ("record.mistyped at revision: 1.5", set("", "revision", json!(1.5))),
        ("record.revision.low at revision: 0", set("", "revision", json!(0))),
        ("record.revision.low at revision: -9223372036854775808", set("", "revision", json!(i64::MIN))),
        ("record.revision.high at revision: 4294967296", set("", "revision", json!(4_294_967_296_u64))),
        ("record.revision.high at revision: 9223372036854775807", set("", "revision", json!(u64::MAX))),
        ("record.revision.high at revision: 9223372036854775807", replaced("\"revision\":1", "\"revision\":99999999999999999999999")),
        ("record.record_id.missing at record_id", set("", "record_id", json!(""))),
        ("record.record_id.control at record_id: a\u{0}b", set("", "record_id", json!("a\u{0}b"))),
        ("record.text.nul at place.location: \u{0}", set("/place", "location", json!("\u{0}"))),
        ("record.class.missing at class", set("", "class", Value::Null)),
        ("record.class.unknown at class: EAT", set("", "class", json!("EAT"))),
        ("record.class.unknown at class: store", set("", "class", json!("store"))),
        ("record.category.malformed at category: a b", set("", "category", json!("a b"))),
        ("record.event_time.missing at event_time", set("", "event_time", json!(""))),
        ("record.event_time.malformed at event_time: now", set("", "event_time", json!("now"))),
        ("record.event_time.offset at event_time: 2026-11-24T12:00:00", set("", "event_time", json!("2026-11-24T12:00:00"))),
        ("record.event_time.early at event_time: 0000-01-01T00:00:00Z", set("", "event_time", json!("0000-01-01T00:00:00Z"))),
        ("record.event_time.early at event_time: 1989-12-31T23:59:59Z", set("", "event_time", json!("1989-12-31T23:59:59Z"))),
        ("record.event_time.future at event_time: 9999-12-31T23:59:59Z", set("", "event_time", json!("9999-12-31T23:59:59Z"))),
        ("record.event_time.future at event_time: 2026-11-26T00:00:01Z", set("", "event_time", json!("2026-11-26T00:00:01Z"))),
        ("record.place.region.unknown at place.region: 999999", set("/place", "region", json!("999999"))),
        ("record.place.region.unknown at place.region: 3706", set("/place", "region", json!("3706"))),
        ("record.units.missing at units", set("", "units", json!([]))),
        ("record.units.too_many at units: 10000", set("", "units", unit_list(10_000))),
        ("record.units.role.missing at units[0].role", set("/units/0", "role", json!(""))),
        ("record.units.role.unknown at units[0].role: EATEN", set("/units/0", "role", json!("EATEN"))),
        ("record.units.granularity.unknown at units[0].granularity: HALF", set("/units/0", "granularity", json!("HALF"))),
        ("record.units.code.missing at units[0].code", set("/units/0", "code", Value::Null)),
        ("record.code.value.missing at units[0].code", set("/units/0", "code", json!({"scheme": "gtin"}))),
        ("record.code.scheme.unknown at units[0].code.scheme: qr", set("/units/0", "code", json!({"scheme": "qr", "value": "1"}))),
        (
            "code.gtin.check at units[0].code.value: 6924561884075",
            set("/units/0", "code", json!({"scheme": "gtin", "value": "6924561884075"})),
        ),
        (
            "code.uscc.check at parties.responsible.code.value: 91350100M000100Y4A",
            set("/parties/responsible", "code", json!({"scheme": "uscc", "value": "91350100M000100Y4A"})),
        ),
        ("record.units.quantity.missing at units[0].quantity.value", set("/units/0", "quantity", json!({"unit": "kg"}))),
        ("record.units.quantity.negative at units[0].quantity.value: -1", set("/units/0/quantity", "value", json!("-1"))),
        ("record.units.quantity.malformed at units[0].quantity.value: 1e3", set("/units/0/quantity", "value", json!("1e3"))),
        ("record.units.quantity.malformed at units[0].quantity.value: １２", set("/units/0/quantity", "value", json!("１２"))),
        (
            "record.units.quantity.digits at units[0].quantity.value: 1000000000000000",
            set("/units/0/quantity", "value", json!("1000000000000000")),
        ),
        ("record.units.quantity.digits at units[0].quantity.value: 0.0000001", set("/units/0/quantity", "value", json!("0.0000001"))),
        ("record.date.malformed at product.produced_on: 2026-02-30", set("", "product", json!({"produced_on": "2026-02-30"}))),
        ("record.money.malformed at act.amount: ¥5", set("", "act", json!({"amount": "¥5"}))),
        ("record.evidence.kind.unknown at evidence[0].kind: RUMOUR", set("", "evidence", json!([{"kind": "RUMOUR"}]))),
        ("record.evidence.result.unknown at evidence[0].result: MAYBE", set("", "evidence", json!([{"result": "MAYBE"}]))),
        ("record.evidence.too_many at evidence: 101", set("", "evidence", json!(vec![json!({}); 101]))),
    ]
}

#[test]
fn a_key_that_is_repeated_without_end_takes_no_more_than_reading_it() {
    let members = "\"act\":0,".repeat(200_000);
    let unknown: String = (0..200_000).map(|number| format!("\"{number}\":0,")).collect();
    let began = std::time::Instant::now();
    let told = refusal(format!("{{{unknown}{members}\"class\":0}}").as_bytes());
    assert!(
        told.iter().any(|violation| (&*violation.code, violation.field.as_str()) == ("record.duplicate_key", "act")),
        "{} are told",
        told.len()
    );
    // Looking at all members again for each repeat takes minutes.
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn unreadable_input_has_one_reason() {
    for (code, bytes) in unreadable() {
        let violations = refusal(&bytes);
        assert_eq!(violations.iter().map(|it| &*it.code).collect::<Vec<_>>(), [code], "{}", String::from_utf8_lossy(&bytes));
        assert!(!violations[0].rule.is_empty());
    }
}

#[test]
fn refused_input_has_code_field_value_and_rule() {
    for (expected, bytes) in refused() {
        let violations = refusal(&bytes);
        assert_eq!(lines(&violations), [expected]);
        assert!(!violations[0].rule.is_empty());
        assert!(reasons::keys().any(|key| key == violations[0].code), "{expected}");
    }
}

#[test]
fn sizes_are_limited() {
    let code = |record: &Value| read_value(record).unwrap_err()[0].code.clone();
    assert_eq!(code(&with("", "record_id", json!("x".repeat(257)))), "record.record_id.too_long");
    assert_eq!(code(&with("/place", "location", json!("x".repeat(2_049)))), "record.text.too_long");
    assert_eq!(code(&with("", "extension", json!({"x": "x".repeat(300_000)}))), "record.extension.too_large");
    assert_eq!(code(&with("", "extension", json!({"x": "x".repeat(5_000_000)}))), "record.too_large");
    assert_eq!(code(&with("", "extension", json!({"x": "x".repeat(9_000_000)}))), "record.too_large");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut record = with("", "class", json!("EAT"));
    record["revision"] = json!(0);
    record["event_time"] = json!("yesterday");
    record["place"]["region"] = json!("999999");
    record["record_id"] = json!(true);
    record["units"] =
        json!([{"role": "EATEN", "quantity": {"value": "-1", "unit": 3}}, {"role": "INPUT", "code": {"scheme": "gtin", "value": "12"}}]);
    insta::assert_snapshot!(lines(&read_value(&record).unwrap_err()).join("\n"), @r"
    record.mistyped at record_id: true
    record.mistyped at units[0].quantity.unit: 3
    record.revision.low at revision: 0
    record.class.unknown at class: EAT
    record.event_time.malformed at event_time: yesterday
    record.place.region.unknown at place.region: 999999
    record.units.role.unknown at units[0].role: EATEN
    record.units.quantity.negative at units[0].quantity.value: -1
    record.units.code.missing at units[0].code
    code.gtin.digits at units[1].code.value: 12
    ");
}

#[test]
fn a_flood_of_violations_is_counted() {
    let units = Value::Array(vec![json!({"role": "EATEN"}); 5_000]);
    let violations = read_value(&with("", "units", units)).unwrap_err();
    assert_eq!(lines(&violations[200..]), ["record.and_more at record: 9800"]);
}

#[test]
fn a_persons_number_is_masked_in_reasons() {
    let record = with("/units/0", "role", json!("11010519491231002X"));
    let violations = read_value(&record).unwrap_err();
    assert!(!violations[0].value.contains("19491231"), "{}", violations[0].value);
}
