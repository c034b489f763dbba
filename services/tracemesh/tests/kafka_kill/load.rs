//! What the provider sends: mostly records, some of them twice, some broken.

use serde_json::json;
use tracemesh_testkit::kafka::Message;

pub const PARTITIONS: i32 = 4;

/// What a message should come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Record,
    /// The record before it once more, byte for byte.
    Again,
    Broken,
}

pub const fn kind(number: usize) -> Kind {
    match number % 20 {
        9 => Kind::Again,
        19 => Kind::Broken,
        _ => Kind::Record,
    }
}

pub fn message(number: usize) -> Message {
    let partition = number as i32 % PARTITIONS;
    match kind(number) {
        Kind::Record => Message::new(&lot(number), record("k", number)),
        Kind::Again => Message::new(&lot(number - 1), record("k", number - 1)),
        Kind::Broken => Message::new("", format!("{{\"record_id\": \"k-{number}\"")),
    }
    .on(partition)
}

/// A record with one unit, and so with one hop.
pub fn record(door: &str, number: usize) -> String {
    let lot = format!("{door}{}", lot(number));
    json!({
        "record_id": format!("{door}-{number}"), "revision": 1, "class": "PRODUCE", "category": "FARM_PRODUCE",
        "event_time": "2025-10-01T08:00:00+08:00", "place": {"region": "370602"},
        "parties": {"responsible": {"code": {"scheme": "uscc", "value": "91370600000000019G"}, "name": "苹果园"}},
        "units": [{"role": "OUTPUT", "code": {"scheme": "opaque", "value": lot}, "quantity": {"value": "12.5", "unit": "kg"}}]
    })
    .to_string()
}

fn lot(number: usize) -> String {
    format!("lot-{number}")
}
