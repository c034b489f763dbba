//! The pages of running nodes in a real browser: a city that stands alone, and a nation with two children, of whom one has nothing yet and
//! one is silent. What is promised of a page, and how it is held, stands in `tests/browser`.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tracemesh_proto::registry::v1::{AddAreaRequest, Area};

use crate::process::{CONFIGURATION, Node, eventually};
use crate::records::{harvest, juice};
use crate::session::{documents, lines, run};

const WHOLE: &str = "37060000400010000003";
const BROKEN: &str = "37060000400010000010";
const PATIENT: &str = "37060000400010000027";
const NOBODYS: &str = "37060000999999999999";
const GTIN: &str = "06903244679763";
/// An area whose name tries a page's patience.
const ZONE: &str = "zone-1";
const LONG_NAME: &str = "黄河三角洲农业高新技术产业示范区䶮㛃𠮷街道绿色食品（苹果）标准化生产基地第一合作社特级红富士苹果礼盒装";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_keeps_its_promises_in_a_browser() {
    let city = begin(Place("yantai", "CITY", "370600", "烟台市追溯管理平台", "Yantai Traceability Platform"));
    let nation = begin(Place("nation", "NATION", "CN", "全国重要产品追溯管理平台", "National Traceability Platform"));
    let empty = begin(Place("shandong", "PROVINCE", "370000", "山东省追溯管理平台", "Shandong Traceability Platform"));
    let silent = begin(Place("fujian", "PROVINCE", "350000", "福建省追溯管理平台", "Fujian Traceability Platform"));
    register_zone(&city).await;
    // the doors hear of the zone a moment later; what they took before is then a duplicate
    eventually("every record is taken", async || sends(&city, &orchard()).then_some(())).await;
    join(&empty, &nation, "370000");
    join(&silent, &nation, "350000");
    generate(&nation);
    let now = eventually("the generated are counted", async || now(&nation)).await;
    assert!(sends(&nation, &[made_of("1", "lot-9", "mofcom20", BROKEN), harvested_at(&now)]));
    let _folder = silent.kill();
    eventually("the child is away", async || states(&nation).contains(&json!("away")).then_some(())).await;
    look_at(&plan(&city, &nation, &empty), nation.folder.path());
}

/// Node, tier, area, and the names of its platform.
struct Place(&'static str, &'static str, &'static str, &'static str, &'static str);

fn begin(Place(id, tier, area, name_zh, name_en): Place) -> Node {
    let folder = tempfile::tempdir().unwrap();
    let told = format!("[node]\nid = {id:?}\ntier = {tier:?}\narea = {area:?}\nname_zh = {name_zh:?}\nname_en = {name_en:?}\n");
    std::fs::write(folder.path().join(CONFIGURATION), told).unwrap();
    Node::start_in(folder)
}

async fn register_zone(node: &Node) {
    let area = Area { id: ZONE.into(), parent: "370600".into(), kind: "zone".into(), name_zh: LONG_NAME.into(), ..Area::default() };
    node.operator().await.registry().add_area(AddAreaRequest { area: Some(area) }).await.unwrap();
}

fn join(child: &Node, parent: &Node, area: &str) {
    let id = child.endpoints["node"].as_str().unwrap();
    let invited = documents(parent, &format!("tracemesh link invite --node {id} --area {area} --json"));
    let url = parent.endpoints["grpc"].as_str().unwrap();
    let joined = run(child.folder.path(), &format!("tracemesh link join {url} {}", invited[0]["code"].as_str().unwrap()), true);
    assert!(joined.status.success(), "{joined:?}");
}

/// A whole chain, one with names that no column was made for, and a trade item.
fn orchard() -> Vec<Value> {
    let mut whole = made_of("2", "lot-1", "mofcom20", WHOLE);
    whole["evidence"] = json!([{"kind": "INSPECTION_REPORT", "number": "J-77", "result": "PASS"}]);
    let mut patient = made_of("4", "lot-1", "mofcom20", PATIENT);
    patient["place"]["region"] = json!(ZONE);
    patient["product"]["name"] = json!(LONG_NAME);
    patient["evidence"] = json!([{"kind": "INSPECTION_REPORT", "number": "J-78", "result": "FAIL"}]);
    let mut item = made_of("5", "lot-1", "gtin", GTIN);
    item["units"][0]["batch"] = json!("L1");
    vec![harvest("1", "lot-1"), whole, patient, item]
}

fn made_of(id: &str, lot: &str, scheme: &str, code: &str) -> Value {
    let mut record = juice(id, lot, code);
    record["units"][0]["code"]["scheme"] = json!(scheme);
    record
}

fn sends(node: &Node, records: &[Value]) -> bool {
    lines(node.folder.path(), "orchard.json", records);
    run(node.folder.path(), "tracemesh send orchard.json", true).status.success()
}

/// When the node counted last: with a record of that moment the figures of today are not empty, whatever the time.
fn now(node: &Node) -> Option<String> {
    documents(node, "tracemesh aggregates --json")[0]["as_of"]["time"].as_str().map(str::to_owned)
}

fn harvested_at(moment: &str) -> Value {
    let mut record = harvest("2", "lot-2");
    record["event_time"] = json!(moment);
    record
}

fn generate(node: &Node) {
    let generated = run(node.folder.path(), "tracemesh generate --records 200 --seed 7 --shape city", false);
    std::fs::write(node.folder.path().join("city.json"), generated.stdout).unwrap();
    run(node.folder.path(), "tracemesh send city.json", true);
}

fn states(node: &Node) -> Vec<Value> {
    let status = &documents(node, "tracemesh link status --json")[0];
    status["children"].as_array().unwrap().iter().map(|child| child["state"].clone()).collect()
}

/// Every page with what it should answer; `session` is the link of whoever is signed in.
fn plan(city: &Node, nation: &Node, empty: &Node) -> Value {
    let page = |name: &str, node: &Node, path: &str, status: u16| {
        let session = if name.starts_with("console") { node.endpoints["sign_in"].clone() } else { Value::Null };
        json!({"name": name, "url": url(node, path), "status": status, "public": session.is_null(), "session": session})
    };
    json!([
        page("front", city, "/", 200),
        page("whole", city, &format!("/t/{WHOLE}"), 200),
        page("patient", city, &format!("/t/{PATIENT}"), 200),
        page("item", city, &format!("/01/{GTIN}/10/L1"), 200),
        page("broken", nation, &format!("/t/{BROKEN}"), 200),
        page("unknown", nation, &format!("/t/{NOBODYS}"), 404),
        page("nonsense", city, &format!("/01/{}", "1".repeat(14)), 400),
        page("nowhere", city, "/nowhere", 404),
        page("sign-in", city, "/console", 401),
        page("sign-in-link", city, "/console/sign-in/link", 200),
        page("console-city", city, "/console", 200),
        page("console-nation", nation, "/console", 200),
        page("console-empty", empty, "/console", 200),
    ])
}

fn url(node: &Node, path: &str) -> String {
    format!("{}{path}", node.endpoints["http"].as_str().unwrap())
}

/// Gives the plan to the browser, which says what does not hold.
fn look_at(plan: &Value, folder: &Path) {
    let file = folder.join("plan.json");
    std::fs::write(&file, plan.to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/browser/pages.js");
    let looked = Command::new("node").arg(script).arg(&file).output().expect("node is installed: see deploy/setup.sh");
    let told = [looked.stdout, looked.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(looked.status.success(), "\n{told}");
}
