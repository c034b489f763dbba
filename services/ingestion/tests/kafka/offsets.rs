//! Where a partition stands is the database's to say, whatever somebody else believes.

use ed25519_dalek::SigningKey;
use serde_json::Value;
use tracemesh_journal::{DecodedEntry, Journal};
use tracemesh_store::Database;
use tracemesh_testkit::kafka::Message;
use tracemesh_testkit::{Place, on_both};

use crate::border::{Border, readiness, record, set_offset};
use crate::node::eventually;

on_both!(an_offset_outside_the_log_stops_its_partition, who_lost_a_partition_reads_it_again);

fn records(name: &str, count: usize, partition: i32) -> Vec<Message> {
    (0..count).map(|i| record(&format!("{name}-{i}"), partition)).collect()
}

async fn an_offset_outside_the_log_stops_its_partition(place: Place) {
    let border = Border::at(place).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    border.send("acme", &[records("first0", 10, 0), records("first1", 10, 1)].concat()).await;
    border.receipts("acme", 20).await;
    assert_eq!(readiness(&node, "ingestion.kafka").await.0, "ok");
    let folder = node.stop().await;

    // While the node is away its messages grow old: 10 to 12 are gone before it reads them.
    border.send("acme", &records("late", 5, 0)).await;
    border.broker.delete_before(&border.inbound("acme"), 0, 13).await;
    let node = border.start_in(folder).await;
    let stopped = border.source("acme", 0);
    let alarm = async || Some(readiness(&node, "ingestion.kafka").await).filter(|(state, _)| state == "degraded");
    let (_, detail) = eventually("the partition stops visibly", alarm).await;
    assert!(detail.contains(&stopped) && detail.contains("offset 10") && detail.contains("from 13 to 15"), "{detail}");

    border.send("acme", &records("second1", 5, 1)).await;
    border.receipts("acme", 25).await;
    assert_eq!(node.intake().await.submissions, 25, "nothing of the stopped partition was taken, and it holds up no other");
    let folder = node.stop().await;
    let tables = border.tables(folder.path()).await;
    let alarms = entries(&tables, "source.offset_lost").await;
    assert_eq!(alarms.len(), 1);
    let body: Value = serde_json::from_slice(alarms[0].body.as_deref().unwrap()).unwrap();
    assert_eq!(body, serde_json::json!({"source": stopped, "next": 10, "log": [13, 15]}));
    assert_eq!((alarms[0].envelope.provider.as_str(), alarms[0].envelope.source_offset), ("acme", 10));

    // A person has looked, and lets it go on.
    set_offset(&tables, &stopped, 13).await;
    tables.close().await;
    let node = border.start_in(folder).await;
    border.receipts("acme", 27).await;
    assert_eq!(readiness(&node, "ingestion.kafka").await.0, "ok");
}

async fn entries(tables: &Database, kind: &str) -> Vec<DecodedEntry> {
    let key = SigningKey::from_bytes(&[7; 32]);
    let journal = Journal::open(tables, "local.ingestion", key, std::sync::Arc::new(|| 0)).await.unwrap();
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let commits = journal.read(after, 1 << 20).await.unwrap();
        let Some(last) = commits.last() else { return found };
        after = last.first_seq + u64::from(last.entries) - 1;
        let entries = commits.iter().flat_map(|commit| journal.decode(commit).unwrap().entries);
        found.extend(entries.filter(|entry| entry.envelope.kind == kind));
    }
}

/// As when a process was thought dead, and its partition read by another meanwhile.
async fn who_lost_a_partition_reads_it_again(place: Place) {
    let border = Border::at(place).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    border.send("acme", &[records("first0", 10, 0), records("first1", 10, 1)].concat()).await;
    border.receipts("acme", 20).await;

    let tables = border.tables(node.folder.path()).await;
    set_offset(&tables, &border.source("acme", 0), 7).await;
    border.send("acme", &[record("next0", 0), record("next1", 1)]).await;
    border.receipts("acme", 25).await;
    let intake = node.intake().await;
    assert_eq!((intake.accepted, intake.duplicate), (22, 3), "from where the database says, and the other partition goes on");
    border.send("acme", &records("after", 3, 0)).await;
    border.receipts("acme", 28).await;
}
