//! The JSON interface as an OpenAPI 3.1 document, from the same descriptors and annotations that the gateway reads.
//!
//! What stands above an RPC or a field in the contract becomes its description, so that a contract is written once. The roles that may
//! call are listed as `x-roles`. Routes that are no RPCs (records, uploads, EPCIS) are not here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use prost_reflect::{FieldDescriptor, FileDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};
use tracemesh_access::Role;

use crate::gateway::{ROUTES, Route};
use crate::rules;

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// The document as JSON text: what `/openapi.json` answers.
pub fn json() -> &'static str {
    &DOCUMENT
}

fn document() -> Value {
    let mut schemas = Schemas::default();
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES.iter() {
        let path = paths.entry(route.template.plain()).or_insert_with(|| json!({}));
        path[route.method.as_str().to_ascii_lowercase()] = operation(route, &mut schemas);
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "tracemesh", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": schemas.written(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "responses": {"Error": {"description": "What failed, in zh-CN and en", "content": content("application/json", error_schema())}},
        },
    })
}

fn operation(route: &Route, schemas: &mut Schemas) -> Value {
    let (rpc, input) = (&route.rpc, route.rpc.input());
    let text = comment(&rpc.parent_file(), rpc.path());
    let roles = rules::rule_for(&rules::path(rpc)).unwrap_or_default();
    let answer_type = if rpc.is_server_streaming() { "application/x-ndjson" } else { "application/json" };
    let answer = content(answer_type, schemas.reference(&rpc.output()));
    let mut operation = json!({
        "operationId": format!("{}_{}", rpc.parent_service().name(), rpc.name()),
        "tags": [rpc.parent_service().name()],
        "summary": text.split_inclusive(". ").next().map_or(rpc.name(), str::trim),
        "description": text,
        "parameters": parameters(route, &input, schemas),
        "responses": {"200": {"description": "OK", "content": answer}, "default": {"$ref": "#/components/responses/Error"}},
        "security": if roles.contains(&Role::Public) { json!([{}, {"bearer": []}]) } else { json!([{"bearer": []}]) },
        "x-roles": roles.iter().map(|role| role.as_str()).collect::<Vec<_>>(),
    });
    if route.has_body() {
        operation["requestBody"] = json!({"content": content("application/json", schemas.reference(&input))});
    }
    operation
}

fn parameters(route: &Route, input: &MessageDescriptor, schemas: &mut Schemas) -> Vec<Value> {
    let in_path: BTreeSet<&str> = route.template.fields().collect();
    let place = |field: &FieldDescriptor| match in_path.contains(field.name()) {
        true => Some("path"),
        false => (!route.has_body()).then_some("query"),
    };
    let placed = input.fields().filter_map(|field| Some((place(&field)?, field)));
    placed
        .map(|(place, field)| {
            let parameter = json!({"name": field.name(), "in": place, "required": place == "path", "schema": schemas.shape(&field)});
            described(parameter, comment(&field.parent_file(), field.path()))
        })
        .collect()
}

/// The messages that the operations mention, each written once.
#[derive(Default)]
struct Schemas {
    known: BTreeMap<String, Value>,
}

impl Schemas {
    fn written(self) -> BTreeMap<String, Value> {
        self.known
    }

