//! The commands against a node, as sessions.

use std::fs::write;

use serde_json::{Value, json};
use tracemesh_proto::registry::v1::{AddProviderRequest, Provider};

use crate::process::{Node, tracemesh};
use crate::records::{harvest, juice};
use crate::session::{documents, lines, play, run};

#[test]
fn records_are_sent_and_every_submission_has_its_receipt() {
    let node = Node::start();
    let folder = node.folder.path();
    lines(folder, "good.json", &[harvest("1", "lot-1"), juice("2", "lot-1", "juice-2")]);
    lines(folder, "mixed.json", &[harvest("1", "lot-1"), harvest("3", "lot-3"), json!({"record_id": "4"})]);
    write(folder.join("nothing.json"), "[]").unwrap();
    play(
        &node,
        "
$ tracemesh send good.json
2 accepted, 0 duplicate, 0 rejected in [..] s
$ tracemesh send - < good.json
0 accepted, 2 duplicate, 0 rejected in [..] s
$ tracemesh send mixed.json --receipts receipts.json
local.ingestion/1/7  REJECTED   4
    缺少记录类别“class”。  请填写[..]
    The record has no class.  Say which stage it is, [..]  [record.class.missing]
    缺少发生时间“event_time”。  请填写[..]
    The record has no event_time.  Say when it happened, [..]  [record.event_time.missing]
    记录中没有追溯单元“units”。  请至少填写[..]
    The record has no units.  Name at least one unit with its role and code.  [record.units.missing]
1 accepted, 1 duplicate, 1 rejected in [..] s
! tracemesh: `tracemesh deadletter list` shows what was rejected, and why
? 1
$ tracemesh send nothing.json
! tracemesh: there is nothing to submit in these files
? 2
$ tracemesh send nowhere.json
! tracemesh: nowhere.json cannot be read[..]
? 2
$ tracemesh receipt local.ingestion/1/1 local.ingestion/1/3
local.ingestion/1/1  ACCEPTED   1
    [..]
    [..]  [record.event_time.late]
    [..]
    [..]  [record.subject.unregistered]
local.ingestion/1/3  DUPLICATE  1
    repeats local.ingestion/1/1
$ tracemesh receipt local.ingestion/1/99
! tracemesh: There is no receipt local.ingestion/1/99, or you may not see it.
? 1
$ tracemesh receipt nonsense
? 2
$ tracemesh receipts --verdict duplicate
local.ingestion/1/5  DUPLICATE  1
    repeats local.ingestion/1/1
local.ingestion/1/4  DUPLICATE  2
    repeats local.ingestion/1/2
local.ingestion/1/3  DUPLICATE  1
    repeats local.ingestion/1/1
$ tracemesh receipts --provider nobody
",
    );
    let original = run(folder, "tracemesh receipt local.ingestion/1/1 --original", true);
    assert_eq!(original.stdout, harvest("1", "lot-1").to_string().into_bytes(), "the bytes as they came, and nothing else");
    let kept = std::fs::read_to_string(folder.join("receipts.json")).unwrap();
    let verdicts: Vec<Value> = kept.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["verdict"].clone()).collect();
    assert_eq!(verdicts, ["DUPLICATE", "ACCEPTED", "REJECTED"]);
    let summary = &documents(&node, "tracemesh send mixed.json --json")[0];
    assert_eq!((&summary["accepted"], &summary["duplicate"], &summary["rejected"]), (&json!(0), &json!(2), &json!(1)));
    assert!(summary["seconds"].is_f64());
    let listed = documents(&node, "tracemesh receipts --json --limit 2");
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["id"], &listed[0]["verdict"]), (&json!("local.ingestion/1/10"), &json!("REJECTED")));
    let reason = &listed[0]["reasons"][0];
    for key in ["code", "field", "rule", "message_zh", "message_en", "remedy_zh", "remedy_en"] {
        assert_ne!(reason[key], "", "{reason}");
    }
    node.stop();
}

