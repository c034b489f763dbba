//! Chains from submitted records: what the trace index must say of a record for the walk to be right.

use serde_json::{Value, json};

use crate::node::Node;
use crate::records::{code_of, harvest, mix};

/// A record of a class on some day of October, with units by role; a GTIN alone is a class of things.
fn event(day: u32, class: &str, units: &[(&str, &str)]) -> Value {
    let mut record = harvest(&day.to_string(), "");
    record["class"] = json!(class);
    record["event_time"] = json!(format!("2025-10-{day:02}T08:00:00+08:00"));
    let unit = |(role, value): &(&str, &str)| {
        let scheme = if *value == GTIN { "gtin" } else { "opaque" };
        json!({"role": role, "code": {"scheme": scheme, "value": value}})
    };
    record["units"] = units.iter().map(unit).collect();
    record
}

const GTIN: &str = "06901234567892";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_followed_with_every_carton_that_it_went_into() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let pack = |day, carton| event(day, "PACK", &[("CONTAINER", carton), ("CONTENT", "rice")]);
    let seen = |day, what| event(day, "TRANSPORT", &[("OBSERVED", what)]);
    acme.submit(&[pack(2, "carton-1"), pack(3, "carton-2"), seen(5, "carton-1"), seen(6, "carton-2")]).await;
    assert_eq!(acme.chain(&code_of("rice")).await, ["2@1", "3@1", "5@1", "6@1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_container_is_not_emptied_by_taking_some_kind_of_thing_out_of_it() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let packed = event(2, "PACK", &[("CONTAINER", "pallet"), ("CONTENT", "rice"), ("CONTENT", GTIN)]);
    let some_out = event(3, "UNPACK", &[("CONTAINER", "pallet"), ("CONTENT", GTIN)]);
    let moved = event(4, "TRANSPORT", &[("OBSERVED", "pallet")]);
    let all_out = event(5, "UNPACK", &[("CONTAINER", "pallet")]);
    let later = event(6, "TRANSPORT", &[("OBSERVED", "pallet")]);
    acme.submit(&[packed, some_out, moved, all_out, later]).await;
    assert_eq!(acme.chain(&code_of("rice")).await, ["2@1", "3@1", "4@1", "5@1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_in_a_container_goes_where_the_container_is_used() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let poured = event(1, "PACK", &[("CONTAINER", "tank"), ("CONTENT", "milk")]);
    let mut cheese = mix("2", &["tank"], "cheese");
    cheese["event_time"] = json!("2025-10-03T08:00:00+08:00");
    let sold = event(4, "RETAIL", &[("OBSERVED", "cheese")]);
    acme.submit(&[poured, cheese, sold]).await;
    assert_eq!(acme.chain(&code_of("milk")).await, ["1@1", "2@1", "4@1"]);
    assert_eq!(acme.chain(&code_of("cheese")).await, ["1@1", "2@1", "4@1"]);
}
