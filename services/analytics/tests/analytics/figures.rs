//! The figures of the ledger, every number as it was worked out by hand.

use tracemesh_testkit::{Place, on_both};

use crate::expected::*;
use crate::ledger::LEDGER;
use crate::node::{Node, ask, rows, total};

on_both!(a_whole_ledger_at_once, one_commit_after_the_other, a_question_is_answered_for_what_it_asks,);

const ALL: &str = "day area category class provider";

async fn check_everything(node: &Node) {
    let answer = node.aggregates(ask("", "", ALL, "", "")).await;
    assert_eq!(rows(&answer), CELLS);
    assert_eq!(total(&answer), EVER);
}

/// Corrections find what they replace in the batch that they come in.
async fn a_whole_ledger_at_once(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    check_everything(&node).await;
    node.stop().await;
}

/// Corrections have to ask ingestion for what they replace, and cells come and go.
async fn one_commit_after_the_other(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit_slowly(LEDGER, 4).await;
    check_everything(&node).await;
    node.stop().await;
}

async fn a_question_is_answered_for_what_it_asks(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 10).await;
    let january = |by: &'static str, area: &'static str, category: &'static str| ask("2026-01-01", "2026-01-31", by, area, category);
    let by_area = node.aggregates(january("area", "", "")).await;
    assert_eq!((rows(&by_area), total(&by_area)), (JANUARY_BY_AREA.map(String::from).into(), JANUARY.into()));
    assert_eq!(rows(&node.aggregates(january("class", "", "")).await), JANUARY_BY_CLASS);
    assert_eq!(rows(&node.aggregates(ask("", "", "month", "", "")).await), BY_MONTH);
    assert_eq!(rows(&node.aggregates(january("origin", "", "")).await), [JANUARY.replace("total", "yantai")]);

    for subtree in ["370600", "370000"] {
        assert_eq!(total(&node.aggregates(january("", subtree, "")).await), JANUARY_OF_YANTAI);
    }
    assert_eq!(total(&node.aggregates(january("", "", "FOOD")).await), JANUARY_OF_FOOD);
    assert_eq!(total(&node.aggregates(january("", "CN", "")).await), JANUARY);
    assert_eq!(total(&node.aggregates(january("", "110000", "")).await), "total: 0 records, 0 late, 0 subjects, 0 kg");
    let day = node.aggregates(ask("2026-01-02", "2026-01-02", "", "", "")).await;
    assert_eq!((total(&day).as_str(), day.rows.len()), (SECOND_OF_JANUARY, 0));

    let as_of = day.as_of.unwrap();
    assert_eq!((as_of.journal.as_str(), as_of.epoch, as_of.seq), ("yantai.ingestion", 1, 60));
    assert!(as_of.time.is_some());
    node.stop().await;
}
