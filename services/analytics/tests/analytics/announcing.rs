//! What analytics says in its own journal.

use prost::Message;
use serde_json::json;
use tracemesh_journal::DecodedEntry;
use tracemesh_proto::analytics::v1::{ListMonthsRequest, MonthFigures, MonthVersion};
use tracemesh_testkit::{Place, on_both};

use crate::ledger::LEDGER;
use crate::node::Node;

on_both!(
    every_month_that_changed_is_announced,
    not_more_often_than_the_interval,
    in_a_new_epoch_every_month_is_said_anew,
    a_machine_that_takes_over_says_that_it_has_nothing
);

fn said(entry: &DecodedEntry) -> MonthVersion {
    assert_eq!(entry.envelope.kind, "figures.changed");
    MonthVersion::decode(entry.body.clone().unwrap()).unwrap()
}

async fn every_month_that_changed_is_announced(place: Place) {
    let mut node = Node::start(&place).await;
    let mut entries = node.entries().await;
    let empty = said(&entries.next().await);
    assert_eq!((empty.origin.as_str(), empty.month.as_str(), empty.seq), ("yantai", "2026-01", 0), "a node says that it has nothing");
    assert!(MonthFigures::decode(node.pull("yantai", "2026-01").await).unwrap().rows.is_empty());

    node.submit(LEDGER, 25).await;
    let mut last = std::collections::BTreeMap::new();
    // The last entries that change a month: e02's correction its February, f19's its January, a03 its December.
    while !["2025-12 3", "2026-01 60", "2026-02 34"].iter().all(|known| last.contains_key(*known)) {
        let version = said(&entries.next().await);
        last.insert(format!("{} {}", version.month, version.seq), version);
    }
    for version in last.values() {
        let figures = MonthFigures::decode(node.pull("yantai", &version.month).await).unwrap().version.unwrap();
        assert!(figures == *version || figures.seq > version.seq, "{version:?}");
    }
    let listed = node.as_service().analytics().list_months(ListMonthsRequest::default()).await.unwrap().into_inner().months;
    let of = |month: &str| listed.iter().filter(|version| version.month == month).map(|version| version.seq).collect::<Vec<_>>();
    assert_eq!(["2025-12", "2026-01", "2026-02"].map(of), [vec![3], vec![60], vec![34]]);
    node.stop().await;
}

async fn in_a_new_epoch_every_month_is_said_anew(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    node.counted().await;
    let mut entries = node.entries().await;
    node.ingestion.reach_epoch(4, "service:federation", "cn follows from this epoch on").await.unwrap();
    let (mut anew, end) = (std::collections::BTreeMap::new(), node.ingestion.head().await.unwrap().seq);
    while !["2025-12", "2026-01", "2026-02"].iter().all(|month| anew.contains_key(*month)) {
        let version = said(&entries.next().await);
        if version.epoch == 4 {
            anew.insert(version.month, version.seq);
        }
    }
    assert!(anew.values().all(|seq| *seq == end), "{anew:?}");
    // Somebody may have figures of a month that we know nothing of any more.
    let given_up = MonthFigures::decode(node.pull("yantai", "2019-05").await).unwrap();
    let version = given_up.version.unwrap();
    assert_eq!((version.epoch, version.seq, given_up.rows.len()), (4, end, 0));
    node.stop().await;
}

async fn a_machine_that_takes_over_says_that_it_has_nothing(place: Place) {
    let node = Node::start(&place).await;
    let mut entries = node.entries().await;
    assert_eq!(said(&entries.next().await).epoch, 0);
    node.ingestion.reach_epoch(2, "service:federation", "cn follows from this epoch on").await.unwrap();
    let empty = said(&entries.next().await);
    assert_eq!((empty.month.as_str(), empty.epoch, empty.seq), ("2026-01", 2, 1), "the figures of the machine before are gone");
    node.stop().await;
}

async fn not_more_often_than_the_interval(place: Place) {
    let mut node = Node::start_with(&place, "yantai", json!({"announce_interval_ms": 600_000})).await;
    assert_eq!(said(&node.entries().await.next().await).seq, 0);
    node.submit_slowly(LEDGER, 10).await;
    let mut entries = node.entries().await;
    assert_eq!(said(&entries.next_there().await.unwrap()).seq, 0);
    assert_eq!(entries.next_there().await, None, "the empty month was said a moment ago, and ten minutes have not passed");
    node.stop().await;
}
