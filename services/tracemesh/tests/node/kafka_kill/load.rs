//! What the provider sends to its topic: mostly records, some of them twice, some broken.

use tracemesh_testkit::kafka::Message;

use crate::records::harvest;

pub const PARTITIONS: i32 = 4;

/// Whether the message is a record that was not sent before; else it is the one before it, byte for byte, or broken.
pub const fn is_new(number: usize) -> bool {
    number % 20 != 9 && number % 20 != 19
}

pub fn record_id(number: usize) -> String {
    format!("k-{number}")
}

pub fn message(number: usize) -> Message {
    let record = |number: usize| harvest(&record_id(number), &format!("lot-{number}")).to_string();
    let body = match number % 20 {
        9 => record(number - 1),
        19 => format!("{{\"record_id\": \"{}\"", record_id(number)),
        _ => record(number),
    };
    Message::new(&format!("lot-{number}"), body).on(number as i32 % PARTITIONS)
}
