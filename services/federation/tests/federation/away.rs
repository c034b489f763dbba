use crate::clerk::look;
use crate::site::{MONTH, Site};

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_that_was_away_catches_up_by_itself() {
    let (mut parent, child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    child.clerk().count(MONTH, 1).await;
    parent.until_figures(&child).await;

    parent.down().await;
    child.until("the parent is away", |status| status.parent.as_ref().is_some_and(|link| link.state == "away")).await;
    for _ in 0..20 {
        child.clerk().count(MONTH, 1).await;
    }
    parent.up().await;
    parent.until_child("xiamen", "connected").await;
    parent.until_figures(&child).await;
    assert_eq!(look(&parent.paper).records("xiamen", MONTH), Some(21));
    let caught_up = parent.until("nothing lies behind", |status| status.children[0].behind == 0 && status.children[0].cursor > 0).await;
    assert!(caught_up.children[0].checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.seq > 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_was_away_goes_on_from_its_cursor() {
    let (parent, mut child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    child.clerk().count(MONTH, 2).await;
    parent.until_figures(&child).await;
    let before = parent.until_child("xiamen", "connected").await.cursor;

    child.down().await;
    let away = parent.until_child("xiamen", "away").await;
    assert!(!away.detail.is_empty());
    assert!(away.last_seen.is_some());
    child.up().await;
    child.clerk().count(MONTH, 2).await;
    parent.until_child("xiamen", "connected").await;
    parent.until_figures(&child).await;
    assert!(parent.until_child("xiamen", "connected").await.cursor > before);
    let states = parent.journaled().await.into_iter().filter(|kind| kind == "link.state_changed").count();
    assert_eq!(states, 3, "connected, away, connected");
}
