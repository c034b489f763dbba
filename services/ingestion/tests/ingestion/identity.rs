//! Who a record is: what is sent again, what says something else under the same name, and what a correction takes back.

use serde_json::json;
use tracemesh_proto::ingestion::v1::receipt::Verdict;

use crate::caller::{EPCIS, JSON, PROTOBUF, end, ends};
use crate::node::Node;
use crate::records::{code_of, corrected, event, harvest, mix, protobuf, rewritten, voided};
use crate::tamper::Tamperer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_says_the_same_is_a_duplicate_of_the_first_whatever_its_bytes() {
    let node = Node::start().await;
    let (acme, other) = (node.provider("acme").await, node.provider("other").await);
    let record = harvest("1", "lot-1");
    let first = acme.submit_one(&record).await;
    assert_eq!((end(&first).as_str(), first.first.as_str()), ("ACCEPTED", ""));
    let again = [
        acme.submit_one(&record).await,
        acme.post(JSON, record.to_string()).await.receipts().remove(0),
        acme.post(JSON, rewritten(&record)).await.receipts().remove(0),
        acme.post(PROTOBUF, protobuf(&record)).await.receipts().remove(0),
    ];
    for receipt in &again {
        assert_eq!((end(receipt).as_str(), receipt.first.as_str()), ("DUPLICATE", first.id.as_str()));
        assert_eq!((receipt.record_id.as_str(), receipt.revision), ("1", 1));
    }
    let elsewhere = other.submit_one(&record).await;
    assert_eq!(end(&elsewhere), "ACCEPTED", "an id is a provider's own");

    let binary = acme.post(PROTOBUF, protobuf(&harvest("2", "lot-2"))).await.receipts().remove(0);
    let spelled = acme.submit_one(&harvest("2", "lot-2")).await;
    assert_eq!((end(&spelled).as_str(), spelled.first), ("DUPLICATE", binary.id));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_says_something_else_under_the_same_name_is_a_conflict_and_changes_nothing() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let record = harvest("1", "lot-1");
    let first = acme.submit_one(&record).await;
    let mut heavier = record.clone();
    heavier["units"][0]["quantity"]["value"] = json!("12.6");
    for other in [harvest("1", "lot-2"), heavier] {
        let refused = acme.submit_one(&other).await;
        let reason = &refused.reasons[0];
        assert_eq!((end(&refused).as_str(), reason.field.as_str()), ("record.conflict", "record_id"));
        assert_eq!(reason.value, format!("1 ({})", first.id), "it names what it is in conflict with");
    }
    assert_eq!(acme.chain(&code_of("lot-1")).await, ["1@1"]);
    assert_eq!(acme.chain(&code_of("lot-2")).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_takes_back_every_hop_of_what_it_replaces() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let record = mix("1", &["apple-1", "apple-2"], "juice-1");
    acme.submit(&[harvest("a1", "apple-1"), harvest("a2", "apple-2"), record.clone()]).await;
    assert_eq!(acme.chain(&code_of("juice-1")).await, ["1@1", "a1@1", "a2@1"]);

    let mut second = corrected(&record, 2, "juice-2");
    second["units"].as_array_mut().unwrap().remove(1);
    let receipt = acme.submit_one(&second).await;
    assert_eq!((end(&receipt).as_str(), receipt.revision), ("ACCEPTED", 2));
    assert_eq!(acme.chain(&code_of("juice-1")).await, [""; 0], "the old unit is gone");
    assert_eq!(acme.chain(&code_of("juice-2")).await, ["1@2", "a2@1"]);
    assert_eq!(acme.chain(&code_of("apple-1")).await, ["a1@1"], "an input that the correction does not name leads nowhere");

    let third = acme.submit_one(&corrected(&record, 3, "juice-3")).await;
    assert_eq!(end(&third), "ACCEPTED");
    assert_eq!(acme.chain(&code_of("juice-2")).await, [""; 0]);
    assert_eq!(acme.chain(&code_of("juice-3")).await, ["1@3", "a1@1", "a2@1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn revisions_are_taken_in_rising_order_and_each_is_known_again() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let record = harvest("1", "lot-1");
    let (second, fourth) = (corrected(&record, 2, "lot-2"), corrected(&record, 4, "lot-4"));
    let taken = acme.submit(&[record.clone(), second.clone(), fourth.clone()]).await;
    assert_eq!(ends(&taken), ["ACCEPTED"; 3]);

    let late = acme.submit_one(&corrected(&record, 3, "lot-3")).await;
    assert_eq!(
        (end(&late).as_str(), late.reasons[0].field.as_str(), late.reasons[0].value.as_str()),
        ("record.superseded", "revision", "3 < 4")
    );
    let again = acme.submit(&[record.clone(), second, fourth]).await;
    assert_eq!(ends(&again), ["DUPLICATE"; 3]);
    assert_eq!(again.iter().map(|receipt| &receipt.first).collect::<Vec<_>>(), taken.iter().map(|receipt| &receipt.id).collect::<Vec<_>>());
    assert_eq!(end(&acme.submit_one(&corrected(&record, 2, "lot-other")).await), "record.conflict");

    let sole = corrected(&harvest("9", "lot-8"), 3, "lot-9");
    assert_eq!(end(&acme.submit_one(&sole).await), "ACCEPTED", "whoever joins late begins where it stands");
    assert_eq!(acme.chain(&code_of("lot-9")).await, ["9@3"]);
    assert_eq!(ends(&acme.submit(&[harvest("9", "lot-8"), sole]).await), ["record.superseded", "DUPLICATE"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_void_leaves_nothing_and_a_later_revision_may_stand_in_its_place() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let record = harvest("1", "lot-1");
    let taken = acme.submit(&[record.clone(), voided(&record, 2)]).await;
    assert_eq!(ends(&taken), ["ACCEPTED"; 2]);
    assert_eq!(acme.chain(&code_of("lot-1")).await, [""; 0]);
    assert_eq!(end(&acme.submit_one(&record).await), "DUPLICATE", "a void record was sent all the same");
    assert_eq!(end(&acme.submit_one(&corrected(&record, 3, "lot-1")).await), "ACCEPTED");
    assert_eq!(acme.chain(&code_of("lot-1")).await, ["1@3"]);
    assert!(crate::node::verify(&node.operator().await.clients).await.ok);
}

/// EPCIS has no revisions: an error declaration carries the id of what it declares wrong.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_declaration_voids_the_event_that_it_names() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let event = event("urn:uuid:1", "A1");
    let mut declared = event.clone();
    declared["errorDeclaration"] = json!({"declarationTime": "2025-10-02T00:00:00Z", "reason": "incorrect_data"});
    let receipts = acme.post(EPCIS, format!("[{event},{declared},{declared},{event}]")).await.receipts();
    assert_eq!(ends(&receipts), ["ACCEPTED", "ACCEPTED", "DUPLICATE", "DUPLICATE"]);
    assert_eq!(receipts.iter().map(|receipt| receipt.revision).collect::<Vec<_>>(), [1, 2, 2, 1]);
    assert_eq!(acme.chain("urn:epc:id:sgtin:6901234.056789.A1").await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn within_one_batch_each_looks_back_at_those_before_it() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let record = harvest("1", "lot-1");
    let second = corrected(&record, 2, "lot-2");
    let batch =
        [&record, &record, &harvest("1", "lot-x"), &second, &second, &record, &harvest("2", "lot-y"), &corrected(&record, 3, "lot-3")];
    let body = format!("[{}]", batch.map(|record| record.to_string()).join(","));
    let receipts = acme.post(JSON, body).await.receipts();
    let expected = ["ACCEPTED", "DUPLICATE", "record.conflict", "ACCEPTED", "DUPLICATE", "DUPLICATE", "ACCEPTED", "ACCEPTED"];
    assert_eq!(ends(&receipts), expected);
    let first_of = |place: usize| receipts[place].first.as_str();
    assert_eq!([first_of(1), first_of(4), first_of(5)], [&receipts[0].id, &receipts[3].id, &receipts[0].id]);
    assert_eq!(acme.chain(&code_of("lot-3")).await, ["1@3"]);
    for old in ["lot-1", "lot-2", "lot-x"] {
        assert_eq!(acme.chain(&code_of(old)).await, [""; 0], "{old}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_who_send_the_same_at_once_one_is_the_first() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let record = harvest("1", "lot-1");
    let senders = (0..12).map(|sender| {
        let (acme, record) = (acme.clone(), record.clone());
        async move {
            match sender % 3 {
                0 => acme.submit_one(&record).await,
                1 => acme.post(JSON, rewritten(&record)).await.receipts().remove(0),
                _ => acme.post(PROTOBUF, protobuf(&record)).await.receipts().remove(0),
            }
        }
    });
    let receipts = futures::future::join_all(senders).await;
    let first: Vec<_> = receipts.iter().filter(|receipt| receipt.verdict() == Verdict::Accepted).collect();
    assert_eq!(first.len(), 1, "{:?}", ends(&receipts));
    let others = receipts.iter().filter(|receipt| receipt.id != first[0].id);
    assert!(others.clone().all(|receipt| receipt.verdict() == Verdict::Duplicate && receipt.first == first[0].id), "{:?}", ends(&receipts));
    assert_eq!(acme.chain(&code_of("lot-1")).await, ["1@1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_builds_on_a_damaged_record_is_rejected_and_nothing_else_is() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let record = harvest("1", "lot-1");
    assert_eq!(end(&acme.submit_one(&record).await), "ACCEPTED");
    let tamperer = Tamperer::open(node.folder.path(), "ingestion").await;
    let first_with_a_record = "block = (SELECT min(record) >> 16 FROM record)";
    assert_eq!(tamperer.run(&format!("UPDATE journal_block SET bodies = x'00' WHERE {first_with_a_record}"), vec![]).await, Some(1));

    let sent = acme.submit(&[corrected(&record, 2, "lot-2"), harvest("2", "lot-3"), record]).await;
    assert_eq!(ends(&sent), ["record.earlier_damaged", "ACCEPTED", "record.earlier_damaged"]);
    tamperer.close().await;
}
