//! Records of a small orchard, in each of the formats that providers send.

use prost::Message;
use prost_reflect::DynamicMessage;
use serde_json::{Value, json};
use tracemesh_proto::POOL;

/// Who grows the apples: its numbers mean something together with its code.
pub const GROWER: &str = "91370600000000019G";

/// A record that makes one lot, and breaks no rule.
pub fn harvest(id: &str, lot: &str) -> Value {
    json!({
        "record_id": id, "revision": 1, "class": "PRODUCE", "category": "FARM_PRODUCE", "event_time": "2025-10-01T08:00:00+08:00",
        "place": {"region": "370602"},
        "parties": {"responsible": {"code": {"scheme": "uscc", "value": GROWER}, "name": "苹果园"}},
        "units": [{"role": "OUTPUT", "code": {"scheme": "opaque", "value": lot}, "quantity": {"value": "12.5", "unit": "kg"}}]
    })
}

/// A record that makes one lot of others.
pub fn mix(id: &str, from: &[&str], lot: &str) -> Value {
    let mut record = harvest(id, lot);
    record["class"] = json!("PROCESS");
    record["event_time"] = json!("2025-10-02T08:00:00+08:00");
    let units = record["units"].as_array_mut().unwrap();
    units.extend(from.iter().map(|lot| json!({"role": "INPUT", "code": {"scheme": "opaque", "value": lot}})));
    record
}

/// The next revision of a record, with another lot.
pub fn corrected(record: &Value, revision: u32, lot: &str) -> Value {
    let mut record = record.clone();
    record["revision"] = json!(revision);
    record["units"][0]["code"]["value"] = json!(lot);
    record["corrects"] = json!({"reason": "another lot"});
    record
}

/// The next revision of a record, which leaves nothing of it.
pub fn voided(record: &Value, revision: u32) -> Value {
    let mut record = record.clone();
    record["revision"] = json!(revision);
    record["corrects"] = json!({"reason": "never happened", "void": true});
    record
}

/// A lot as the trace is asked for it.
pub fn code_of(lot: &str) -> String {
    format!("opaque:{GROWER}/{lot}")
}

/// The same record in protobuf.
pub fn protobuf(record: &Value) -> Vec<u8> {
    let descriptor = POOL.get_message_by_name("tracemesh.record.v1.TraceRecord").unwrap();
    DynamicMessage::deserialize(descriptor, record).unwrap().encode_to_vec()
}

/// The same record as other software writes it: camel case, fields from the end, numbers as texts, every amount with more places.
pub fn rewritten(record: &Value) -> String {
    let members = record.as_object().unwrap().iter().rev().map(|(key, value)| {
        let key = match key.as_str() {
            "record_id" => "recordId",
            "event_time" => "eventTime",
            key => key,
        };
        let value = if key == "revision" { value.to_string().into() } else { value.clone() };
        format!("  {}: {}", json!(key), value.to_string().replace("\"12.5\"", "\"12.500\""))
    });
    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
}

/// An EPCIS event that makes one item.
pub fn event(id: &str, serial: &str) -> Value {
    json!({
        "type": "ObjectEvent", "eventID": id, "eventTime": "2025-10-01T00:00:00.000Z", "eventTimeZoneOffset": "+08:00", "action": "ADD",
        "bizStep": "commissioning", "epcList": [format!("urn:epc:id:sgtin:6901234.056789.{serial}")]
    })
}

/// A capture document around events.
pub fn document(events: &[Value]) -> String {
    let events: Vec<String> = events.iter().map(Value::to_string).collect();
    format!(
        r#"{{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument","schemaVersion":"2.0",
            "creationDate":"2025-10-01T00:00:00Z","epcisBody":{{"eventList":[ {} ]}}}}"#,
        events.join(" , ")
    )
}
