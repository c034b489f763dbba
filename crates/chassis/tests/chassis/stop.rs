use std::time::Duration;

use futures::StreamExt;
use tonic::Code;
use tonic::transport::{Certificate, ClientTlsConfig, Identity};
use tracemesh_chassis::tls::SigningRequest;
use tracemesh_chassis::{Clock, OnFailure};
use tracemesh_proto::federation::v1::federation_service_client::FederationServiceClient;
use tracemesh_proto::federation::v1::link_service_client::LinkServiceClient;
use tracemesh_proto::federation::v1::*;

use crate::toy::Node;
use crate::wire::bearing;

#[tokio::test]
async fn a_stop_finishes_calls_that_have_begun_and_takes_no_new_ones() {
    let node = Node::start().await;
    let (mut client, token) = (FederationServiceClient::new(node.trusted_channel().await), node.operator_token());
    let begun = client.join_parent(bearing(JoinParentRequest::default(), &token));
    let (toy, endpoints) = (node.toy.clone(), node.running.endpoints().clone());
    let stop = async {
        toy.begun.notified().await;
        let stopping = tokio::join!(node.running.stop(), async {
            tokio::task::yield_now().await;
            toy.release.notify_one();
        });
        stopping.0
    };
    let (answer, stopped) = tokio::join!(begun, stop);
    assert_eq!(answer.unwrap().into_inner().parent, "operator");
    assert_eq!(stopped, Ok(()));
    let address = endpoints.grpc.trim_start_matches("https://").to_owned();
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_stop_ends_streams_with_unavailable_so_that_they_come_back_elsewhere() {
    let node = Node::start().await;
    let request = SigningRequest::new("xm").unwrap();
    let certificate = node.running.runtime("federation").tls().sign_link(&request.request_pem, "xm", Clock::system().now()).unwrap();
    let tls =
        ClientTlsConfig::new().ca_certificate(Certificate::from_pem(node.ca())).identity(Identity::from_pem(certificate, request.key_pem));
    let mut client = LinkServiceClient::new(node.channel(tls).await.unwrap());
    let said = futures::stream::iter([TunnelRequest { purpose: "bulk".into(), data: "x".into() }]).chain(futures::stream::pending());
    let mut tunnel = client.tunnel(said).await.unwrap().into_inner();
    assert_eq!(tunnel.message().await.unwrap().unwrap().data, "x");
    let (ended, stopped) = tokio::join!(tunnel.message(), node.running.stop());
    assert_eq!(ended.unwrap_err().code(), Code::Unavailable);
    assert_eq!(stopped, Ok(()));
}

#[tokio::test]
async fn a_call_that_does_not_end_is_dropped_at_the_deadline() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = tracemesh_chassis::NodeConfig::on_free_ports(folder.path());
    config.limits.drain_s = 0;
    let process = tracemesh_chassis::Process::prepare(config, Clock::system(), tracemesh_chassis::Telemetry::detached(), &["federation"])
        .await
        .unwrap();
    let (runtime, toy) = (process.runtime("analytics"), crate::toy::Toy::default());
    let running = process.serve(vec![toy.service()]).await.unwrap();
    let token = std::fs::read_to_string(folder.path().join("operator.token")).unwrap();
    let mut client = FederationServiceClient::new(runtime.channel("federation"));
    let hangs = client.join_parent(bearing(JoinParentRequest::default(), &token));
    let stop = async {
        toy.begun.notified().await;
        running.stop().await
    };
    let (answer, stopped) = tokio::join!(hangs, stop);
    assert!(answer.is_err());
    assert!(stopped.unwrap_err().late);
}

#[tokio::test]
async fn a_task_that_the_process_needs_ends_it_and_says_why() {
    let node = Node::start().await;
    node.running.runtime("federation").tasks().spawn("journal head", OnFailure::StopProcess, |_| async { Err("the disk is full".into()) });
    let stopped = tokio::time::timeout(Duration::from_secs(10), node.running.stopped()).await.unwrap();
    assert_eq!(stopped.unwrap_err().to_string(), "task journal head failed: the disk is full");
}
