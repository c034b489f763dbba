use tonic::Code;
use tracemesh_journal::{Entry, Envelope, JournalError};

use crate::clerk::look;
use crate::site::{MONTH, Site, reason};

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_was_set_back_is_quarantined_alone_until_somebody_approves() {
    let (parent, mut child, sibling) =
        (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await, Site::start("fuzhou", "350100").await);
    let nation = Site::start("nation", "CN").await;
    parent.join_below(&nation).await;
    child.join_below(&parent).await;
    sibling.join_below(&parent).await;
    child.clerk().count(MONTH, 5).await;
    parent.until_figures(&child).await;
    let copy = child.copy().await;
    parent.until_child("xiamen", "connected").await;
    for _ in 0..3 {
        child.clerk().count(MONTH, 10).await;
    }
    for above in [&parent, &nation] {
        above.until_figures(&child).await;
    }

    child.set_back(&copy).await;
    let quarantined = parent.until_child("xiamen", "quarantined").await;
    assert!(quarantined.detail.contains("xiamen."), "{}", quarantined.detail);
    let told = |status: &tracemesh_proto::federation::v1::GetLinkStatusResponse| {
        status.parent.as_ref().is_some_and(|link| link.state == "quarantined" && link.detail == quarantined.detail)
    };
    child.until("it is told", told).await;
    assert!(parent.journaled().await.contains(&"link.fork".to_owned()));

    // It takes nothing itself, nothing is taken from it, and nobody else notices.
    let ingestion = &child.clerk().ingestion;
    let tx = ingestion.db.begin().await.unwrap();
    let refused = ingestion.journal.append(&tx, &[Entry::new(&Envelope::default(), "record")]).await;
    assert!(matches!(refused, Err(JournalError::Halted { why, .. }) if why == quarantined.detail));
    drop(tx);
    sibling.clerk().count(MONTH, 4).await;
    parent.until_figures(&sibling).await;
    assert_eq!(look(&parent.paper).records("xiamen", MONTH), Some(35));
    let metrics = parent.metrics().await;
    for line in [
        "federation_quarantines_total{child=\"xiamen\"} 1",
        "federation_lag_seconds{child=\"fuzhou\"} 0",
        "federation_connections_total{neighbour=\"fuzhou\",purpose=\"bulk\"} 1",
        "federation_entries_total{child=\"fuzhou\",purpose=\"bulk\"} ",
    ] {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    assert!(!metrics.contains("federation_lag_seconds{child=\"xiamen\"} 0\n"), "{metrics}");
    let answer =
        parent.service().federation().ask_mesh(tracemesh_proto::federation::v1::AskMeshRequest::default()).await.unwrap().into_inner();
    assert_eq!(answer.silent.len(), 1);
    assert!(answer.silent[0].why.starts_with("quarantined: "), "{answer:?}");

    let without = parent.resync("xiamen", "").await.unwrap_err();
    assert_eq!(without.code(), Code::InvalidArgument);
    parent.resync("xiamen", "its disk failed, and the copy of Monday was put back").await.unwrap();
    parent.until_child("xiamen", "connected").await;
    // Its journal goes on where the copy ended, and long before what the parent had seen; the epoch tells them apart.
    child.clerk().count(MONTH, 1).await;
    assert_eq!(child.clerk().ingestion.journal.head().await.unwrap().epoch, 2);
    for above in [&parent, &nation] {
        above.until_figures(&child).await;
        assert_eq!(look(&above.paper).records("xiamen", MONTH), Some(6), "what was lost is gone at {}", above.id());
    }
    assert!(parent.journaled().await.contains(&"link.resynced".to_owned()));

    let again = parent.resync("xiamen", "once more").await.unwrap_err();
    assert_eq!((again.code(), reason(&again).as_str()), (Code::FailedPrecondition, "LINK_NOT_QUARANTINED"));
    let unknown = parent.resync("sanming", "why not").await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "LINK_CHILD_UNKNOWN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarantine_outlives_restarts_of_both_sides() {
    let (mut parent, mut child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    child.clerk().count(MONTH, 5).await;
    parent.until_figures(&child).await;
    let copy = child.copy().await;
    parent.until_child("xiamen", "connected").await;
    child.clerk().count(MONTH, 5).await;
    parent.until_figures(&child).await;
    child.set_back(&copy).await;
    parent.until_child("xiamen", "quarantined").await;

    parent.down().await;
    child.down().await;
    child.up().await;
    parent.up().await;
    let is_quarantined = |link: &tracemesh_proto::federation::v1::LinkState| link.state == "quarantined";
    child.until("it is told again", |status| status.parent.as_ref().is_some_and(is_quarantined)).await;
    assert_eq!(parent.status().await.children[0].state, "quarantined");
}
