//! The table of what nobody should send: a name for the failure message, the bytes, and the one reason that they are refused for.

use serde_json::{Value, json};

use crate::records::harvest;

pub struct Hostile {
    pub name: &'static str,
    pub body: Vec<u8>,
    /// `code at field`, or the code alone where it is the submission as a whole.
    pub expected: &'static str,
}

fn hostile(name: &'static str, body: impl Into<Vec<u8>>, expected: &'static str) -> Hostile {
    Hostile { name, body: body.into(), expected }
}

/// What is not even JSON.
pub fn unreadable() -> Vec<Hostile> {
    let sound = harvest("1", "lot-1").to_string();
    let cut = |at: usize| sound.as_bytes()[..at].to_vec();
    vec![
        hostile("a record without its last brace", cut(sound.len() - 1), "record.syntax"),
        hostile("half a record", cut(sound.len() / 2), "record.syntax"),
        hostile("a brace", "{", "record.syntax"),
        hostile("a comma too many", r#"{"record_id":"1",}"#, "record.syntax"),
        hostile("single quotes", "{'record_id':'1'}", "record.syntax"),
        hostile("a key without quotes", "{record_id:1}", "record.syntax"),
        hostile("a word", "{\"record_id\":None}", "record.syntax"),
        hostile("not a number", "{\"revision\":NaN}", "record.syntax"),
        hostile("a number with a leading zero", "{\"revision\":01}", "record.syntax"),
        hostile("control characters", b"{\"record_id\":\"\x01\"}".to_vec(), "record.syntax"),
        hostile("binary", vec![0x00, 0x01, 0x02, 0x1f, 0x8b], "record.syntax"),
        hostile("markup", "<TraceRecord><id>1</id></TraceRecord>", "record.syntax"),
    ]
}

/// What is JSON, and no record.
pub fn refused() -> Vec<Hostile> {
    let mut all = vec![
        hostile("nothing", "null", "record.not_an_object"),
        hostile("a text", "\"a record\"", "record.not_an_object"),
        hostile("a number beyond 64 bits", "18446744073709551616", "record.not_an_object"),
        hostile("200 levels", format!("{{\"extension\":{}1{}}}", "[".repeat(200), "]".repeat(200)), "record.too_deep"),
        hostile("100,000 levels", format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000)), "record.too_deep"),
        hostile("bytes that are not UTF-8", [b"{\"record_id\":\"", &b"\xff\xfe"[..], b"\"}"].concat(), "record.not_utf8"),
        hostile("an overlong encoding", [b"{\"record_id\":\"", &b"\xc0\xaf"[..], b"\"}"].concat(), "record.not_utf8"),
        hostile("half a surrogate pair", "{\"record_id\":\"\\ud800\"}", "record.not_utf8"),
        hostile("a key twice", replaced("\"revision\":1", "\"revision\":1,\"revision\":2"), "record.duplicate_key at revision"),
        hostile(
            "a key twice in two spellings",
            replaced("\"revision\":1", "\"revision\":1,\"recordId\":\"2\""),
            "record.duplicate_key at record_id",
        ),
        hostile(
            "a key twice in the extension",
            replaced("\"revision\":1", "\"revision\":1,\"extension\":{\"a\":1,\"a\":2}"),
            "record.duplicate_key at extension.a",
        ),
        hostile(
            "a revision beyond any integer",
            replaced("\"revision\":1", "\"revision\":99999999999999999999999"),
            "record.revision.high at revision",
        ),
    ];
    all.extend(heads());
    all.extend(units());
    all
}

