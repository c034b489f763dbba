//! Every submission has its one answer, on the topics of its provider.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use tracemesh_proto::ingestion::v1::ListReceiptsRequest;
use tracemesh_testkit::kafka::Message;
use tracemesh_testkit::{Place, on_both};

use crate::border::{Border, record, stored_offset};
use crate::caller::end;
use crate::node::{eventually, verify};
use crate::records::harvest;

on_both!(each_submission_has_one_receipt, what_came_by_another_door_is_answered_here_too);

const EACH: usize = 75;

/// On each of four partitions 75 records, 10 that were sent before, 10 without a class, 5 that are no JSON.
fn load() -> Vec<Message> {
    let mut messages = Vec::new();
    for partition in 0..4 {
        let id = |i: usize| format!("r{partition}-{i}");
        messages.extend((0..EACH).map(|i| record(&id(i), partition)));
        messages.extend((0..10).map(|i| record(&id(i), partition)));
        messages.extend((0..10).map(|i| {
            let mut classless = harvest(&format!("bad{partition}-{i}"), "lot");
            classless.as_object_mut().unwrap().remove("class");
            Message::new("lot", classless.to_string()).on(partition)
        }));
        messages.extend((0..5).map(|i| Message::new("lot", format!("{{oops {i}")).on(partition)));
    }
    messages
}

async fn each_submission_has_one_receipt(place: Place) {
    let border = Border::at(place).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    let messages = load();
    let sent = border.send("acme", &messages).await;

    let answers = border.receipts("acme", messages.len()).await;
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    answers.values().for_each(|answered| *ends.entry(end(&answered.receipt)).or_default() += 1);
    let expected = [("ACCEPTED", 300), ("DUPLICATE", 40), ("record.class.missing", 40), ("record.syntax", 20)];
    assert_eq!(ends, expected.map(|(end, count)| (end.to_owned(), count)).into());

    let unreadable = sent.iter().zip(&messages).filter(|(_, message)| message.payload.starts_with(b"{oops"));
    let places: BTreeSet<String> = unreadable.map(|((partition, offset), _)| format!("{partition}/{offset}")).collect();
    let keys = |of: &str| answers.values().filter(|it| end(&it.receipt) == of).map(|it| it.message.key.clone()).collect::<BTreeSet<_>>();
    assert_eq!(keys("record.syntax"), places, "what has no record id is found by its place");
    assert!(answers.values().all(|it| it.receipt.record_id.is_empty() || it.message.key == it.receipt.record_id));
    assert!(answers.values().all(|it| it.message.headers["content-type"] == "application/json"));

    dead_letters_are_as_they_came(&border, &messages, &sent).await;
    let intake = node.intake().await;
    assert_eq!((intake.submissions, intake.accepted, intake.duplicate, intake.rejected), (400, 300, 40, 60));
    let tables = border.tables(node.folder.path()).await;
    for partition in 0..4 {
        assert_eq!(stored_offset(&tables, &border.source("acme", partition)).await, 100);
        let lag_tools_see = async || {
            (border.broker.committed(&format!("{}tracemesh-local", border.prefix), &border.inbound("acme"), partition) == Some(100))
                .then_some(())
        };
        eventually("the offset is committed to the broker", lag_tools_see).await;
    }
    let audit = verify(&node.operator().await.clients).await;
    assert!(audit.ok, "{:?}", audit.first_bad);
}

async fn dead_letters_are_as_they_came(border: &Border, messages: &[Message], sent: &[(i32, i64)]) {
    let rejected: BTreeMap<(i32, i64), &Message> =
        sent.iter().copied().zip(messages).filter(|(_, message)| message.payload.starts_with(b"{oops") || message.key == "lot").collect();
    let letters = border.dead_letters("acme", rejected.len()).await;
    for letter in &letters {
        let header = |name: &str| letter.headers[&format!("__connect.errors.{name}")].as_str();
        assert_eq!(header("topic"), border.inbound("acme"));
        let original = rejected[&(header("partition").parse().unwrap(), header("offset").parse().unwrap())];
        assert_eq!(letter.payload, original.payload);
        assert_eq!(header("connector.name"), "local.ingestion");
        assert!(["record.class.missing", "record.syntax"].contains(&header("exception.class.name")));
        assert!(header("exception.stacktrace").contains(header("exception.class.name")));
        assert!(letter.headers["tracemesh.receipt"].starts_with("local.ingestion/1/"));
    }
    assert_eq!(letters.len(), rejected.len());
}

async fn what_came_by_another_door_is_answered_here_too(place: Place) {
    let border = Border::at(place).await;
    let node = border.start().await;
    let beta = node.provider("beta").await;
    border.topics_are_there("beta").await;
    let mut bad = harvest("b-2", "lot");
    bad["revision"] = json!(0);
    beta.submit(&[harvest("b-1", "lot"), bad]).await;

    let answers = border.receipts("beta", 2).await;
    let listed = beta.receipts(ListReceiptsRequest::default()).await.unwrap();
    for receipt in listed {
        assert_eq!(answers[&receipt.id].receipt, receipt, "the receipt on the topic is the receipt");
    }
    let letter = border.dead_letters("beta", 1).await.remove(0);
    assert_eq!(letter.key, "b-2");
    assert!(!letter.headers.contains_key("__connect.errors.topic"), "it came from no topic");
}
