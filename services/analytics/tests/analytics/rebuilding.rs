//! Figures can be thrown away: they come back as they were.

use prost::bytes::Bytes;
use serde_json::json;
use tracemesh_proto::analytics::v1::ListMonthsRequest;
use tracemesh_testkit::{Place, on_both};

use crate::expected::*;
use crate::ledger::{Clerk, LEDGER};
use crate::node::{Node, append, ask, rows, total};

on_both!(
    an_order_to_rebuild_counts_the_same_again,
    other_rules_make_other_figures,
    the_old_figures_answer_until_the_new_ones_are_whole,
    a_restart_counts_nothing_twice,
);

async fn sheets(node: &Node) -> Vec<Bytes> {
    let mut sheets = Vec::new();
    for month in ["2025-12", "2026-01", "2026-02"] {
        sheets.push(node.pull("yantai", month).await);
    }
    sheets
}

async fn cells(node: &Node) -> Vec<String> {
    rows(&node.aggregates(ask("", "", "day area category class provider", "", "")).await)
}

async fn an_order_to_rebuild_counts_the_same_again(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit_slowly(LEDGER, 9).await;
    let before = sheets(&node).await;
    node.stop().await;

    let node = Node::start_with(&place, "yantai", json!({"rebuild": "after the audit of 2026-01"})).await;
    node.rebuilt().await;
    assert_eq!((sheets(&node).await, cells(&node).await), (before, CELLS.map(String::from).into()));
    assert!(node.recount("", "").await.equal);
    node.stop().await;
}

async fn other_rules_make_other_figures(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    node.stop().await;
    let node = Node::start_with(&place, "yantai", json!({"late_after_s": 26 * 3600})).await;
    node.rebuilt().await;
    assert_eq!(total(&node.aggregates(ask("", "", "", "", "")).await), EVER.replace("7 late", "1 late"), "only the record of 31 hours");
    assert!(node.recount("", "").await.equal);
    node.stop().await;
}

async fn the_old_figures_answer_until_the_new_ones_are_whole(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    let before = sheets(&node).await;
    node.stop().await;
    // The second order comes before the first is carried out.
    for late_after_s in [25 * 3600, 26 * 3600] {
        let node = Node::start_deaf(&place, "yantai", json!({"late_after_s": late_after_s})).await;
        let answer = node.aggregates(ask("", "", "", "", "")).await;
        assert_eq!((total(&answer).as_str(), answer.as_of.unwrap().seq), (EVER, 60));
        assert_eq!(rows(&node.aggregates(ask("2026-01-01", "2026-01-31", "area", "", "")).await), JANUARY_BY_AREA);
        assert_eq!((answer.missing, answer.origins), (vec![], vec![]), "its own figures are nobody else's");
        assert_eq!(sheets(&node).await, before);
        let listed = node.as_service().analytics().list_months(ListMonthsRequest::default()).await.unwrap().into_inner().months;
        let months: Vec<(&str, u64)> = listed.iter().map(|version| (version.month.as_str(), version.seq)).collect();
        assert_eq!(months, [("2025-12", 3), ("2026-01", 60), ("2026-02", 34)]);
        node.stop().await;
    }
    let node = Node::start_with(&place, "yantai", json!({"late_after_s": 26 * 3600})).await;
    node.rebuilt().await;
    let answer = node.aggregates(ask("", "", "", "", "")).await;
    assert_eq!((total(&answer), answer.as_of.unwrap().seq), (EVER.replace("7 late", "1 late"), 60));
    assert!(node.recount("", "").await.equal);
    node.stop().await;
}

async fn a_restart_counts_nothing_twice(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    node.stop().await;
    let node = Node::start(&place).await;
    assert_eq!(cells(&node).await, CELLS, "at once, from the tables");
    node.counted().await;
    assert_eq!(cells(&node).await, CELLS);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_deleted_comes_back_from_the_journal() {
    let place = Place::sqlite().await;
    let mut node = Node::start(&place).await;
    node.submit_slowly(LEDGER, 9).await;
    let before = sheets(&node).await;
    node.stop().await;
    for file in ["analytics.sqlite", "analytics.sqlite-wal", "analytics.sqlite-shm"] {
        let _ = std::fs::remove_file(place.folder.path().join(file));
    }
    let node = Node::start(&place).await;
    node.counted().await;
    assert_eq!((sheets(&node).await, cells(&node).await), (before, CELLS.map(String::from).into()));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_forked_is_said_once_and_the_figures_stay() {
    let place = Place::sqlite().await;
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    node.stop().await;
    for file in ["ingestion.sqlite", "ingestion.sqlite-wal", "ingestion.sqlite-shm"] {
        let _ = std::fs::remove_file(place.folder.path().join(file));
    }
    let node = Node::start(&place).await;
    for commit in Clerk::default().commits("ACCEPTED acme y01 1 370602 FOOD RETAIL 2026-01-02T08:00:00+08:00 +1h S1 OUTPUT=1,kg", 1) {
        append(&node.ingestion, &commit).await;
    }
    let mut entries = node.entries().await;
    let mut fork = entries.next().await;
    while fork.envelope.kind != "journal.fork" {
        fork = entries.next().await;
    }
    assert!(fork.envelope.why.starts_with("yantai.ingestion forked after epoch 1, seq 60"), "{}", fork.envelope.why);
    assert_eq!(cells(&node).await, CELLS);
    node.stop().await;
}
