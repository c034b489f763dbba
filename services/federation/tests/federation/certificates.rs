use std::time::Duration;

use tonic::Code;
use tracemesh_chassis::Clock;
use tracemesh_chassis::tls::SigningRequest;
use tracemesh_peers::{Identity, Remote, RemoteError, Trust};
use tracemesh_proto::federation::v1::{AskHopsRequest, HelloRequest, LinkState, RenewRequest};
use tracemesh_store::sql;

use crate::site::{Site, child_of, eventually};

const MONTH: Duration = Duration::from_secs(31 * 24 * 3600);

/// A certificate that a node's CA has signed for whom the test wants.
fn identity(of: &Site, node: &str) -> Identity {
    let request = SigningRequest::new(node).unwrap();
    let certificate_pem = of.runtime().tls().sign_link(&request.request_pem, node, Clock::system().now()).unwrap();
    Identity { certificate_pem, key_pem: request.key_pem }
}

async fn dial(parent: &Site, identity: Option<&Identity>) -> Result<Remote, RemoteError> {
    Remote::connect(parent.url(), &Trust::Ca(parent.runtime().tls().ca_pem().to_owned()), identity).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_without_a_row_opens_nothing_and_is_seen() {
    let parent = Site::start("fujian", "350000").await;
    let remote = dial(&parent, Some(&identity(&parent, "xiamen"))).await.unwrap();
    let hello = remote.clients().link().hello(HelloRequest::default()).await.unwrap_err();
    assert_eq!(hello.code(), Code::Unauthenticated);
    let asked = remote.clients().link().ask_hops(AskHopsRequest::default()).await.unwrap_err();
    assert_eq!(asked.code(), Code::Unauthenticated);

    let status = parent.status().await;
    let stranger = child_of(&status, "xiamen").unwrap();
    assert_eq!((stranger.state.as_str(), stranger.detail.as_str()), ("refused", "turned away: it is not enrolled"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_another_ca_does_not_even_connect() {
    let (parent, other) = (Site::start("fujian", "350000").await, Site::start("guangdong", "440000").await);
    let met = match dial(&parent, Some(&identity(&other, "xiamen"))).await {
        // TLS 1.3 tells a client only after the handshake what became of its certificate.
        Ok(remote) => remote.clients().link().hello(HelloRequest::default()).await.is_err(),
        Err(_) => true,
    };
    assert!(met);
    let nobody = dial(&parent, None).await.unwrap();
    assert_eq!(nobody.clients().link().hello(HelloRequest::default()).await.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_was_replaced_is_turned_away_and_both_sides_see_it() {
    let (parent, mut lost) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    lost.join_below(&parent).await;
    lost.down().await;
    parent.until_child("xiamen", "away").await;

    let mut new = Site::start("xiamen", "350200").await;
    let code = parent.invite("xiamen", "350200").await.unwrap();
    new.join("", &code).await.unwrap();
    // Another machine has other keys: that is another history, which somebody has to approve.
    parent.until_child("xiamen", "quarantined").await;
    parent.resync("xiamen", "the machine was replaced").await.unwrap();
    parent.until_child("xiamen", "connected").await;

    lost.up().await;
    let is_refused = |link: &LinkState| link.state == "away" && link.detail.starts_with("refused: ");
    lost.until("it is refused", |status| status.parent.as_ref().is_some_and(is_refused)).await;
    assert_eq!(child_of(&parent.status().await, "xiamen").unwrap().state, "connected", "the new one stays");
    new.down().await;
    let is_seen = |link: &LinkState| link.detail == "turned away: it shows a certificate that is not its newest";
    parent.until("the refusal is seen", |status| child_of(status, "xiamen").is_some_and(is_seen)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_whose_place_was_taken_away_comes_in_by_an_invitation_alone() {
    let (mut parent, child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    child.clerk().count("2026-11", 3).await;
    parent.until_figures(&child).await;
    assert_eq!(parent.revoke("xiamen", "").await.unwrap_err().code(), Code::InvalidArgument);
    assert_eq!(parent.revoke("xiamen", "its machine was stolen").await.unwrap().state, "revoked");
    let is_refused = |link: &LinkState| link.state == "away" && link.detail.starts_with("refused: ");
    child.until("it is refused", |status| status.parent.as_ref().is_some_and(is_refused)).await;
    assert_eq!(parent.revoke("xiamen", "once more").await.unwrap_err().code(), Code::NotFound);

    parent.down().await;
    parent.up().await;
    let link = parent.until_child("xiamen", "revoked").await;
    assert_eq!(link.detail, "its machine was stolen");
    child.join_below(&parent).await;
    child.clerk().count("2026-11", 2).await;
    parent.until_figures(&child).await;
    assert_eq!(parent.journaled().await.into_iter().filter(|kind| kind == "link.revoked").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_renewed_over_the_link_long_before_it_ends() {
    let clock = Clock::manual(Clock::system().now_micros());
    let (parent, mut child) = (Site::start("fujian", "350000").await, Site::start_at("xiamen", "350200", clock.clone()).await);
    child.join_below(&parent).await;
    let tables = parent.tables().await;
    let fingerprints = async || {
        let text = "SELECT fingerprint, former_fingerprint FROM child WHERE node = 'xiamen'";
        sql::row::<(String, String)>(tables.read(), text, vec![]).await.unwrap().unwrap()
    };
    let (first, none) = fingerprints().await;
    assert_eq!(none, "");

    child.down().await;
    clock.advance(MONTH);
    child.up().await;
    eventually("a new certificate is signed", async || fingerprints().await.0 != first).await;
    let kept = child.tables().await;
    let renew_at = async || sql::row::<i64>(kept.read(), "SELECT renew_at FROM parent", vec![]).await.unwrap().unwrap();
    eventually("the child has it", async || renew_at().await > clock.now_micros()).await;
    kept.close().await;
    // The new one is shown at the next connection, and then the old one ends.
    child.down().await;
    child.up().await;
    eventually("the old certificate has ended", async || fingerprints().await.1.is_empty()).await;
    parent.until_child("xiamen", "connected").await;
    tables.close().await;

    let strange = child.operator().link().renew(RenewRequest::default()).await.unwrap_err();
    assert_eq!(strange.code(), Code::PermissionDenied, "renewing is for children");
}
