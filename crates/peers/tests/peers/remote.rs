use tonic::Code;
use tracemesh_chassis::auth::{PeerNode, Side};
use tracemesh_chassis::tls::SigningRequest;
use tracemesh_chassis::{Clock, TaskError};
use tracemesh_peers::{Identity, Remote, RemoteError, Trust};
use tracemesh_proto::federation::v1::*;

use crate::toy::Node;

fn identity(node: &Node, id: &str) -> Identity {
    let request = SigningRequest::new(id).unwrap();
    let runtime = node.running.runtime("federation");
    let certificate_pem = runtime.tls().sign_link(&request.request_pem, id, Clock::system().now()).unwrap();
    Identity { certificate_pem, key_pem: request.key_pem }
}

#[tokio::test]
async fn an_invitation_is_joined_with_the_fingerprint_alone() {
    let node = Node::start().await;
    let pin = node.running.runtime("federation").tls().ca_fingerprint();
    let remote = Remote::connect(&node.running.endpoints().grpc, &Trust::Fingerprint(pin.to_uppercase()), None).await.unwrap();
    assert_eq!(remote.clients().link().join(JoinRequest::default()).await.unwrap().into_inner().parent, "public");
}

#[tokio::test]
async fn whoever_shows_another_ca_is_not_trusted() {
    let (node, other) = (Node::start().await, Node::start().await);
    let url = &node.running.endpoints().grpc;
    for trust in [Trust::Fingerprint("00".repeat(32)), Trust::Ca(other.ca())] {
        let error = Remote::connect(url, &trust, None).await.err().unwrap();
        assert!(matches!(error, RemoteError::Untrusted { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_child_is_known_by_its_certificate() {
    let node = Node::start().await;
    let remote = Remote::connect(&node.running.endpoints().grpc, &Trust::Ca(node.ca()), Some(&identity(&node, "xm"))).await.unwrap();
    assert_eq!(remote.clients().link().hello(HelloRequest::default()).await.unwrap().into_inner().node, "node:xm");
    let denied = remote.clients().federation().get_link_status(GetLinkStatusRequest {}).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn an_address_that_is_none_or_where_nobody_is_says_so() {
    let connect = |url: &'static str| async move { Remote::connect(url, &Trust::Fingerprint("00".into()), None).await.err().unwrap() };
    for url in ["localhost:7400", "http://localhost:7400", "https://", "nonsense"] {
        assert!(matches!(connect(url).await, RemoteError::Url { .. }), "{url}");
    }
    let error = connect("https://127.0.0.1:1").await;
    assert!(matches!(&error, RemoteError::Away { why, .. } if why.contains("refused")), "{error}");
}

#[tokio::test]
async fn the_parent_calls_its_child_back_through_the_tunnel_that_the_child_holds_open() {
    let child = Node::start().await;
    let (near, far) = tokio::io::duplex(64 * 1024);
    let runtime = child.running.runtime("federation");
    let parent = PeerNode { id: "cn".into(), fingerprint: "00".into(), side: Side::Above };
    let serving = async move { runtime.serve_tunnel(far, parent).await };
    let calling = async {
        let remote = Remote::over(near);
        let hello = remote.clients().link().hello(HelloRequest::default()).await.unwrap().into_inner().node;
        let denied = remote.clients().link().tunnel(futures::stream::empty()).await.err().unwrap().code();
        (hello, denied)
    };
    let (served, answers): (Result<(), TaskError>, _) = tokio::join!(serving, calling);
    assert_eq!(answers, ("node:cn".to_owned(), Code::PermissionDenied), "a parent is no child");
    served.expect("the tunnel closed when the parent let go");
}

#[tokio::test]
async fn a_tunnel_that_has_closed_makes_every_call_unavailable() {
    let (near, far) = tokio::io::duplex(1024);
    drop(far);
    let remote = Remote::over(near);
    for _ in 0..2 {
        let error = remote.clients().link().hello(HelloRequest::default()).await.unwrap_err();
        assert_eq!(error.code(), Code::Unavailable, "{error:?}");
    }
}
