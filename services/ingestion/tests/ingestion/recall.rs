//! What a recall has to reach, as a regulator asks for it: units and holdings from submitted records, and what the answer says where something
//! is missing.

use futures::TryStreamExt;
use serde_json::{Value, json};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use tracemesh_proto::ingestion::v1::get_scope_response::Item;
use tracemesh_proto::ingestion::v1::{GetScopeRequest, Holding, ScopeHead, ScopeUnit};

use crate::caller::Caller;
use crate::node::Node;
use crate::records::{GROWER, code_of, harvest};

/// A record of a class on some day of October, by somebody, perhaps for somebody else, with lots by role and how much of each.
pub fn act(day: u32, class: &str, by: &str, to: &str, units: &[(&str, &str, &str)]) -> Value {
    let mut record = harvest(&format!("{class}-{day}"), "");
    record["class"] = json!(class);
    record["event_time"] = json!(format!("2025-10-{day:02}T08:00:00+08:00"));
    record["parties"] = json!({"responsible": {"name": by}});
    record["product"] = json!({"name": "苹果"});
    if !to.is_empty() {
        record["parties"]["destination"] =
            json!({"code": {"scheme": "opaque", "issuer": "market", "value": to}, "name": format!("{to}号摊")});
    }
    let unit = |(role, lot, kg): &(&str, &str, &str)| {
        let (value, unit) = kg.split_once(' ').unwrap();
        json!({"role": role, "code": {"scheme": "opaque", "issuer": GROWER, "value": lot}, "quantity": {"value": value, "unit": unit}})
    };
    record["units"] = units.iter().map(unit).collect();
    record
}

/// One harvest of 100 kg; 40 kg and 50 jin of it sold to two stalls, of which one sold something.
pub fn apples() -> Vec<Value> {
    vec![
        act(1, "PRODUCE", "果园", "", &[("OUTPUT", "lot-1", "100 kg")]),
        act(2, "WHOLESALE", "果园", "11", &[("INPUT", "lot-1", "40 公斤"), ("OUTPUT", "stall-1", "40 kg")]),
        act(3, "WHOLESALE", "果园", "12", &[("INPUT", "lot-1", "50 斤"), ("OUTPUT", "stall-2", "50 斤")]),
        act(4, "RETAIL", "11号摊", "", &[("INPUT", "stall-1", "1.5 斤")]),
    ]
}

struct Scope {
    head: ScopeHead,
    units: Vec<ScopeUnit>,
    holdings: Vec<Holding>,
}

async fn scope(caller: &Caller, codes: &[String]) -> Result<Scope, Status> {
    let request = GetScopeRequest { codes: codes.to_vec(), local: true };
    let mut messages = caller.clients.trace().get_scope(request).await?.into_inner();
    let mut scope = Scope { head: ScopeHead::default(), units: Vec::new(), holdings: Vec::new() };
    while let Some(message) = messages.try_next().await? {
        match message.item.unwrap() {
            Item::Head(head) => scope.head = head,
            Item::Units(part) => scope.units.extend(part.units),
            Item::Holdings(part) => scope.holdings.extend(part.holdings),
        }
    }
    Ok(scope)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scope_says_who_has_how_much_of_what() {
    let node = Node::start().await;
    node.provider("acme").await.submit(&apples()).await;
    let scope = scope(&node.operator().await, &[code_of("lot-1")]).await.unwrap();
    let mut codes: Vec<&str> = scope.units.iter().map(|unit| unit.code.rsplit('/').next().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["lot-1", "stall-1", "stall-2"]);
    assert!(scope.units.is_sorted_by_key(|unit| unit.key));
    assert!(scope.units.iter().all(|unit| unit.product == "苹果" && unit.granularity == "BATCH" && !unit.carrier), "{:?}", scope.units);
    let told = scope.holdings.iter().map(|it| {
        let figures = [&it.made, &it.received, &it.passed_on, &it.used, &it.sold, &it.destroyed, &it.held, &it.over];
        (it.subject.as_str(), it.name.as_str(), it.unit_of_measure.as_str(), figures.map(String::as_str), it.units)
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("opaque:market/11", "11号摊", "kg", ["0", "40", "0", "0", "0.75", "0", "39.25", "0"], 1),
            ("opaque:market/12", "12号摊", "kg", ["0", "25", "0", "0", "0", "0", "25", "0"], 1),
            ("果园", "果园", "kg", ["100", "0", "65", "0", "0", "0", "35", "0"], 1),
        ]
    );
    let places: Vec<_> = scope.holdings.iter().map(|it| (it.node.as_str(), it.area.as_str(), it.category.as_str())).collect();
    assert_eq!(places, [("local", "370602", "FARM_PRODUCE"); 3]);
    let totals = scope.head.totals.unwrap();
    assert_eq!((totals.units, totals.records, totals.subjects, totals.nodes), (3, 4, 3, 1));
    assert_eq!((totals.by_measure[0].held.as_str(), totals.by_measure[0].sold.as_str()), ("99.25", "0.75"));
    assert!(scope.head.verdict.unwrap().complete);
    assert_eq!(scope.head.candidates.iter().filter(|candidate| candidate.hit).count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_codes_are_one_scope_and_an_unknown_one_is_told() {
    let node = Node::start().await;
    node.provider("acme").await.submit(&apples()).await;
    let operator = node.operator().await;
    let codes = ["stall-1", "stall-2", "nothing"].map(code_of);
    let both = scope(&operator, &codes).await.unwrap();
    assert_eq!(both.units.len(), 2);
    let verdict = both.head.verdict.unwrap();
    assert_eq!((verdict.complete, verdict.missing.len()), (false, 1));
    let missing = &verdict.missing[0];
    assert_eq!((missing.kind.as_str(), missing.detail.as_str()), ("unknown_code", code_of("nothing").as_str()));
    assert!(missing.message_zh.contains("nothing") && missing.message_en.contains("nothing"), "{missing:?}");
    // What the orchard sold stands at the stalls; where it had it from is upstream of what was asked for.
    let grown: Vec<_> =
        both.holdings.iter().filter(|it| it.subject == "果园").map(|it| (it.received.as_str(), it.passed_on.as_str())).collect();
    assert_eq!(grown, [("65", "65")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_answered_is_refused_with_its_reason() {
    let node = Node::start().await;
    let (acme, operator) = (node.provider("acme").await, node.operator().await);
    acme.submit(&apples()).await;
    let refused = async |codes: &[String]| scope(&operator, codes).await.err().unwrap();
    assert_eq!(refused(&[code_of("nothing"), code_of("nowhere")]).await.code(), Code::NotFound);
    for (codes, field) in [(vec![], "codes"), (vec![code_of("lot-1"); 101], "codes"), (vec![code_of("lot-1"), " ".into()], "codes[1]")] {
        let status = refused(&codes).await;
        let faults = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!((status.code(), faults.len(), faults[0].field.as_str()), (Code::InvalidArgument, 1, field));
    }
    assert_eq!(scope(&acme, &[code_of("lot-1")]).await.err().unwrap().code(), Code::PermissionDenied);
}
