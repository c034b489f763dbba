use std::os::unix::fs::PermissionsExt;

use tracemesh_chassis::process::{Endpoints, StartError};
use tracemesh_chassis::{Clock, NodeConfig, Process, Service, Telemetry};
use tracemesh_proto::federation::v1::federation_service_client::FederationServiceClient;
use tracemesh_proto::federation::v1::*;

use crate::toy::{Node, Toy, prepared};
use crate::wire::bearing;

#[tokio::test]
async fn a_node_leaves_where_it_listens_and_its_token_for_its_owner_alone() {
    let node = Node::with(|service| service.sign_in(Some("/console/sign-in/abc".into()))).await;
    let endpoints = Endpoints::read(node.folder.path()).unwrap().unwrap();
    assert_eq!(&endpoints, node.running.endpoints());
    assert_eq!(endpoints.node, "local");
    assert!(endpoints.grpc.starts_with("https://127.0.0.1:") && endpoints.http.starts_with("http://127.0.0.1:"), "{endpoints:?}");
    assert_eq!(endpoints.sign_in, Some(format!("{}/console/sign-in/abc", endpoints.http)));
    for file in ["operator.token", "endpoints.json", "identity/ca.key", "identity/node.key", "identity/principal.key"] {
        let mode = std::fs::metadata(node.folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file} is open to others");
    }
}

#[tokio::test]
async fn a_call_that_comes_before_the_service_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let process = prepared(&folder).await;
    let runtime = process.runtime("analytics");
    let token = runtime.sign(&tracemesh_access::Principal::service("analytics"));
    let mut early = FederationServiceClient::new(runtime.channel("federation"));
    let call = early.get_link_status(bearing(GetLinkStatusRequest {}, &token));
    let served = process.serve(vec![Toy::default().service()]);
    let (answer, running) = tokio::join!(call, served);
    assert_eq!(answer.unwrap().into_inner().node, "service:analytics");
    running.unwrap().stop().await.unwrap();
}

#[tokio::test]
async fn a_taken_port_is_told_with_the_key_to_change() {
    let node = Node::start().await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = NodeConfig::on_free_ports(folder.path());
    let taken = node.running.endpoints().http.trim_start_matches("http://").to_owned();
    config.listen.http = taken.parse().unwrap();
    let error = Process::prepare(config, Clock::system(), Telemetry::detached(), &[]).await.err().unwrap();
    let text = error.to_string();
    assert!(text.starts_with(&format!("cannot listen on {taken} for http: ")) && text.contains("`listen.http`"), "{text}");
}

#[tokio::test]
async fn one_process_serves_a_contract_once() {
    let folder = tempfile::tempdir().unwrap();
    let toy = Toy::default();
    let twice = Service::new("portal").grpc(link_service_server::LinkServiceServer::new(toy.clone()));
    let error = prepared(&folder).await.serve(vec![toy.service(), twice]).await.err().unwrap();
    assert!(matches!(error, StartError::ServedTwice { first: "federation", second: "portal", .. }), "{error}");
}

#[tokio::test]
async fn a_data_directory_serves_one_process_at_a_time() {
    let node = Node::start().await;
    let again = || {
        let config = NodeConfig::on_free_ports(node.folder.path());
        Process::prepare(config, Clock::system(), Telemetry::detached(), &["federation"])
    };
    let error = again().await.err().unwrap();
    assert!(matches!(error, StartError::RunsAlready { noun: "federation", .. }), "{error}");
    node.running.stop().await.unwrap();
    assert!(again().await.is_ok());
}
