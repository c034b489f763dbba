use std::time::Duration;

use futures::future::join_all;
use tonic::Code;
use tracemesh_chassis::Clock;

use crate::site::{Site, child_of, reason};

#[tokio::test(flavor = "multi_thread")]
async fn children_that_join_in_the_same_moment_all_come_in() {
    let parent = Site::start("fujian", "350000").await;
    let children = join_all(["xiamen", "fuzhou", "quanzhou", "putian"].map(|id| Site::start(id, "350000"))).await;
    join_all(children.iter().map(|child| child.join_below(&parent))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_joins_by_its_code_alone_and_the_link_comes_up() {
    let (parent, child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    let code = parent.invite("xiamen", "350200").await.unwrap();
    let status = parent.status().await;
    let invited = child_of(&status, "xiamen").unwrap();
    assert_eq!((invited.state.as_str(), invited.area.as_str()), ("invited", "350200"));

    assert_eq!(child.join("", &code).await.unwrap(), "fujian");
    let link = parent.until_child("xiamen", "connected").await;
    assert_eq!((link.area.as_str(), link.tier.as_str()), ("350200", "CITY"));
    assert!(link.last_seen.is_some());
    let status = child.until("the parent is there", |status| status.parent.as_ref().is_some_and(|link| link.state == "connected")).await;
    assert_eq!(status.parent.unwrap().node, "fujian");

    assert_eq!(parent.journaled().await[..3], ["link.invited", "link.enrolled", "link.state_changed"]);
    assert_eq!(child.journaled().await[..2], ["link.joined", "link.state_changed"]);
    parent.until("entries are followed", |status| child_of(status, "xiamen").unwrap().checkpoint.is_some()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_works_once_for_its_node_and_for_a_week() {
    let clock = Clock::manual(Clock::system().now_micros());
    let parent = Site::start_at("fujian", "350000", clock.clone()).await;
    let (child, other) = (Site::start("xiamen", "350200").await, Site::start("fuzhou", "350100").await);
    let code = parent.invite("xiamen", "350200").await.unwrap();

    let refused = other.join("", &code).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "LINK_INVITATION_INVALID"));
    let refused = other.join("", &code[..code.len() - 3]).await.unwrap_err();
    assert_eq!(reason(&refused), "LINK_INVITATION_INVALID");

    clock.advance(Duration::from_secs(7 * 24 * 3600 + 1));
    assert_eq!(reason(&child.join("", &code).await.unwrap_err()), "LINK_INVITATION_INVALID");
    assert_eq!(child_of(&parent.status().await, "xiamen"), None, "an invitation that is out of date is none");

    let again = parent.invite("xiamen", "350200").await.unwrap();
    child.join("", &again).await.unwrap();
    assert_eq!(reason(&child.join("", &again).await.unwrap_err()), "LINK_INVITATION_INVALID", "used");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_has_one_parent_and_a_connected_child_is_not_replaced() {
    let (parent, other, child) =
        (Site::start("fujian", "350000").await, Site::start("guangdong", "440000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;

    let second = other.invite("xiamen", "350200").await.unwrap();
    let refused = child.join("", &second).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "LINK_PARENT_EXISTS"));

    let taken = parent.invite("xiamen", "350200").await.unwrap_err();
    assert_eq!((taken.code(), reason(&taken).as_str()), (Code::AlreadyExists, "LINK_CHILD_TAKEN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_for_the_parent_must_be_the_parent() {
    let (parent, imposter, child) =
        (Site::start("fujian", "350000").await, Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    let code = parent.invite("xiamen", "350200").await.unwrap();
    let refused = child.join(imposter.url(), &code).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "LINK_FINGERPRINT"));

    let nowhere = child.join("https://127.0.0.1:1", &code).await.unwrap_err();
    assert_eq!((nowhere.code(), reason(&nowhere).as_str()), (Code::Unavailable, "LINK_UNREACHABLE"));
    let wrong = child.join("fujian.example:7400", &code).await.unwrap_err();
    assert_eq!(wrong.code(), Code::InvalidArgument);

    child.join(parent.url(), &code).await.unwrap();
    parent.until_child("xiamen", "connected").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_an_invitation_is_told_at_once() {
    use tonic_types::StatusExt;
    let parent = Site::start("fujian", "350000").await;
    let refused = parent.invite("Xiamen!", "").await.unwrap_err();
    let violations = refused.get_details_bad_request().unwrap().field_violations;
    assert_eq!(violations.iter().map(|violation| violation.field.as_str()).collect::<Vec<_>>(), ["node", "area"]);
    assert_eq!(parent.invite("fujian", "350000").await.unwrap_err().code(), Code::InvalidArgument, "itself");
}
