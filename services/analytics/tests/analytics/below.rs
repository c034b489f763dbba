//! Who is missing from the figures.

use std::time::{Duration, Instant};

use tracemesh_proto::analytics::v1::GetAggregatesResponse;
use tracemesh_testkit::Place;

use crate::gateway::link;
use crate::node::{Node, ask};

/// `NODE silent missing`
fn standing(answer: &GetAggregatesResponse) -> Vec<String> {
    let word = |holds, word| if holds { word } else { "" };
    let of =
        |node: &str, silent| format!("{node}{}{}", word(silent, " silent"), word(answer.missing.iter().any(|m| m == node), " missing"));
    answer.origins.iter().map(|origin| of(&origin.node, origin.silent)).collect()
}

async fn nation() -> (Node, Place) {
    let place = Place::sqlite().await;
    let nation = Node::start_with(&place, "nation", serde_json::json!({})).await;
    (nation, place)
}

async fn sends(parent: &Node, node: &str) {
    let place = Place::sqlite().await;
    let mut child = Node::start_with(&place, node, serde_json::json!({"announce_interval_ms": 100})).await;
    child.submit("ACCEPTED acme a01 1 370602 FOOD RETAIL 2026-01-02T08:00:00+08:00 +1h S1 OUTPUT=1,kg", 1).await;
    assert!(parent.store(node, &child.pull(node, "2026-01").await).await.unwrap());
    child.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nodes_below_are_named_however_deep() {
    let (nation, _place) = nation().await;
    for node in ["shandong", "yantai", "xiamen"] {
        sends(&nation, node).await;
    }
    let beyond = vec![link("yantai", "connected", vec![]), link("jinan", "connected", vec![]), link("weihai", "away", vec![])];
    nation.gateway.says(vec![
        link("shandong", "connected", beyond.clone()),
        link("xiamen", "quarantined", vec![]),
        link("dalian", "invited", vec![]),
    ]);
    let answer = nation.aggregates(ask("", "", "", "", "")).await;
    let expected = ["dalian silent missing", "jinan missing", "shandong", "weihai silent missing", "xiamen silent missing", "yantai"];
    assert_eq!(standing(&answer), expected);
    assert_eq!(answer.total.unwrap().records, 3, "what was sent counts, whoever is away now");

    nation.gateway.says(vec![link("shandong", "away", beyond), link("xiamen", "connected", vec![])]);
    let answer = nation.aggregates(ask("", "", "", "", "")).await;
    let expected = ["jinan silent missing", "shandong silent missing", "weihai silent missing", "xiamen", "yantai silent missing"];
    assert_eq!(standing(&answer), expected, "nobody answers from behind a link that is down");
    nation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_does_not_answer_costs_a_moment_and_makes_everybody_silent() {
    let (nation, _place) = nation().await;
    sends(&nation, "xiamen").await;
    nation.gateway.falls_silent();
    let began = Instant::now();
    let answer = nation.aggregates(ask("", "", "", "", "")).await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(standing(&answer), ["xiamen silent missing"]);
    assert_eq!(answer.total.unwrap().records, 1);
    nation.stop().await;
}
