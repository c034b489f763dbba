//! Chains that complete and open again, with the outgoing records of each step counted by hand.

use serde_json::json;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, all, indicators};

on_both!(a_late_link_completes_everything_downstream, a_hop_that_stays_open_is_said_and_mended, a_circle_is_never_complete);

async fn complete(node: &Node) -> String {
    let score = node.scorecard("", "").await;
    indicators(&score.total.unwrap()).into_iter().find(|text| text.starts_with("chain")).unwrap_or_default()
}

/// Sales come first, then the wholesale, then the packing, then the harvest: the way that a bad day goes.
async fn a_late_link_completes_everything_downstream(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit("r1 RETAIL 5T09:00 stall IN:L3 OUT:T1:ITEM\nr2 RETAIL 5T09:01 stall IN:L3 OUT:T2:ITEM", 1).await;
    node.submit("w1 WHOLESALE 5T08:00 wang IN:PALLET OUT:L3", 1).await;
    node.submit("k1 PACK 5T07:00 farm BOX:PALLET CONTENT:L1 CONTENT:L2", 1).await;
    node.submit("p1 PRODUCE 5T06:00 farm OUT:L1 cert=Q1", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/3", "half of the pallet comes from nowhere");
    node.submit("p2 PRODUCE 5T06:00 farm OUT:L2", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/3", "nothing says that L2 is in order");
    node.submit("i1 INSPECT 5T06:30 farm SEEN:L2 cert=Q2 failed", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/3");
    node.submit("i2 INSPECT 5T06:40 farm SEEN:L2 cert=Q3 until=2026-01-04", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/3", "a certificate that was out of date");
    node.submit("i3 INSPECT 5T06:50 farm SEEN:L2 cert=Q4 until=2026-01-05", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 3/3");
    node.submit("i3 INSPECT 5T06:50 farm SEEN:L2 r=2 void", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/3");
    node.submit("p2 PRODUCE 5T06:00 farm OUT:L2 cert=Q5 r=2", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 3/3");
    // A second maker of a batch has to be sound as well.
    node.submit("p3 PROCESS 5T06:00 farm IN:L9 OUT:L2", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/3");
    node.submit("p3 PROCESS 5T06:00 farm IN:L1 OUT:L2 r=2", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 3/3");
    node.stop().await;
}

async fn a_hop_that_stays_open_is_said_and_mended(place: Place) {
    let mut node = Node::start_with(&place, json!({"broken_hop_after_s": 0})).await;
    let sales = "
        r1 RETAIL 5T09:00 stall IN:L3 from=wang
        r2 RETAIL 5T09:01 stall IN:L3 from=wang
        r3 RETAIL 5T09:01 stall IN:L4 from=li
        r4 RETAIL 5T09:01 other IN:L5
    ";
    node.submit(sales, 4).await;
    let said =
        ["yantai-F-1 broken_hop sent acme stall 2", "yantai-F-2 broken_hop sent acme stall 1", "yantai-F-3 broken_hop sent acme other 1"];
    let mut found = all(&node).await;
    found.sort_by_key(|line| (line.contains("other"), line.ends_with('1')));
    assert_eq!(
        found.iter().map(|line| line.split_once(' ').unwrap().1).collect::<Vec<_>>(),
        said.map(|line| line.split_once(' ').unwrap().1)
    );
    let of_wang = node.findings().await.into_iter().find(|finding| finding.records == 2).unwrap();
    let proof = &of_wang.evidence[0];
    assert_eq!((proof.value.as_str(), proof.against.as_str()), ("opaque:market/L3", "opaque:market/wang"), "it names who is to be asked");
    assert_eq!(proof.record, "yantai.ingestion/1/1");

    node.submit("w1 WHOLESALE 5T08:00 wang IN:L1 OUT:L3 from=farm", 1).await;
    let now = node.findings().await;
    assert_eq!(now.iter().find(|finding| finding.id == of_wang.id).unwrap().state, "closed");
    assert_eq!(
        now.iter().filter(|finding| finding.kind == "broken_hop" && finding.state == "sent").count(),
        3,
        "wang's own source is the next hop"
    );
    node.submit("w1 WHOLESALE 5T08:00 wang IN:L1 OUT:L3 from=farm r=2 void", 1).await;
    assert_eq!(node.findings().await.iter().find(|finding| finding.id == of_wang.id).unwrap().state, "sent", "the maker is gone again");
    node.stop().await;
}

async fn a_circle_is_never_complete(place: Place) {
    let mut node = Node::start(&place).await;
    let circle = "
        a PROCESS 5T06:00 x IN:A OUT:B
        b PROCESS 5T06:00 x IN:B OUT:A
        s RETAIL 5T07:00 x IN:A
    ";
    node.submit(circle, 3).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/1");
    node.submit("o PRODUCE 5T05:00 x OUT:A cert=Q1", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/1", "one of its makers rests on itself");
    node.submit("b PROCESS 5T06:00 x IN:B OUT:C r=2", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 1/1");
    node.submit("o PRODUCE 5T05:00 x OUT:A r=2 void", 1).await;
    assert_eq!(complete(&node).await, "chain_completeness 0/1");
    node.stop().await;
}
