use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use tonic::Code;
use tracemesh_access::{Principal, Scope};
use tracemesh_peers::Peers;
use tracemesh_proto::federation::v1::*;
use tracing::Instrument;
use tracing_subscriber::layer::SubscriberExt;

use crate::toy::Node;

fn peers(node: &Node) -> Peers {
    Peers::new(&node.running.runtime("analytics"))
}

#[tokio::test]
async fn a_service_calls_as_itself_or_as_whoever_asked_it() {
    let node = Node::start().await;
    let peers = peers(&node);
    let answer = peers.as_service().federation().get_link_status(GetLinkStatusRequest {}).await.unwrap();
    assert_eq!(answer.into_inner().node, "service:analytics");
    let acme = Principal::provider("acme", Scope::Everything, Scope::Everything).unwrap();
    let denied = peers.on_behalf(&acme).federation().get_link_status(GetLinkStatusRequest {}).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied, "a provider does not gain by asking through us");
    let operator = Principal::operator().on_behalf_of("acme").unwrap();
    let answer = peers.on_behalf(&operator).federation().get_link_status(GetLinkStatusRequest {}).await.unwrap();
    assert_eq!(answer.into_inner().node, "operator for provider:acme");
}

#[tokio::test]
async fn a_call_that_hangs_ends_at_its_deadline_and_says_so() {
    let node = Node::start().await;
    let clients = peers(&node).on_behalf(&Principal::operator()).within(Duration::from_millis(50));
    let late = clients.federation().join_parent(JoinParentRequest::default()).await.unwrap_err();
    assert_eq!(late.code(), Code::DeadlineExceeded, "{late:?}");
    node.toy.begun.notified().await;
}

#[tokio::test]
async fn a_call_belongs_to_the_trace_of_whoever_makes_it() {
    let provider = opentelemetry_sdk::trace::SdkTracerProvider::builder().build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
    let _guard = tracing::subscriber::set_default(tracing_subscriber::registry().with(layer));
    let node = Node::start().await;
    let span = tracing::info_span!("ask");
    let (ours, heard) = async {
        let clients = peers(&node).on_behalf(&Principal::operator());
        let heard = clients.federation().resync(ResyncRequest::default()).await.unwrap().into_inner().child.unwrap().detail;
        (tracemesh_chassis::telemetry::context::traceparent().unwrap(), heard)
    }
    .instrument(span)
    .await;
    assert_eq!(ours, heard);
}

#[tokio::test]
async fn a_service_that_runs_nowhere_is_unavailable_and_the_status_says_what_to_configure() {
    let node = Node::start().await;
    let error = peers(&node).as_service().registry().get_node(tracemesh_proto::registry::v1::GetNodeRequest {}).await.unwrap_err();
    assert_eq!(error.code(), Code::Unavailable);
    assert!(error.message().contains("`peers.registry` does not say where else"), "{}", error.message());
}
