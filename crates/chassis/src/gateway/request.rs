//! What an HTTP request says, as one JSON object: its body, its query parameters and the fields in its path.
//!
//! There is then one reading of a value, wherever it stood (`message.rs`). A parameter names a field, and with dots a field inside it; a
//! repeated field is a repeated parameter. An empty parameter is an empty field of a form, and absent.

use axum::extract::Query;
use http::Uri;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use super::message::{field, field_names, message, nested};
use super::nearest;
use super::routes::{InPath, Route};
use crate::error::{Error, ErrorCode, Violation};

/// Reads the request message of a route.
///
/// # Errors
/// Everything that is wrong with it, field by field.
pub(super) fn read(route: &Route, in_path: InPath, uri: &Uri, body: &[u8]) -> Result<DynamicMessage, Error> {
    let input = route.rpc.input();
    let mut violations = Vec::new();
    let mut object = if route.has_body() { body_object(body)? } else { Map::new() };
    for (name, text) in parameters(uri)? {
        let put = field_of(route, &name).and_then(|fields| put_parameter(&mut object, &fields, &name, &text));
        violations.extend(put.err());
    }
    for (name, text) in in_path {
        violations.extend(put_from_path(&mut object, &input, name, &text).err());
    }
    let message = message(&input, object, "", &mut violations);
    if violations.is_empty() { Ok(message) } else { Err(Error::invalid(violations)) }
}

fn body_object(body: &[u8]) -> Result<Map<String, Value>, Error> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Error::new(ErrorCode::InvalidArgument, "error.request.not_an_object")),
        Err(fault) => Err(Error::new(ErrorCode::InvalidArgument, "error.request.json_malformed").with("detail", fault.to_string())),
    }
}

fn parameters(uri: &Uri) -> Result<Vec<(String, String)>, Error> {
    let Query(pairs) = Query::try_from_uri(uri).map_err(|fault| Error::from(ErrorCode::InvalidArgument).because(fault))?;
    Ok(pairs)
}

/// The field that a parameter means, behind those that lead to it.
fn field_of(route: &Route, name: &str) -> Result<Vec<FieldDescriptor>, Violation> {
    let input = route.rpc.input();
    if route.has_body() || input.fields().len() == 0 {
        return Err(Violation::new(name, "error.request.parameter_unexpected"));
    }
    let fields = walk(&input, name).ok_or_else(|| {
        let violation = Violation::new(name, "error.request.parameter_unknown");
        violation.with("nearest", nearest(name, field_names(&input)).unwrap_or_default())
    })?;
    match fields.last().and_then(nested) {
        Some(inner) => {
            let first = field_names(&inner).next().unwrap_or_default();
            Err(Violation::new(name, "error.request.parameter_not_scalar").with("nearest", format!("{name}.{first}")))
        }
        None => Ok(fields),
    }
}

fn walk(input: &MessageDescriptor, name: &str) -> Option<Vec<FieldDescriptor>> {
    let mut fields: Vec<FieldDescriptor> = Vec::new();
    for part in name.split('.') {
        let message = fields.last().map_or_else(|| Some(input.clone()), nested)?;
        fields.push(field(&message, part)?);
    }
    Some(fields)
}

fn put_parameter(object: &mut Map<String, Value>, fields: &[FieldDescriptor], name: &str, text: &str) -> Result<(), Violation> {
    let Some((field, above)) = fields.split_last() else { return Ok(()) };
    if text.is_empty() {
        return Ok(());
    }
    let mut place = object;
    for outer in above {
        place = place.entry(outer.name()).or_insert_with(|| json!({})).as_object_mut().expect("only objects are put above a field");
    }
    let value = spelled(field, text);
    match place.get_mut(field.name()) {
        None => drop(place.insert(field.name().to_owned(), if field.is_list() { json!([value]) } else { value })),
        Some(Value::Array(list)) => list.push(value),
        Some(_) => return Err(Violation::new(name, "error.request.parameter_repeated")),
    }
    Ok(())
}

/// The query or the body may repeat what the path says, and may not contradict it.
fn put_from_path(object: &mut Map<String, Value>, input: &MessageDescriptor, name: &str, text: &str) -> Result<(), Violation> {
    let Some(field) = input.get_field_by_name(name) else { return Ok(()) };
    let value = spelled(&field, text);
    let also = [field.name(), field.json_name()].into_iter().find_map(|name| object.remove(name));
    if also.is_some_and(|also| also != value) {
        return Err(Violation::new(name, "error.request.parameter_twice"));
    }
    object.insert(field.name().to_owned(), value);
    Ok(())
}

/// A text of the path or query as the JSON that the field takes: JSON reads numbers from texts, yet no truth values.
fn spelled(field: &FieldDescriptor, text: &str) -> Value {
    match (field.kind(), text) {
        (Kind::Bool, "true") => json!(true),
        (Kind::Bool, "false") => json!(false),
        _ => json!(text),
    }
}
