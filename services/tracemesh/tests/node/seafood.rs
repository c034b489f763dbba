//! Seafood chains as EPCIS documents, the whole way: from a file and over HTTP, event by event to receipts, back byte for byte, and traced
//! from every unit, up and down.
//!
//! The two small documents here are our own. With `TRACEMESH_DOCUMENTS=FOLDER` all the `.jsonld` of a folder are taken instead, such as the examples
//! of github.com/ift-gftc/opentraceability (MIT), which are not part of this repository.

#[path = "seafood/walk.rs"]
mod walk;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::process::Node;
use crate::session::run;
use walk::{Event, chain, read};

const SALMON: &str = include_str!("seafood/salmon.jsonld");
const PRAWNS: &str = include_str!("seafood/prawns.jsonld");

#[test]
fn every_event_of_a_document_has_its_receipt_its_bytes_and_its_place_in_the_chains() {
    hold(&folder().map_or_else(|| [SALMON, PRAWNS].map(str::to_owned).to_vec(), |folder| documents_in(&folder)));
}

#[expect(clippy::disallowed_methods, reason = "who runs the test may name other documents")]
fn folder() -> Option<String> {
    std::env::var("TRACEMESH_DOCUMENTS").ok()
}

fn documents_in(folder: &str) -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonld"));
    files.sort();
    files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

fn hold(documents: &[String]) {
    let (by_file, by_http) = (Node::start(), Node::start());
    let mut events = Vec::new();
    for document in documents {
        let spans = spans(document);
        let sent = send_file(&by_file, document);
        let (posted, again) = (post(&by_http, document), post(&by_file, document));
        for receipts in [&sent, &posted] {
            assert_eq!(verdicts(receipts), vec!["ACCEPTED"; spans.len()], "{receipts:?}");
        }
        assert_eq!(verdicts(&again), vec!["DUPLICATE"; spans.len()], "the same over another door");
        for ((first, second), span) in sent.iter().zip(&again).zip(&spans) {
            assert_eq!(first["id"], second["first"]);
            assert_eq!(original(&by_file, first), span.as_bytes());
        }
        for (receipt, span) in posted.iter().zip(&spans) {
            assert_eq!(original(&by_http, receipt), span.as_bytes());
        }
        println!("{} events, each with its receipt and its bytes, by file and over HTTP", spans.len());
        events.extend(spans.iter().map(|span| read(&serde_json::from_str(span).unwrap())));
    }
    let units: BTreeSet<&String> = events.iter().flat_map(Event::units).collect();
    for unit in &units {
        for (direction, up) in [("up", true), ("down", false)] {
            let traced = trace(&by_file, unit, direction);
            assert_eq!(traced, chain(&events, unit, up), "{unit} {direction}");
            assert_eq!(trace(&by_http, unit, direction), traced);
        }
    }
    println!("{} units, each traced up and down", units.len());
}

/// The events as they stand in a document.
fn spans(document: &str) -> Vec<String> {
    #[derive(Deserialize)]
    struct Document<'a> {
        #[serde(borrow, rename = "epcisBody")]
        body: Body<'a>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        #[serde(borrow)]
        event_list: Option<Vec<&'a RawValue>>,
        #[serde(borrow)]
        query_results: Option<QueryResults<'a>>,
    }
    #[derive(Deserialize)]
    struct QueryResults<'a> {
        #[serde(borrow, rename = "resultsBody")]
        body: Box<Body<'a>>,
    }
    let Document { body } = serde_json::from_str(document).unwrap();
    let listed = body.event_list.or_else(|| body.query_results?.body.event_list);
    listed.unwrap().iter().map(|event| event.get().to_owned()).collect()
}

fn send_file(node: &Node, document: &str) -> Vec<Value> {
    let folder = node.folder.path();
    std::fs::write(folder.join("document.jsonld"), document).unwrap();
    let sent = run(folder, "tracemesh send document.jsonld --receipts receipts", true);
    assert!(sent.status.success(), "{sent:?}");
    let receipts = std::fs::read_to_string(folder.join("receipts")).unwrap();
    receipts.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn post(node: &Node, document: &str) -> Vec<Value> {
    let token = std::fs::read_to_string(node.data().join("operator.token")).unwrap();
    let mut connection = TcpStream::connect(node.endpoints["http"].as_str().unwrap().trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST /api/v1/records HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\ncontent-type: application/epcis+json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        token.trim(),
        document.len()
    );
    connection.write_all(&[head.as_bytes(), document.as_bytes()].concat()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    serde_json::from_str(body).unwrap()
}

fn verdicts(receipts: &[Value]) -> Vec<&str> {
    receipts.iter().map(|receipt| receipt["verdict"].as_str().unwrap()).collect()
}

fn original(node: &Node, receipt: &Value) -> Vec<u8> {
    let id = receipt["id"].as_str().unwrap();
    run(node.folder.path(), &format!("tracemesh receipt {id} --original"), true).stdout
}

/// The events of a unit's chain, by the node. What is missing may only be origins: nothing is cut, silent or mistaken for something else.
fn trace(node: &Node, unit: &str, direction: &str) -> BTreeSet<String> {
    let output = run(node.folder.path(), &format!("tracemesh trace {unit} --direction {direction} --json"), true);
    assert!(output.status.success(), "{unit} {direction}: {output:?}");
    let chain: Value = serde_json::from_slice(&output.stdout).unwrap();
    let missing = chain["verdict"]["missing"].as_array().into_iter().flatten();
    assert!(missing.clone().all(|missing| missing["kind"] == "no_origin"), "{unit}: {:?}", missing.collect::<Vec<_>>());
    chain["records"].as_array().into_iter().flatten().map(|record| record["record_id"].as_str().unwrap().to_owned()).collect()
}
