//! A message from a JSON object, with everything that is wrong with it.
//!
//! `prost-reflect` reads JSON too, and stops at the first fault. Here the object is taken field by field and each value is handed to it
//! alone, so that one bad value does not hide the next, and each is named by its place: `provider.areas.0`.

use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, Value as ProtoValue};
use serde_json::{Map, Value, json};

use super::nearest;
use crate::error::Violation;

/// The message that the object says, as far as it says one. `at` is the place of the object, empty for the outermost.
pub(super) fn message(
    descriptor: &MessageDescriptor,
    object: Map<String, Value>,
    at: &str,
    violations: &mut Vec<Violation>,
) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    for (name, value) in object {
        let place = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        match field(descriptor, &name) {
            Some(field) => set(&mut message, &field, value, &place, violations),
            None => violations.push(unknown(descriptor, &name, &place)),
        }
    }
    message
}

/// A field under its proto name or in lowerCamelCase.
pub(super) fn field(message: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    message.get_field_by_name(name).or_else(|| message.get_field_by_json_name(name))
}

/// The message inside a field that holds exactly one, whose fields are named one by one.
pub(super) fn nested(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    let single = !field.is_list() && !field.is_map();
    single.then(|| plain_message(field)).flatten()
}

/// The proto names of a message's fields, in the order of the contract.
pub(super) fn field_names(message: &MessageDescriptor) -> impl Iterator<Item = String> {
    message.fields().map(|field| field.name().to_owned()).collect::<Vec<_>>().into_iter()
}

/// The field's message, unless it is one that JSON writes in a way of its own, such as a timestamp.
fn plain_message(field: &FieldDescriptor) -> Option<MessageDescriptor> {
    match field.kind() {
        Kind::Message(inner) if inner.package_name() != "google.protobuf" => Some(inner),
        _ => None,
    }
}

fn set(into: &mut DynamicMessage, field: &FieldDescriptor, value: Value, place: &str, violations: &mut Vec<Violation>) {
    let read = match (value, nested(field)) {
        (Value::Null, _) => None,
        (Value::Object(object), Some(inner)) => Some(ProtoValue::Message(message(&inner, object, place, violations))),
        (Value::Array(items), _) if field.is_list() => Some(list(field, items, place, violations)),
        (value, _) => alone(field, value, place, violations),
    };
    if let Some(read) = read {
        into.set_field(field, read);
    }
}

fn list(field: &FieldDescriptor, items: Vec<Value>, place: &str, violations: &mut Vec<Violation>) -> ProtoValue {
    let element = |(n, item): (usize, Value)| {
        let place = format!("{place}.{n}");
        match (item, plain_message(field)) {
            (Value::Object(object), Some(inner)) => Some(ProtoValue::Message(message(&inner, object, &place, violations))),
            (item, _) => only_element(alone(field, json!([item]), &place, violations)?),
        }
    };
    ProtoValue::List(items.into_iter().enumerate().filter_map(element).collect())
}

fn only_element(list: ProtoValue) -> Option<ProtoValue> {
    match list {
        ProtoValue::List(mut items) => items.pop(),
        _ => None,
    }
}

/// One value, read by itself.
fn alone(field: &FieldDescriptor, value: Value, place: &str, violations: &mut Vec<Violation>) -> Option<ProtoValue> {
    match DynamicMessage::deserialize(field.parent_message().clone(), json!({field.name(): value.clone()})) {
        Ok(message) => Some(message.get_field(field).into_owned()),
        Err(_) => {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            violations.push(Violation::new(place, "error.request.value_invalid").with("value", shown).with("expected", expected(field)));
            None
        }
    }
}

fn unknown(message: &MessageDescriptor, name: &str, place: &str) -> Violation {
    match nearest(name, field_names(message)) {
        Some(nearest) => Violation::new(place, "error.request.field_unknown").with("nearest", nearest),
        None => Violation::new(place, "error.request.field_unexpected"),
    }
}

/// What a field takes, in signs that need no translation.
fn expected(field: &FieldDescriptor) -> String {
    let one = match field.kind() {
        Kind::Bool => "true | false".to_owned(),
        Kind::String => "\"…\"".to_owned(),
        Kind::Bytes => "base64".to_owned(),
        Kind::Double | Kind::Float => "1.5".to_owned(),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => format!("{} … {}", i32::MIN, i32::MAX),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => format!("{} … {}", i64::MIN, i64::MAX),
        Kind::Uint32 | Kind::Fixed32 => format!("0 … {}", u32::MAX),
        Kind::Uint64 | Kind::Fixed64 => format!("0 … {}", u64::MAX),
        Kind::Enum(words) => words.values().map(|word| word.name().to_owned()).collect::<Vec<_>>().join(" | "),
        Kind::Message(inner) if inner.full_name() == "google.protobuf.Timestamp" => "2026-03-31T08:30:00+08:00".to_owned(),
        Kind::Message(_) => "{…}".to_owned(),
    };
    if field.is_list() { format!("[{one}, …]") } else { one }
}

#[cfg(test)]
mod tests {
    use tracemesh_proto::POOL;

    use super::*;

    fn read(name: &str, json: Value) -> (Value, Vec<String>) {
        let descriptor = POOL.get_message_by_name(name).expect("the contracts have the message");
        let Value::Object(object) = json else { panic!("an object") };
        let mut violations = Vec::new();
        let message = message(&descriptor, object, "", &mut violations);
        let texts = violations.into_iter().map(|v| crate::error::Error::invalid(vec![v]).to_string());
        (serde_json::to_value(message).expect("a message is JSON"), texts.map(without_head).collect())
    }

    fn without_head(text: String) -> String {
        text.trim_start_matches("The request does not meet the requirements. ").to_owned()
    }

    #[test]
    fn both_spellings_texts_for_numbers_and_nested_messages_are_read() {
        let (message, faults) = read(
            "tracemesh.ingestion.v1.ListReceiptsRequest",
            json!({"pageSize": "7", "page_token": "x", "since": "2026-03-31T08:30:00+08:00", "verdict": null}),
        );
        assert_eq!(faults, [""; 0]);
        assert_eq!(message, json!({"pageSize": 7, "pageToken": "x", "since": "2026-03-31T00:30:00Z"}));
    }

    #[test]
    fn everything_that_is_wrong_is_named_by_its_place() {
        let (_, faults) = read(
            "tracemesh.registry.v1.AddProviderRequest",
            json!({"provider": {"id": 7, "aeras": [], "areas": ["350200", 1], "registered_at": "yesterday"}}),
        );
        assert_eq!(
            faults,
            [
                "There is no field provider.aeras.",
                "The value [1] of provider.areas.1 does not fit; expected [\"…\", …].",
                "The value 7 of provider.id does not fit; expected \"…\".",
                "The value yesterday of provider.registered_at does not fit; expected 2026-03-31T08:30:00+08:00.",
            ]
        );
    }

    #[test]
    fn a_message_that_is_no_object_is_wrong_too() {
        let (_, faults) = read("tracemesh.registry.v1.AddAreaRequest", json!({"area": "350200"}));
        assert_eq!(faults, ["The value 350200 of area does not fit; expected {…}."]);
    }
}
