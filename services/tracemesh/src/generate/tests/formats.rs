//! The command's output, read again.

use std::collections::HashSet;

use prost::Message;
use serde_json::Value;
use tracemesh_proto::record::v1 as wire;

use crate::generate::command::{Options, run};
use crate::generate::country::Shape;
use crate::generate::formats::Format;

const MANY: u64 = 1_500;

fn written(format: Format, seed: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let until = "2026-10-01T00:00:00+08:00".parse().expect("a moment");
    run(&Options { records: MANY, seed, shape: Shape::Province, format, until }, &mut out).expect("memory takes everything");
    out
}

#[test]
fn json_is_one_record_a_line() {
    let text = String::from_utf8(written(Format::Json, 1)).expect("UTF-8");
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(records.len() as u64, MANY);
    assert!(records.iter().all(|record| record["class"].is_string() && record["units"][0]["role"].is_string()));
}

#[test]
fn protobuf_says_the_same_as_json() {
    let (bytes, text) = (written(Format::Protobuf, 1), String::from_utf8(written(Format::Json, 1)).expect("UTF-8"));
    let mut left = bytes.as_slice();
    for line in text.lines() {
        let json: Value = serde_json::from_str(line).expect("JSON");
        let record = wire::TraceRecord::decode_length_delimited(&mut left).expect("a whole record");
        let class = wire::trace_record::Class::try_from(record.class).expect("a class").as_str_name();
        let said = (record.record_id.as_str(), class, record.event_time.as_str(), record.units.len());
        let text = |field: &str| json[field].as_str().expect("text");
        assert_eq!(said, (text("record_id"), text("class"), text("event_time"), json["units"].as_array().map_or(0, Vec::len)));
    }
    assert!(left.is_empty());
}

#[test]
fn epcis_is_one_document_of_named_events() {
    let document: Value = serde_json::from_slice(&written(Format::Epcis, 1)).expect("JSON");
    let events = document["epcisBody"]["eventList"].as_array().expect("a list");
    let ids: HashSet<&str> = events.iter().filter_map(|event| event["eventID"].as_str()).collect();
    assert_eq!((document["schemaVersion"].as_str(), events.len() as u64, ids.len() as u64), (Some("2.0"), MANY, MANY));
    let types: HashSet<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(types, HashSet::from(["ObjectEvent", "TransformationEvent", "AggregationEvent"]));
}

#[test]
fn a_seed_gives_the_same_bytes() {
    for format in [Format::Json, Format::Protobuf, Format::Epcis] {
        assert_eq!(written(format, 9), written(format, 9), "{format:?}");
        assert_ne!(written(format, 9), written(format, 10), "{format:?}");
    }
}