    fn reference(&mut self, message: &MessageDescriptor) -> Value {
        let name = message.full_name();
        if !self.known.contains_key(name) {
            // Stands for a message while its own fields are being written: a link's state holds links' states.
            self.known.insert(name.to_owned(), Value::Null);
            let properties: Map<String, Value> = message.fields().map(|field| (field.name().to_owned(), self.field(&field))).collect();
            let text = comment(&message.parent_file(), message.path());
            self.known.insert(name.to_owned(), described(json!({"type": "object", "properties": properties}), text));
        }
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    fn field(&mut self, field: &FieldDescriptor) -> Value {
        described(self.shape(field), comment(&field.parent_file(), field.path()))
    }

    fn shape(&mut self, field: &FieldDescriptor) -> Value {
        let one = self.kind(&field.kind());
        match (field.is_map(), field.is_list()) {
            (true, _) => json!({"type": "object"}),
            (_, true) => json!({"type": "array", "items": one}),
            _ => one,
        }
    }

    fn kind(&mut self, kind: &Kind) -> Value {
        match kind {
            Kind::Bool => json!({"type": "boolean"}),
            Kind::String => json!({"type": "string"}),
            Kind::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
            Kind::Double | Kind::Float => json!({"type": "number"}),
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => json!({"type": "integer", "format": "int32"}),
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => json!({"type": "integer", "format": "int64"}),
            Kind::Uint32 | Kind::Fixed32 => json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": u32::MAX}),
            Kind::Uint64 | Kind::Fixed64 => json!({"type": "integer", "minimum": 0}),
            Kind::Enum(words) => json!({"type": "string", "enum": words.values().map(|w| w.name().to_owned()).collect::<Vec<_>>()}),
            Kind::Message(message) => match message.full_name() {
                "google.protobuf.Timestamp" => json!({"type": "string", "format": "date-time"}),
                "google.protobuf.Struct" => json!({"type": "object"}),
                _ => self.reference(message),
            },
        }
    }
}

fn content(media_type: &str, schema: Value) -> Value {
    json!({media_type: {"schema": schema}})
}

fn described(mut schema: Value, text: String) -> Value {
    if !text.is_empty() {
        schema["description"] = json!(text);
    }
    schema
}

fn error_schema() -> Value {
    let detail = json!({"type": "object", "properties": {"@type": {"type": "string"}}, "required": ["@type"]});
    let properties = json!({"code": {"type": "integer"}, "message": {"type": "string"}, "details": {"type": "array", "items": detail}});
    json!({"type": "object", "description": "google.rpc.Status", "properties": properties, "required": ["code", "message"]})
}

/// What stands above a thing in its contract, on one line.
fn comment(file: &FileDescriptor, path: &[i32]) -> String {
    let proto = file.file_descriptor_proto();
    let locations = proto.source_code_info.iter().flat_map(|info| &info.location);
    let text = locations.filter(|location| location.path == path).find_map(|location| location.leading_comments.as_deref());
    text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_an_operation_that_says_what_it_does() {
        let document = document();
        for route in ROUTES.iter() {
            let operation = &document["paths"][route.template.plain()][route.method.as_str().to_ascii_lowercase()];
            assert!(!operation["x-roles"].as_array().unwrap().is_empty(), "{}", route.template.text());
            let text = comment(&route.rpc.parent_file(), route.rpc.path());
            assert_eq!(operation["description"], json!(text), "{}", route.template.text());
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        for (at, _) in json().match_indices("\"$ref\":\"#") {
            let pointer = json()[at + 9..].split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some_and(|found| !found.is_null()), "{pointer}");
        }
    }

    #[test]
    fn an_operation_has_its_parameters_where_the_gateway_reads_them() {
        let document = document();
        let receipt = &document["paths"]["/api/v1/receipts/{id}"]["get"];
        assert_eq!(receipt["summary"], "NOT_FOUND when there is none, or the caller may not see it.");
        assert_eq!(receipt["parameters"][0]["in"], "path");
        assert_eq!(receipt["parameters"][0]["required"], true);
        let list = &document["paths"]["/api/v1/receipts"]["get"]["parameters"];
        assert_eq!(list[1]["schema"], json!({"type": "string", "format": "date-time"}));
        assert_eq!(list[3]["description"], "1 to 1,000; 100 by default.");
        let rotate = &document["paths"]["/api/v1/providers/{id}:rotate"]["post"];
        assert_eq!(rotate["parameters"].as_array().unwrap().len(), 1);
        assert_eq!(document["paths"]["/api/v1/intake:watch"]["get"]["responses"]["200"]["content"].as_object().unwrap().len(), 1);
    }
}
