//! Records and rules to try with.

use jiff::Timestamp;
use serde_json::{Value, json};
use tracemesh_codes::region;
use tracemesh_model::{Defaults, Everything, Limits, Received, TraceRecord, check, json as reader};
use tracemesh_rules::{Broken, Reception, Rule, RuleSet};

pub fn fixtures() -> Value {
    serde_json::from_str(include_str!("fixtures.json")).unwrap()
}

pub fn micros(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_microsecond()
}

/// A sound record with some of it changed; null takes a field away.
pub fn record(changes: &Value, received_at: i64) -> TraceRecord {
    let mut document = fixtures()["base"].clone();
    merge(&mut document, changes);
    let draft = reader::read(document.to_string().as_bytes()).unwrap();
    let (limits, defaults) = (Limits::default(), Defaults::default());
    let received = Received { now_micros: received_at, limits: &limits, defaults: &defaults, scope: &Everything };
    check(draft, &received).unwrap().record
}

fn merge(into: &mut Value, changes: &Value) {
    match (into, changes) {
        (Value::Object(into), Value::Object(changes)) => {
            for (key, change) in changes {
                match change {
                    Value::Null => drop(into.remove(key)),
                    change => merge(into.entry(key).or_insert(Value::Null), change),
                }
            }
        }
        (into, changes) => *into = changes.clone(),
    }
}

pub fn ask<'s>(set: &'s RuleSet, record: &TraceRecord, received_at: i64) -> Vec<Broken<'s>> {
    let lies_in = |area: &str| std::iter::successors(Some(record.area.as_str()), |at| region::parent(at)).any(|at| at == area);
    set.evaluate(record, Reception { received_at, provider: "acme", lies_in: &lies_in })
}

pub fn rule(id: &str, kind: &str, test: Value) -> Rule {
    serde_json::from_value(json!({
        "id": id, "version": 1, "dimension": "accuracy", "severity": "warn", "kind": kind, "test": test,
        "message_zh": "不符。", "message_en": "It does not match.", "remedy_zh": "请核对。", "remedy_en": "Check it.", "source": "ours"
    }))
    .unwrap()
}
