//! Messages as the JSON of the contract, the same on HTTP, Kafka and the command: canonical proto3 JSON with the names of the proto, 64-bit
//! integers as numbers, and every field present, so that a reader need not know which one is empty.

use prost::Message;
use prost_reflect::{DynamicMessage, SerializeOptions};
use serde_json::Value;

use crate::POOL;

/// How every message is written.
pub const OPTIONS: SerializeOptions =
    SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false).stringify_64_bit_integers(false);

/// A message by its full name, such as `tracemesh.ingestion.v1.Receipt`.
///
/// # Panics
/// Where the name is not that of the message: a mistake of whoever wrote the call.
pub fn value(name: &str, message: &impl Message) -> Value {
    let descriptor = POOL.get_message_by_name(name).unwrap_or_else(|| panic!("no message is called {name}"));
    let message = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice()).expect("a message decodes as what it is");
    message.serialize_with_options(serde_json::value::Serializer, &OPTIONS).expect("a message of the contract has a JSON form")
}
