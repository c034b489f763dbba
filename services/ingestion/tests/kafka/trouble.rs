//! A database that does not answer, and a topic that takes less than it should.

use tracemesh_store::sql;
use tracemesh_testkit::Place;
use tracemesh_testkit::kafka::Message;

use crate::border::{Border, record};
use crate::node::eventually;
use crate::records::harvest;

/// Nothing is dropped, nothing is taken twice, and it goes on by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stands_still_loses_nothing() {
    let border = Border::at(Place::postgres().await).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    let tables = border.tables(node.folder.path()).await;
    let lock = tables.begin().await.unwrap();
    sql::run(&lock, "LOCK TABLE record IN ACCESS EXCLUSIVE MODE", vec![]).await.unwrap();

    let messages: Vec<Message> = (0..3_000).map(|i| record(&format!("r-{i}"), i % 4)).collect();
    border.send("acme", &messages).await;
    let waiting = "SELECT 1::BIGINT FROM pg_locks WHERE NOT granted AND relation = 'record'::regclass";
    let reader_waits = async || sql::row::<(i64,)>(tables.read(), waiting, vec![]).await.unwrap();
    eventually("the reader waits for the database", reader_waits).await;
    assert_eq!(node.intake().await.submissions, 0);
    lock.commit().await.unwrap();

    border.receipts("acme", 3_000).await;
    let intake = node.intake().await;
    assert_eq!((intake.submissions, intake.accepted), (3_000, 3_000));
}

/// One original that its topic does not take must not hold up everybody's receipts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_original_that_its_topic_does_not_take_is_answered_without_it() {
    let border = Border::at(Place::sqlite().await).await;
    border.broker.make_topic(&format!("{}trace.deadletter.acme", border.prefix), 1, &[("max.message.bytes", "2000")]).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    let mut large = harvest("large", "lot");
    large["class"] = "NONE".into();
    large["note"] = noise(6_000).into();
    border.send("acme", &[Message::new("lot", large.to_string()).on(0), record("small", 0)]).await;

    border.receipts("acme", 2).await;
    let letter = border.dead_letters("acme", 1).await.remove(0);
    assert_eq!(letter.key, "large");
    assert_eq!((letter.payload.len(), letter.headers.get("tracemesh.body").map(String::as_str)), (0, Some("omitted")));
    assert_eq!(letter.headers["__connect.errors.exception.class.name"], "record.class.unknown");
}

/// Text that no codec makes small.
fn noise(chars: usize) -> String {
    let mut state = 1_u64;
    let next = |state: &mut u64| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + ((*state >> 33) % 74) as u8)
    };
    (0..chars).map(|_| next(&mut state)).filter(char::is_ascii_alphanumeric).collect()
}
