//! Everything can be thrown away: the same journal gives the same findings under the same numbers, and the same scorecard, whatever the commits'
//! batches were.

use serde_json::json;
use tracemesh_proto::quality::v1::{Finding, ScoreRow};
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, all};
use crate::world::World;

on_both!(another_order_of_the_same_rules_finds_the_same_again);

/// Where the service's tables are.
const FILES: [&str; 3] = ["quality.sqlite", "quality.sqlite-wal", "quality.sqlite-shm"];

async fn everything(node: &Node) -> (Vec<Finding>, Vec<ScoreRow>) {
    let rows = node.scorecard("day provider subject area category", "").await.rows;
    (node.findings().await, rows)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_deleted_comes_back_from_the_journal() {
    let place = Place::sqlite().await;
    let settings = json!({"broken_hop_after_s": 1});
    let mut node = Node::start_with(&place, settings.clone()).await;
    let world = World::new(7).with_everything(1);
    for some in world.lines.chunks(50) {
        node.submit(&some.join("\n"), 9).await;
    }
    node.submit(&world.corrections().join("\n"), 5).await;
    let before = everything(&node).await;
    assert!(before.0.len() > 8, "{} findings", before.0.len());
    assert!(before.0.iter().any(|finding| finding.state == "closed"));
    node.stop().await;
    for file in FILES {
        let _ = std::fs::remove_file(place.folder.path().join(file));
    }
    let node = Node::start_with(&place, settings).await;
    node.followed().await;
    let (findings, rows) = everything(&node).await;
    assert_eq!(rows, before.1);
    assert_eq!(findings.len(), before.0.len());
    for (now, before) in findings.iter().zip(&before.0) {
        assert_eq!(now, before);
    }
    node.stop().await;
}

async fn another_order_of_the_same_rules_finds_the_same_again(place: Place) {
    let mut node = Node::start(&place).await;
    let lines = "
        p1 PRODUCE 5T06:00 farm OUT:L1=10,kg cert=Q1
        r1 RETAIL 5T09:00 stall IN:L1=12,kg by=bolt
        a1 PRODUCE 5T06:00 farm OUT:I1:ITEM
        a2 PRODUCE 5T07:00 farm OUT:I1:ITEM
    ";
    node.submit(lines, 2).await;
    let found = ["yantai-F-1 quantity_balance sent bolt stall 1", "yantai-F-2 code_reuse sent acme farm 2"];
    assert_eq!(all(&node).await, found);
    node.stop().await;
    let node = Node::start_with(&place, json!({"rebuild": "once more"})).await;
    node.followed().await;
    assert_eq!(all(&node).await, found);
    node.stop().await;
    let node = Node::start_with(&place, json!({"detectors": {"balance_tolerance_permille": 500}})).await;
    node.followed().await;
    for _ in 0..4_000 {
        if all(&node).await == ["yantai-F-1 quantity_balance closed bolt stall 1", found[1]] {
            return node.stop().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("what other rules do not find is not closed: {:?}", all(&node).await);
}
