//! Indicators, every number as it was worked out by hand.

use prost::Message;
use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::registry::v1::Subject;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, append, indicators};

on_both!(a_day_of_records_comes_to_its_indicators, a_correction_takes_back_what_it_replaces);

const DAY: &str = "
    p1 PRODUCE 5T06:00 farm OUT:L1=100,kg cert=Q1
    w1 WHOLESALE 5T08:00 wang IN:L1=60,kg OUT:L2=60,kg name=大蒜 from=farm
    r1 RETAIL 5T09:00 stall IN:L2=0.5,kg OUT:T1:ITEM=0.5,kg
    # Late, and of a batch that nobody here made.
    r2 RETAIL 5T09:10 stall IN:LX=0.7,kg late=25h from=elsewhere
    # Neither of these counts as a record.
    r3 RETAIL 5T09:20 stall IN:L2=0.6,kg rejected
    r4 RETAIL 5T09:30 stall IN:L2=0.6,kg sandbox
    r5 RETAIL 5T09:40 stall IN:L2=0.6,kg historical
    # Another subject, area and category.
    d1 RETAIL 5T10:00 shop SEEN:D1:ITEM=1,box area=350203 category=DRUG by=bolt
";

async fn a_day_of_records_comes_to_its_indicators(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(DAY, 3).await;
    let score = node.scorecard("provider", "2026-01-05..2026-01-05").await;
    // Of wholesale farm produce the law asks for name, quantity and three fields of the counterparty: w1 lacks those three.
    let acme = ["timeliness 3/4", "completeness 2/5", "conformity 4/5", "chain_completeness 2/3", "rectification 0/1", "anomaly 0/4"];
    assert_eq!(score.rows.iter().map(|row| row.provider.as_str()).collect::<Vec<_>>(), ["acme", "bolt"]);
    assert_eq!(indicators(&score.rows[0]), acme);
    assert_eq!(indicators(&score.rows[1]), ["timeliness 1/1", "conformity 1/1", "chain_completeness 0/1", "anomaly 0/1"]);
    assert_eq!(score.total.as_ref().unwrap().records, 5);
    let timeliness = &score.rows[0].indicators[1];
    assert_eq!((timeliness.id.as_str(), timeliness.rate.as_str()), ("timeliness", "0.750000"));
    let as_of = score.as_of.unwrap();
    assert_eq!((as_of.journal.as_str(), as_of.epoch, as_of.seq), ("yantai.ingestion", 1, 8));
    assert!(node.scorecard("day", "2026-01-06..").await.rows.is_empty());
    node.stop().await;
}

async fn a_correction_takes_back_what_it_replaces(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(DAY, 3).await;
    let more = "
        w1 WHOLESALE 5T08:00 wang IN:L1=60,kg OUT:L2=60,kg name=大蒜 from=farm r=2 void
        r2 RETAIL 5T09:10 stall IN:L2=0.7,kg r=2
        d1 RETAIL 6T10:00 shop SEEN:D1:ITEM=1,box area=350203 category=DRUG by=bolt r=2
    ";
    node.submit(more, 1).await;
    let score = node.scorecard("day provider", "").await;
    let rows: Vec<String> = score.rows.iter().map(|row| format!("{} {}: {}", row.day, row.provider, indicators(row).join(", "))).collect();
    // What wang sold is gone, and with it the way back of L2.
    let expected = [
        "2026-01-05 acme: timeliness 3/3, conformity 3/4, chain_completeness 0/2, rectification 1/1, anomaly 0/3",
        "2026-01-06 bolt: timeliness 1/1, conformity 1/1, chain_completeness 0/1, anomaly 0/1",
    ];
    assert_eq!(rows, expected);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn active_nodes_are_those_of_the_registry() {
    let place = Place::sqlite().await;
    let mut node = Node::start(&place).await;
    let register = |code: &str, kind: &str, state: &str, area: &str| {
        let subject = Subject {
            kind: kind.into(),
            scheme: "uscc".into(),
            code: code.into(),
            state: state.into(),
            area: area.into(),
            ..Subject::default()
        };
        Entry::new(&Envelope { kind: "subject.registered".into(), ..Envelope::default() }, subject.encode_to_vec())
    };
    let entries = [
        register("91370600000000019G", "establishment", "active", "370602"),
        register("91310000MA0000015F", "establishment", "active", "370602"),
        register("92640100MA00000A9P", "establishment", "suspended", "370602"),
        register("93350200MA0000A199", "operator", "active", "370602"),
        register("12110000400000018T", "establishment", "active", "350203"),
    ];
    append(&node.registry, &entries).await;
    node.submit("u1 RETAIL 5T09:00 uscc:91370600000000019G SEEN:T1:ITEM=1,box", 1).await;
    for _ in 0..4_000 {
        let score = node.scorecard("area", "").await;
        let total = indicators(score.total.as_ref().unwrap());
        if total[0] == "active_nodes 1/3" {
            assert_eq!(indicators(&score.rows[0])[0], "active_nodes 1/2");
            return node.stop().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("the registry's establishments are not counted");
}