/// Faults of the record's own fields.
fn heads() -> Vec<Hostile> {
    let set = |key: &str, value: Value| with("", key, value);
    vec![
        hostile("a number as id", set("record_id", json!(7)), "record.mistyped at record_id"),
        hostile("an empty id", set("record_id", json!("")), "record.record_id.missing at record_id"),
        hostile("an id with a NUL", set("record_id", json!("a\u{0}b")), "record.record_id.control at record_id"),
        hostile("an id of 257 bytes", set("record_id", json!("x".repeat(257))), "record.record_id.too_long at record_id"),
        hostile("revision 0", set("revision", json!(0)), "record.revision.low at revision"),
        hostile("the lowest 64-bit revision", set("revision", json!(i64::MIN)), "record.revision.low at revision"),
        hostile("the highest signed revision", set("revision", json!(i64::MAX)), "record.revision.high at revision"),
        hostile("the highest 64-bit revision", set("revision", json!(u64::MAX)), "record.revision.high at revision"),
        hostile("a revision just beyond 32 bits", set("revision", json!(4_294_967_296_u64)), "record.revision.high at revision"),
        hostile("a fraction of a revision", set("revision", json!(1.5)), "record.mistyped at revision"),
        hostile("a class that there is not", set("class", json!("EAT")), "record.class.unknown at class"),
        hostile("a class by number", set("class", json!(2)), "record.mistyped at class"),
        hostile("no class", set("class", Value::Null), "record.class.missing at class"),
        hostile("a category of two words", set("category", json!("a b")), "record.category.malformed at category"),
        hostile("the year 0", set("event_time", json!("0000-01-01T00:00:00Z")), "record.event_time.early at event_time"),
        hostile("the year 9999", set("event_time", json!("9999-12-31T23:59:59Z")), "record.event_time.future at event_time"),
        hostile("a time without offset", set("event_time", json!("2025-10-01T08:00:00")), "record.event_time.offset at event_time"),
        hostile("a time as a number", set("event_time", json!(1_795_564_800)), "record.mistyped at event_time"),
        hostile("the 30th of February", set("event_time", json!("2025-02-30T00:00:00Z")), "record.event_time.malformed at event_time"),
        hostile("a place as a text", set("place", json!("370602")), "record.mistyped at place"),
        hostile("a region that there is not", with("/place", "region", json!("999999")), "record.place.region.unknown at place.region"),
        hostile("a region with quotes", with("/place", "region", json!("' OR 1=1 --")), "record.place.region.unknown at place.region"),
        hostile("a NUL in a text", with("/place", "location", json!("\u{0}")), "record.text.nul at place.location"),
        hostile("a text of 2,049 bytes", with("/place", "location", json!("x".repeat(2_049))), "record.text.too_long at place.location"),
        hostile(
            "a bad check character",
            with("/parties/responsible", "code", json!({"scheme": "uscc", "value": "91370600000000019H"})),
            "code.uscc.check at parties.responsible.code.value",
        ),
        hostile(
            "a date that is none",
            set("product", json!({"produced_on": "2025-02-30"})),
            "record.date.malformed at product.produced_on",
        ),
        hostile("money with a sign", set("act", json!({"amount": "¥5"})), "record.money.malformed at act.amount"),
        hostile(
            "a kind of evidence that there is not",
            set("evidence", json!([{"kind": "RUMOUR"}])),
            "record.evidence.kind.unknown at evidence[0].kind",
        ),
        hostile("101 certificates", set("evidence", json!(vec![json!({}); 101])), "record.evidence.too_many at evidence"),
        hostile("a void that is a word", set("corrects", json!({"void": "yes"})), "record.mistyped at corrects.void"),
        hostile("an extension of 300 KB", set("extension", json!({"x": "x".repeat(300_000)})), "record.extension.too_large at extension"),
    ]
}

/// Faults of the units.
fn units() -> Vec<Hostile> {
    let set = |key: &str, value: Value| with("/units/0", key, value);
    let amount = |value: &str| with("/units/0/quantity", "value", json!(value));
    let code = |scheme: &str, value: &str| set("code", json!({"scheme": scheme, "value": value}));
    vec![
        hostile("no units", with("", "units", json!([])), "record.units.missing at units"),
        hostile("units as an object", with("", "units", json!({})), "record.mistyped at units"),
        hostile(
            "10,000 units",
            with("", "units", json!(vec![harvest("1", "lot-1")["units"][0].clone(); 10_000])),
            "record.units.too_many at units",
        ),
        hostile("a unit that is nothing", with("", "units", json!([null])), "record.mistyped at units[0]"),
        hostile("a role that there is not", set("role", json!("EATEN")), "record.units.role.unknown at units[0].role"),
        hostile("no role", set("role", json!("")), "record.units.role.missing at units[0].role"),
        hostile("no code", set("code", Value::Null), "record.units.code.missing at units[0].code"),
        hostile("a scheme that there is not", code("qr", "1"), "record.code.scheme.unknown at units[0].code.scheme"),
        hostile("a bad check digit", code("gtin", "6924561884075"), "code.gtin.check at units[0].code.value"),
        hostile("a GTIN of zeros", code("gtin", "00000000000000"), "code.gs1.zero at units[0].code.value"),
        hostile("an SSCC that is too short", code("sscc", "123"), "code.sscc.digits at units[0].code.value"),
        hostile(
            "a granularity that there is not",
            set("granularity", json!("HALF")),
            "record.units.granularity.unknown at units[0].granularity",
        ),
        hostile("less than nothing", amount("-1"), "record.units.quantity.negative at units[0].quantity.value"),
        hostile("an exponent", amount("1e3"), "record.units.quantity.malformed at units[0].quantity.value"),
        hostile("wide digits", amount("１２"), "record.units.quantity.malformed at units[0].quantity.value"),
        hostile("16 digits", amount("1000000000000000"), "record.units.quantity.digits at units[0].quantity.value"),
        hostile("seven places", amount("0.0000001"), "record.units.quantity.digits at units[0].quantity.value"),
        hostile("the highest 64-bit amount", amount("18446744073709551615"), "record.units.quantity.digits at units[0].quantity.value"),
        hostile("a number as amount", with("/units/0/quantity", "value", json!(12.5)), "record.mistyped at units[0].quantity.value"),
        hostile("an amount of nothing", set("quantity", json!({"unit": "kg"})), "record.units.quantity.missing at units[0].quantity.value"),
    ]
}

/// A sound record with one member of the object at a JSON pointer set to something else.
fn with(pointer: &str, key: &str, value: Value) -> Vec<u8> {
    let mut record = harvest("1", "lot-1");
    record.pointer_mut(pointer).and_then(Value::as_object_mut).expect("the pointer names an object").insert(key.into(), value);
    record.to_string().into_bytes()
}

/// A sound record with a piece of its text replaced.
fn replaced(piece: &str, by: &str) -> Vec<u8> {
    let text = harvest("1", "lot-1").to_string();
    assert!(text.contains(piece), "{piece}");
    text.replacen(piece, by, 1).into_bytes()
}