#[test]
fn what_is_generated_is_accepted_in_every_format() {
    let node = Node::start();
    for format in ["json", "protobuf", "epcis"] {
        let generated = run(node.folder.path(), &format!("tracemesh generate --records 60 --seed 7 --format {format}"), false);
        write(node.folder.path().join(format), generated.stdout).unwrap();
    }
    play(
        &node,
        "
$ tracemesh send json
60 accepted, 0 duplicate, 0 rejected in [..] s
$ tracemesh send protobuf
0 accepted, 60 duplicate, 0 rejected in [..] s
",
    );
    let summary = &documents(&node, "tracemesh send epcis --json")[0];
    assert_eq!(summary["rejected"], 0, "{summary}");
    node.stop();
}

#[test]
fn a_chain_is_traced_to_its_first_mile() {
    let node = Node::start();
    lines(node.folder.path(), "good.json", &[harvest("1", "lot-1"), juice("2", "lot-1", "juice-2")]);
    play(
        &node,
        "
$ tracemesh send good.json
2 accepted, 0 duplicate, 0 rejected in [..] s
$ tracemesh trace opaque:91370600000000019G/juice-2 --local
opaque juice-2
2025-10-01T08:00:00+08:00  PRODUCE         local         370602  苹果  苹果园
2025-10-02T08:00:00+08:00  PROCESS         local         370602  苹果汁  苹果园
完整 complete
! 2 records, 2 units from local
$ tracemesh trace opaque:91370600000000019G/lot-1 --local --direction up
opaque lot-1
2025-10-01T08:00:00+08:00  PRODUCE         local         370602  苹果  苹果园
完整 complete
$ tracemesh trace nothing-like-it --local
! tracemesh: No trace record mentions nothing-like-it.
? 1
$ tracemesh trace juice-2 --direction sideways
? 2
",
    );
    let chain = &documents(&node, "tracemesh trace opaque:91370600000000019G/juice-2 --local --json")[0];
    let told: Vec<String> =
        chain["records"].as_array().unwrap().iter().map(|it| format!("{} {} {}", it["record_id"], it["seq"], it["node"])).collect();
    assert_eq!(told, [r#""1" 1 "local""#, r#""2" 2 "local""#]);
    assert_eq!(chain["verdict"], json!({"complete": true, "missing": []}));
    assert_eq!((chain["units"].as_array().unwrap().len(), chain["edges"].as_array().unwrap().len()), (2, 1));
    node.stop();
}

#[test]
fn providers_are_added_suspended_and_given_new_tokens() {
    let node = Node::start();
    lines(node.folder.path(), "good.json", &[harvest("1", "lot-1")]);
    play(
        &node,
        "
$ tracemesh provider add acme --name Acme --areas 370600 --categories FARM_PRODUCE,FOOD
[..]
! tracemesh: the token is shown this once; `tracemesh provider rotate` makes another
$ tracemesh provider add acme
? 1
$ tracemesh provider add Not_An_Id
? 2
$ tracemesh provider list
acme                      active      370600  FARM_PRODUCE,FOOD
local                     active      *  *
$ tracemesh send good.json --provider nobody
! tracemesh: The provider nobody is not registered at this node.
? 1
",
    );
    let token = documents(&node, "tracemesh provider rotate acme --json")[0]["token"].as_str().unwrap().to_owned();
    assert_eq!(token.len(), 64);
    // The doors hear of it within a second.
    send_until(&node, &token, 0);
    play(
        &node,
        "
$ tracemesh provider suspend acme --why late
acme                      suspended   370600  FARM_PRODUCE,FOOD
",
    );
    send_until(&node, &token, 2);
    play(
        &node,
        "
$ tracemesh provider resume acme --why paid
acme                      active      370600  FARM_PRODUCE,FOOD
$ tracemesh send good.json --token made-up
! tracemesh: The token is not known, or no longer valid.
? 2
",
    );
    send_until(&node, &token, 0);
    node.stop();
}

/// Sends with a token until that ends as it should.
fn send_until(node: &Node, token: &str, code: i32) {
    let until = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let sent = run(node.folder.path(), &format!("tracemesh send good.json --token {token}"), true);
        if sent.status.code() == Some(code) {
            return;
        }
        assert!(std::time::Instant::now() < until, "{sent:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn providers_are_listed_beyond_the_first_page() {
    let node = Node::start();
    let mut registry = node.operator().await.registry();
    for n in 0..101 {
        let provider = Provider { id: format!("acme-{n:03}"), ..Provider::default() };
        registry.add_provider(AddProviderRequest { provider: Some(provider) }).await.unwrap();
    }
    let listed = documents(&node, "tracemesh provider list --json");
    assert_eq!((listed.len(), &listed[100]["id"], &listed[101]["id"]), (102, &json!("acme-100"), &json!("local")));
    node.stop();
}

#[test]
fn a_child_is_invited_here_and_from_another_machine() {
    let node = Node::start();
    play(
        &node,
        "
$ tracemesh link invite --node xiamen --area 350200
[..]
! tracemesh: on the child, run `tracemesh link join URL CODE` within 7 days
$ tracemesh link status
local
  xiamen  invited  seen never  cursor 0  behind 0
",
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let [grpc, ca] = ["grpc", "ca"].map(|key| node.endpoints[key].as_str().unwrap());
    let token = std::fs::read_to_string(node.data().join("operator.token")).unwrap();
    let invite = |child: &str, more: &[&str], named: &[(&str, &str)]| {
        let words = ["link", "invite", "--area", "350000", "--ca", ca, "--token", &token, "--node", child];
        let invited = tracemesh().args(words).args(more).envs(named.iter().copied()).current_dir(elsewhere.path()).output().unwrap();
        assert!(invited.status.success(), "{invited:?}");
    };
    invite("fuzhou", &["--at", grpc], &[]);
    invite("quanzhou", &[], &[("TRACEMESH_NODE", grpc)]);
    let status = &documents(&node, "tracemesh link status --json")[0];
    let children: Vec<_> = status["children"].as_array().unwrap().iter().map(|child| child["node"].as_str().unwrap()).collect();
    assert_eq!(children, ["fuzhou", "quanzhou", "xiamen"]);
    node.stop();
}

#[test]
fn dead_letters_are_a_work_list() {
    let node = Node::start();
    let mut zone = harvest("1", "lot-1");
    zone["place"]["region"] = json!("zone-7");
    lines(node.folder.path(), "zone.json", &[zone.clone()]);
    play(
        &node,
        "
$ tracemesh deadletter list
$ tracemesh send zone.json --json
{\"accepted\":0,\"duplicate\":0,\"rejected\":1,\"seconds\":[..]}
? 1
$ tracemesh deadletter list
local.ingestion/1/1  REJECTED   1
    [..]
    [..]zone-7[..]  [record.place.region.unknown]
$ tracemesh deadletter redrive local.ingestion/1/1
local.ingestion/1/2  REJECTED   1
    [..]
    [..]  [record.place.region.unknown]
? 1
$ tracemesh deadletter list --state redriven
local.ingestion/1/1  REJECTED   1
    [..]
    [..]  [record.place.region.unknown]
    redriven as local.ingestion/1/2
$ tracemesh deadletter list --state gone
? 2
$ tracemesh deadletter redrive local.ingestion/1/9
? 1
",
    );
    let shown = &documents(&node, "tracemesh deadletter show local.ingestion/1/2 --json")[0];
    assert_eq!(shown["receipt"]["verdict"], "REJECTED");
    assert!(shown["original"]["body"].as_str().unwrap().starts_with("eyJ"), "bytes are base64: {shown}");
    let shown = run(node.folder.path(), "tracemesh deadletter show local.ingestion/1/2", true);
    assert!(String::from_utf8(shown.stdout).unwrap().ends_with(&format!("{zone}\n")));
    node.stop();
}

#[test]
fn without_a_node_a_command_says_how_to_start_one() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = run(folder.path(), "tracemesh receipts", true);
    let told = String::from_utf8_lossy(&nowhere.stderr).into_owned();
    assert_eq!(nowhere.status.code(), Some(3), "{told}");
    assert!(told.contains("start one with `tracemesh up --data data`"), "{told}");

    let folder = Node::start().stop();
    let stopped = run(folder.path(), "tracemesh receipts", true);
    let told = String::from_utf8_lossy(&stopped.stderr).into_owned();
    assert_eq!(stopped.status.code(), Some(3), "{told}");
    assert!(told.contains("does not answer") && told.contains("tracemesh up"), "{told}");
}
