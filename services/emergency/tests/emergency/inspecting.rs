//! Failed inspections: proposed at once, and issued without a person only where a rule and an authorised laboratory allow it.

use std::time::Duration;

use tracemesh_chassis::{Clock, NodeConfig};
use tracemesh_proto::emergency::v1::*;
use tracemesh_proto::registry::v1::Laboratory;
use tracemesh_testkit::{Place, on_both};

use crate::node::{NOW, Node};
use crate::region::holding;

on_both!(a_failed_inspection_is_proposed_once, an_authorised_laboratory_stops_sale_where_the_rule_leaves_it_to_that);

const LABORATORY: &str = "12110000400000018T";

fn inspection(record_id: &str, laboratory: &str, result: &str) -> String {
    format!(
        r#"{{"record_id": "{record_id}", "class": "INSPECT", "category": "FOOD", "event_time": "2026-02-09T08:00:00+08:00",
        "place": {{"region": "370602"}}, "product": {{"name": "鲜肉"}},
        "parties": {{"responsible": {{"code": {{"scheme": "uscc", "value": "{laboratory}"}}}}}},
        "units": [{{"role": "OBSERVED", "code": {{"scheme": "opaque", "issuer": "yantai", "value": "L1"}}, "granularity": "BATCH"}}],
        "evidence": [{{"kind": "INSPECTION_REPORT", "number": "R-1", "result": "{result}"}}]}}"#
    )
}

async fn a_failed_inspection_is_proposed_once(place: Place) {
    let node = Node::start(&place, "yantai", "370600", &Clock::manual(NOW)).await;
    node.clerk.knows(&[1], vec![holding("yantai", "s", "s", "1")]);
    for result in ["PASS", "FAIL"] {
        let place = node.clerk.accept("acme", &inspection(result, LABORATORY, result)).await;
        node.has_followed(place).await;
    }
    let incidents = node.drafter().list_incidents(ListIncidentsRequest::default()).await.unwrap().into_inner().incidents;
    let [incident] = incidents.as_slice() else { panic!("{incidents:?}") };
    assert_eq!((incident.opened_by_kind.as_str(), incident.source.as_str()), ("inspection", "yantai.ingestion/1/2"));
    assert_eq!((incident.codes.as_slice(), incident.area.as_str()), (&["opaque:yantai/L1".to_owned()][..], "370602"));
    let order = node.board(&incident.orders[0]).await.order.unwrap();
    assert_eq!((order.kind.as_str(), order.state.as_str(), order.automatic), ("STOP_SALE", "drafted", false));
    assert_eq!(order.steps[0].by, "service:emergency");
    node.review(&order.id).await;
    assert_eq!(node.sign(&order.id).await.state, "issued");
    node.stop().await;
}

async fn an_authorised_laboratory_stops_sale_where_the_rule_leaves_it_to_that(place: Place) {
    let rules = place.folder.path().join("rules.toml");
    let text = "[[inspection]]\nid = 'inspection/yantai'\nfrom = '2026-01-01'\nareas = ['370600']\ncategories = ['FOOD']\nsource = 'a test'\n\
                automatic = true\n";
    std::fs::write(&rules, text).unwrap();
    let told = |config: &mut NodeConfig| config.emergency = serde_json::from_value(serde_json::json!({ "rules": rules })).unwrap();
    let clock = Clock::manual(NOW);
    let node = Node::start_as(&place, "yantai", "370600", &clock, told).await;
    node.clerk.knows(&[1], vec![holding("yantai", "s", "s", "1")]);
    let laboratory = Laboratory {
        code: LABORATORY.into(),
        name: "检验所".into(),
        areas: vec!["370600".into()],
        categories: vec!["*".into()],
        valid_to: "2026-02-09".into(),
        ..Laboratory::default()
    };
    let authorised = node.clerk.authorise(laboratory).await;
    node.has_followed(authorised).await;
    let stranger = node.clerk.accept("acme", &inspection("A", "91310000MA0000015F", "FAIL")).await;
    node.has_followed(stranger).await;
    node.clerk.accept("acme", &inspection("B", LABORATORY, "FAIL")).await;
    let issued: Vec<OrderIssued> = node.told("order.issued", 1).await;
    let order: Order = prost::Message::decode(issued[0].order.as_ref()).unwrap();
    let steps: Vec<(&str, &str)> = order.steps.iter().map(|step| (step.what.as_str(), step.by.as_str())).collect();
    assert_eq!(steps, [("drafted", "service:emergency"), ("issued", "service:emergency")]);
    assert_eq!((order.id.as_str(), order.automatic, order.released), ("yantai/2", true, false), "the stranger's waits for people");

    clock.advance(Duration::from_secs(24 * 3600));
    let late = node.clerk.accept("acme", &inspection("C", LABORATORY, "FAIL")).await;
    node.has_followed(late).await;
    let third = node.board("yantai/3").await.order.unwrap();
    assert_eq!((third.state.as_str(), third.automatic), ("drafted", false), "its authorisation has ended");
    node.stop().await;
}
