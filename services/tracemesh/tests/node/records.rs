//! Records of a small orchard.

use serde_json::{Value, json};

pub fn harvest(id: &str, lot: &str) -> Value {
    json!({
        "record_id": id, "revision": 1, "class": "PRODUCE", "category": "FARM_PRODUCE", "event_time": "2025-10-01T08:00:00+08:00",
        "place": {"region": "370602"},
        "parties": {"responsible": {"code": {"scheme": "uscc", "value": "91370600000000019G"}, "name": "苹果园"}},
        "product": {"name": "苹果"},
        "units": [{"role": "OUTPUT", "code": {"scheme": "opaque", "value": lot}, "quantity": {"value": "12.5", "unit": "kg"}}]
    })
}

/// Goods that were made of a lot.
pub fn juice(id: &str, from: &str, lot: &str) -> Value {
    let mut record = harvest(id, lot);
    record["class"] = json!("PROCESS");
    record["event_time"] = json!("2025-10-02T08:00:00+08:00");
    record["product"]["name"] = json!("苹果汁");
    record["units"].as_array_mut().unwrap().push(json!({"role": "INPUT", "code": {"scheme": "opaque", "value": from}}));
    record
}

/// The second revision of a record.
pub fn corrected(record: &Value) -> Value {
    let mut record = record.clone();
    record["revision"] = json!(2);
    record["units"][0]["quantity"]["value"] = json!("12.4");
    record["corrects"] = json!({"reason": "weighed again"});
    record
}
