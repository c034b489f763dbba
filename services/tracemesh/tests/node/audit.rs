//! `audit verify`: exit 0 and every journal, or exit 1 and what was altered.

use serde_json::{Value, json};
use tracemesh_store::{Database, DatabaseConfig, sql};

use crate::process::Node;
use crate::records::{corrected, harvest};
use crate::session::{play, run};

#[test]
fn an_honest_node_verifies_and_an_altered_one_names_the_entry() {
    let node = Node::start();
    let record = harvest("1", "lot-1");
    let lines = [record.to_string(), corrected(&record).to_string(), "{}".to_owned()];
    std::fs::write(node.folder.path().join("records.json"), lines.join("\n")).unwrap();
    play(
        &node,
        "
$ tracemesh send records.json --json
{\"accepted\":2,\"duplicate\":0,\"rejected\":1,\"seconds\":[..]}
? 1
$ tracemesh audit verify --service ingestion
local.ingestion                                      3 entries  [..]
",
    );
    let found: Value = serde_json::from_slice(&run(node.folder.path(), "tracemesh audit verify --json", true).stdout).unwrap();
    assert_eq!((&found["ok"], &found["first_bad"]), (&json!(true), &json!(null)));
    let ingestion = found["journals"].as_array().unwrap().iter().find(|journal| journal["service"] == "ingestion").unwrap();
    assert_eq!((&ingestion["journal"], &ingestion["entries"]), (&json!("local.ingestion"), &json!(3)));
    assert_eq!(ingestion["root"].as_str().unwrap().len(), 64);

    let folder = node.stop();
    alter(folder.path().join("data/ingestion.sqlite"), "UPDATE hop SET quantity = '9.5' WHERE retracts > 0");
    let node = Node::start_in(folder);
    play(
        &node,
        "
$ tracemesh audit verify --service ingestion
local.ingestion                                     [..] entries  [..]
local.ingestion: entries [..] to [..], table hop: the rows are not those that the entries make
? 1
",
    );
    let found: Value = serde_json::from_slice(&run(node.folder.path(), "tracemesh audit verify --json", true).stdout).unwrap();
    let bad = &found["first_bad"];
    assert_eq!((&found["ok"], &bad["journal"], &bad["table"]), (&json!(false), &json!("local.ingestion"), &json!("hop")));
    node.stop();
}

#[tokio::main]
async fn alter(path: std::path::PathBuf, text: &str) {
    let db = Database::open(&DatabaseConfig::Sqlite { path }, "ingestion").await.unwrap();
    let tx = db.begin().await.unwrap();
    assert!(sql::run(&tx, text, vec![]).await.unwrap() > 0);
    tx.commit().await.unwrap();
    db.close().await;
}
