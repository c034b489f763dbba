//! The readers and the check together, as a provider meets them: bytes in, a record or reasons out.

mod model {
    pub mod accepted;
    pub mod epcis;
    pub mod hostile;
    pub mod scope;
    pub mod unit_keys;
}

use serde_json::{Value, json};
use tracemesh_model::{Checked, Defaults, Draft, Everything, Limits, Received, Violation, check, json as json_reader};

/// 2026-11-25T00:00:00Z.
const NOW_MICROS: i64 = 1_795_564_800_000_000;

/// The check of a node without configuration, for its own provider.
fn checked(draft: Draft) -> Result<Checked, Vec<Violation>> {
    let defaults = Defaults { issuer: "local/local".to_owned(), ..Defaults::default() };
    check(draft, &Received { now_micros: NOW_MICROS, limits: &Limits::default(), defaults: &defaults, scope: &Everything })
}

fn read(bytes: &[u8]) -> Result<Checked, Vec<Violation>> {
    json_reader::read(bytes).and_then(checked)
}

fn read_value(record: &Value) -> Result<Checked, Vec<Violation>> {
    read(record.to_string().as_bytes())
}

/// A record without a blemish.
fn sound() -> Value {
    json!({
        "record_id": "A-1", "revision": 1, "class": "STORE", "category": "FOOD", "event_time": "2026-11-24T20:00:00+08:00",
        "place": {"region": "370600"},
        "parties": {"responsible": {"code": {"scheme": "uscc", "value": "91370600000000019G"}}},
        "units": [{"role": "OBSERVED", "code": {"scheme": "mofcom20", "value": "37060000400010000003"}, "quantity": {"value": "12.5", "unit": "kg"}}]
    })
}

/// The sound record with one member of the object at a JSON pointer set to something else.
fn with(pointer: &str, key: &str, value: Value) -> Value {
    and(sound(), pointer, key, value)
}

fn and(mut record: Value, pointer: &str, key: &str, value: Value) -> Value {
    record.pointer_mut(pointer).and_then(Value::as_object_mut).expect("the pointer names an object").insert(key.to_owned(), value);
    record
}

/// `code at field: value` of each.
fn lines(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(line).collect()
}

fn line(violation: &Violation) -> String {
    let Violation { code, field, value, .. } = violation;
    let field = if field.is_empty() { "record" } else { field };
    if value.is_empty() { format!("{code} at {field}") } else { format!("{code} at {field}: {value}") }
}
