//! What a message says about itself, and how its producer wrote it.

use rdkafka::producer::Producer;
use tracemesh_testkit::Place;
use tracemesh_testkit::kafka::Message;

use crate::border::{Border, PATIENCE, record};
use crate::caller::end;
use crate::records::{event, harvest, protobuf};

const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_format_is_read_and_none_other() {
    let border = Border::at(Place::sqlite().await).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    let document = harvest("json", "lot").to_string();
    let messages = [
        Message::new("a", document.clone()),
        Message::new("a", protobuf(&harvest("protobuf", "lot"))).header("content-type", "application/x-protobuf"),
        Message::new("a", event("urn:uuid:8d2f3c1e-0000-4000-8000-000000000001", "1").to_string())
            .header("content-type", "application/epcis+json"),
        Message::new("a", protobuf(&harvest("cloud", "lot")))
            .header("ce_specversion", "1.0")
            .header("ce_datacontenttype", "application/x-protobuf"),
        Message::new("a", harvest("traced", "lot").to_string()).header("traceparent", TRACE),
        Message::new("a", document).header("content-type", "text/csv"),
        Message::new("a", Vec::new()),
    ];
    border.send("acme", &messages).await;

    let answers = border.receipts("acme", messages.len()).await;
    let mut ends: Vec<(String, String)> = answers.values().map(|it| (end(&it.receipt), it.receipt.record_id.clone())).collect();
    ends.sort();
    let accepted = ["cloud", "json", "protobuf", "traced", "urn:uuid:8d2f3c1e-0000-4000-8000-000000000001"].map(|id| ("ACCEPTED", id));
    let expected: Vec<(&str, &str)> = accepted.into_iter().chain([("error.request.media_type", ""), ("record.empty", "")]).collect();
    assert_eq!(ends.iter().map(|(end, id)| (end.as_str(), id.as_str())).collect::<Vec<_>>(), expected);

    let refused = answers.values().find(|it| end(&it.receipt) == "error.request.media_type").unwrap();
    assert!(refused.receipt.reasons[0].remedy_en.contains("application/epcis+json"), "{:?}", refused.receipt.reasons);
    let traced = answers.values().find(|it| it.receipt.record_id == "traced").unwrap();
    assert_eq!(traced.message.headers["traceparent"], TRACE, "the answer belongs to the question's trace");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_codec_a_producer_compresses_with() {
    let border = Border::at(Place::sqlite().await).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    for codec in ["gzip", "snappy", "lz4", "zstd"] {
        let producer = border.broker.producing(&[("compression.type", codec)]);
        let messages: Vec<Message> = (0..20).map(|i| record(&format!("{codec}-{i}"), 0)).collect();
        producer.send(&border.inbound("acme"), &messages).await;
    }
    border.receipts("acme", 80).await;
    assert_eq!(node.intake().await.accepted, 80);
}

/// Offsets have gaps where transactions end, and what was taken back was never sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_what_a_transaction_committed_is_a_submission() {
    let border = Border::at(Place::sqlite().await).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    let writer = border.broker.producing(&[("transactional.id", &border.prefix)]);
    writer.producer().init_transactions(PATIENCE).unwrap();
    for (round, commits) in [true, false, true].into_iter().enumerate() {
        writer.producer().begin_transaction().unwrap();
        let messages: Vec<Message> = (0..5).map(|i| record(&format!("tx{round}-{i}"), 0)).collect();
        writer.send(&border.inbound("acme"), &messages).await;
        let ended = if commits { writer.producer().commit_transaction(PATIENCE) } else { writer.producer().abort_transaction(PATIENCE) };
        ended.unwrap();
    }
    border.send("acme", &[record("last", 0)]).await;
    let answers = border.receipts("acme", 11).await;
    assert!(answers.values().all(|it| !it.receipt.record_id.starts_with("tx1")));
    assert_eq!(node.intake().await.submissions, 11);
}
