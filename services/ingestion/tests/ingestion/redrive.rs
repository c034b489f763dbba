//! Rejected submissions as a work list: the bytes wait until what was missing is there, and are then submitted again.

use serde_json::json;
use tonic::Code;

use crate::caller::{EPCIS, end, ends, message};
use crate::node::{Node, eventually};
use crate::records::{code_of, harvest};
use tracemesh_proto::registry::v1::Provider;

/// A record from a place that no table knows.
fn from_zone(id: &str, zone: &str) -> serde_json::Value {
    let mut record = harvest(id, &format!("lot-{id}"));
    record["place"]["region"] = json!(zone);
    record
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_letter_is_taken_once_its_area_is_registered() {
    let node = Node::start().await;
    let (acme, operator) = (node.provider("acme").await, node.operator().await);
    let dead = acme.submit_one(&from_zone("1", "zone-7")).await;
    assert_eq!(end(&dead), "record.place.region.unknown");
    let letters = acme.dead_letters("").await;
    assert_eq!((letters.len(), letters[0].state.as_str(), letters[0].redriven_as.as_str()), (1, "open", ""));
    assert_eq!((letters[0].receipt.as_ref(), letters[0].content_type.as_str()), (Some(&dead), "application/json"));

    node.add_areas(&["370000", "zone-7"]).await;
    canary(&node, "zone-7").await;
    let taken = acme.redrive(&dead.id).await.unwrap();
    assert_eq!((end(&taken).as_str(), taken.redrives.as_str(), &taken.sha256), ("ACCEPTED", dead.id.as_str(), &dead.sha256));
    assert_eq!(acme.chain(&code_of("lot-1")).await, ["1@1"]);
    assert_eq!(acme.dead_letters("open").await, []);
    let letters = acme.dead_letters("redriven").await;
    assert_eq!((letters.len(), letters[0].state.as_str(), &letters[0].redriven_as), (1, "redriven", &taken.id));
    assert_eq!(end(&acme.receipt(&dead.id).await.unwrap()), "record.place.region.unknown", "what was said stays said");

    let again = operator.redrive(&dead.id).await.unwrap();
    assert_eq!((end(&again).as_str(), &again.first), ("DUPLICATE", &taken.id));
    assert_eq!(acme.dead_letters("all").await[0].redriven_as, again.id, "the newest redrive");
    let intake = node.intake().await;
    assert_eq!(intake.submissions, intake.accepted + intake.duplicate + intake.rejected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_outside_the_scope_comes_in_when_the_area_is_hung_below_it() {
    let node = Node::start().await;
    let scoped = Provider { id: "acme".into(), areas: vec!["370600".into()], ..Provider::default() };
    let acme = node.provider_with(scoped).await;
    let dead = acme.submit(&[from_zone("1", "zone-7"), from_zone("2", "440100")]).await;
    assert_eq!(ends(&dead), ["record.place.region.unknown", "record.place.area.scope"]);

    node.add_areas(&["370000", "370600", "zone-7"]).await;
    canary(&node, "zone-7").await;
    assert_eq!(end(&acme.redrive(&dead[0].id).await.unwrap()), "ACCEPTED");
    let refused = acme.redrive(&dead[1].id).await.unwrap();
    assert_eq!(end(&refused), "record.place.area.scope");
    let open = acme.dead_letters("open").await;
    assert_eq!(open.len(), 1, "what is rejected again is a new dead letter, and the old one is done with");
    assert_eq!(open[0].receipt.as_ref().unwrap().id, refused.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redrive_reads_the_bytes_as_they_came_in() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let dead = acme.stream(vec![message(EPCIS, r#"{"type":"ObjectEvent"}"#), message("application/x-protobuf", vec![0xff])]).await.unwrap();
    for dead in &dead {
        let again = acme.redrive(&dead.id).await.unwrap();
        assert_eq!(ends(std::slice::from_ref(&again)), ends(std::slice::from_ref(dead)));
        assert_eq!(acme.original(&again.id).await.unwrap(), acme.original(&dead.id).await.unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_ones_own_dead_letters_can_be_redriven_and_only_those() {
    let node = Node::start().await;
    let (acme, other) = (node.provider("acme").await, node.provider("other").await);
    let dead = acme.submit_one(&json!({"record_id": "1"})).await;
    let taken = acme.submit_one(&harvest("2", "lot-2")).await;
    let refused = |outcome: Result<_, tonic::Status>| outcome.map(|_: tracemesh_proto::ingestion::v1::Receipt| ()).unwrap_err().code();
    assert_eq!(refused(other.redrive(&dead.id).await), Code::NotFound, "what one may not see is not there");
    assert_eq!(refused(acme.redrive(&taken.id).await), Code::NotFound);
    assert_eq!(refused(acme.redrive("local.ingestion/1/99").await), Code::NotFound);
    assert_eq!(refused(acme.redrive("nonsense").await), Code::InvalidArgument);
    assert_eq!(other.dead_letters("all").await, []);
}

/// Waits until the doors know an area.
async fn canary(node: &Node, area: &str) {
    let operator = node.operator().await;
    let mut tries = 0;
    eventually("the doors know the area", async || {
        tries += 1;
        let record = from_zone(&format!("canary-{tries}"), area);
        (end(&operator.submit_one(&record).await) == "ACCEPTED").then_some(())
    })
    .await;
}
