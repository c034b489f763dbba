//! A province whose services are separate, between a nation and a city that are one process each: whatever is asked through a link reaches the
//! service that answers it.

use std::path::Path;

use serde_json::{Value, json};

use crate::link::ladder::Desk;
use crate::process::{CONFIGURATION, Node, eventually};
use crate::records::{harvest, juice};
use crate::services::Services;
use crate::session::run;

pub fn configuration(id: &str, tier: &str, area: &str) -> String {
    format!(
        "[node]\nid = {id:?}\ntier = {tier:?}\narea = {area:?}\n[link]\nreconnect_max_s = 1\n[analytics]\nannounce_interval_ms = 300\n\
         [federation]\ncheckpoint_every_ms = 500\nstatus_every_ms = 500\n"
    )
}

pub fn node(configuration: &str) -> Node {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(CONFIGURATION), configuration).unwrap();
    Node::start_in(folder)
}

pub fn json(folder: &Path, command: &str) -> Value {
    let output = run(folder, &format!("{command} --json"), true);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{command}: {why}: {output:?}"))
}

/// Enrols a child with its parent, each by its own folder.
pub fn enrol(parent: &Path, url: &str, child: &Path, id: &str, area: &str) {
    let code = json(parent, &format!("tracemesh link invite --node {id} --area {area}"))["code"].as_str().unwrap().to_owned();
    let joined = run(child, &format!("tracemesh link join {url} {code}"), true);
    assert_eq!(joined.status.code(), Some(0), "{joined:?}");
}

fn send(folder: &Path, record: &Value) {
    std::fs::write(folder.join("one.json"), record.to_string()).unwrap();
    assert_eq!(run(folder, "tracemesh send one.json", true).status.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_separate_node_is_a_parent_and_a_child_like_any_other() {
    let (nation, city) = (node(&configuration("cn", "NATION", "CN")), node(&configuration("yantai", "CITY", "370600")));
    let province = Services::start(&configuration("sd", "PROVINCE", "370000"));
    let (above, between, below) = (nation.folder.path(), province.folder.path(), city.folder.path());
    enrol(above, nation.endpoints["grpc"].as_str().unwrap(), between, "sd", "370000");
    enrol(between, &province.grpc("federation"), below, "yantai", "370600");
    send(below, &harvest("1", "lot-1"));
    send(between, &juice("2", "lot-1", "juice-2"));

    eventually("the nation has everybody's figures", async || {
        let figures = json(above, "tracemesh aggregates --by origin");
        let rows = figures["rows"].as_array()?.iter();
        let origins: Vec<(&str, u64)> =
            rows.filter_map(|row| Some((row["origin"].as_str()?, row["figures"]["records"].as_u64()?))).collect();
        (origins.contains(&("sd", 1)) && origins.contains(&("yantai", 1)) && figures["missing"] == json!([])).then_some(())
    })
    .await;
    eventually("the nation holds a proof of the province", async || {
        let status = json(above, "tracemesh link status");
        let link = &status["children"][0];
        (link["state"] == "connected" && link["checkpoint"].is_object()).then_some(())
    })
    .await;
    for asked_at in [above, between, below] {
        let chain = json(asked_at, "tracemesh trace opaque:91370600000000019G/lot-1");
        let found: Vec<(&str, &str)> = chain["records"]
            .as_array()
            .unwrap()
            .iter()
            .map(|record| (record["node"].as_str().unwrap(), record["record_id"].as_str().unwrap()))
            .collect();
        assert_eq!((found, &chain["verdict"]["complete"]), (vec![("yantai", "1"), ("sd", "2")], &json!(true)), "{chain}");
    }
    what_services_say_passes_through_it(&nation.data(), &province.data(), &city.data()).await;
    province.stop();
    city.stop();
    nation.stop();
}

/// Its emergency is one process, and the gateway, which follows it and keeps the inbox, another.
async fn what_services_say_passes_through_it(above: &Path, between: &Path, below: &Path) {
    let (nation, mut province, mut city) =
        (Desk::open(above, "cn").await, Desk::open(between, "sd").await, Desk::open(below, "yantai").await);
    nation.say("children", &[(true, "order".to_owned())]).await;
    let heard = async |desk: &mut Desk| eventually("it is heard", async || desk.hear().await.pop()).await;
    let order = heard(&mut province).await;
    assert_eq!((order.from.as_str(), order.word.as_str()), ("cn", "order"));
    province.say("yantai", &[(order.is_urgent, order.word)]).await;
    let order = heard(&mut city).await;
    assert_eq!((order.from.as_str(), order.is_urgent, order.word.as_str()), ("sd", true, "order"));
}
