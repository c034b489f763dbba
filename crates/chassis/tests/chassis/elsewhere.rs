//! Two processes of one node: the gateway, and a door that passes on what the gateway serves.

use std::net::TcpListener;

use futures::stream;
use tempfile::TempDir;
use tonic::Code;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tracemesh_chassis::process::{Endpoints, Running};
use tracemesh_chassis::tls::SigningRequest;
use tracemesh_chassis::{Clock, NodeConfig, Process, Service, Telemetry};
use tracemesh_proto::federation::v1::federation_service_client::FederationServiceClient;
use tracemesh_proto::federation::v1::link_service_client::LinkServiceClient;
use tracemesh_proto::federation::v1::*;
use tracemesh_proto::registry::v1::GetNodeRequest;
use tracemesh_proto::registry::v1::registry_service_client::RegistryServiceClient;

use crate::toy::{Known, Toy};
use crate::wire::bearing;

struct Pair {
    gateway: Running,
    door: Running,
    folder: TempDir,
}

/// Each takes the other one for the registry, which neither is.
async fn pair() -> Pair {
    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut config = NodeConfig::on_free_ports(folder.path());
    config.peers.insert("registry".into(), format!("https://127.0.0.1:{port}"));
    let gateway = start(config.clone(), "federation", Toy::default().service()).await;
    config.listen.grpc.set_port(port);
    config.peers = ["registry", "federation"].map(|noun| (noun.to_owned(), gateway.endpoints().grpc.clone())).into();
    let door = start(config, "ingestion", Service::new("ingestion").credentials(Known)).await;
    Pair { gateway, door, folder }
}

async fn start(config: NodeConfig, noun: &'static str, service: Service) -> Running {
    let process = Process::prepare(config, Clock::system(), Telemetry::detached(), &[noun]).await.unwrap();
    process.serve(vec![service]).await.unwrap()
}

impl Pair {
    async fn channel(&self, to: &Running, identity: Option<Identity>) -> Channel {
        let ca = std::fs::read_to_string(self.folder.path().join("identity/ca.pem")).unwrap();
        let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(ca));
        let tls = identity.into_iter().fold(tls, ClientTlsConfig::identity);
        Endpoint::from_shared(to.endpoints().grpc.clone()).unwrap().tls_config(tls).unwrap().connect().await.unwrap()
    }
}

#[tokio::test]
async fn what_another_process_serves_is_passed_on_for_whoever_asks() {
    let pair = pair().await;
    let channel = pair.channel(&pair.door, None).await;
    let asked = LinkServiceClient::new(channel.clone()).join(bearing(JoinRequest::default(), "acme's")).await.unwrap();
    assert_eq!(asked.into_inner().parent, "provider:acme", "the caller, and not the process that passes it on");
    let denied = FederationServiceClient::new(channel).get_link_status(bearing(GetLinkStatusRequest {}, "acme's")).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);

    let request = SigningRequest::new("xm").unwrap();
    let signed = pair.door.runtime("ingestion").tls().sign_link(&request.request_pem, "xm", Clock::system().now()).unwrap();
    let channel = pair.channel(&pair.door, Some(Identity::from_pem(signed, request.key_pem))).await;
    let messages = ["one", "two"].map(|text| TunnelRequest { data: text.into(), ..TunnelRequest::default() });
    let mut echo = LinkServiceClient::new(channel).tunnel(stream::iter(messages)).await.unwrap().into_inner();
    for expected in ["one", "two"] {
        assert_eq!(echo.message().await.unwrap().unwrap().data, expected);
    }
    drop(echo);
    pair.door.stop().await.unwrap();
    pair.gateway.stop().await.unwrap();
}

#[tokio::test]
async fn two_processes_that_name_each_other_do_not_send_a_call_to_and_fro() {
    let pair = pair().await;
    for asked in [&pair.gateway, &pair.door] {
        let lost = RegistryServiceClient::new(pair.channel(asked, None).await).get_node(GetNodeRequest {}).await.unwrap_err();
        assert_eq!(lost.code(), Code::Unimplemented, "{lost:?}");
    }
}

#[tokio::test]
async fn commands_are_led_to_the_gateway() {
    let pair = pair().await;
    assert_eq!(Endpoints::read(pair.folder.path()).unwrap().as_ref(), Some(pair.gateway.endpoints()));
    let token = std::fs::read_to_string(pair.folder.path().join("operator.token")).unwrap();
    let ask = async |at: &Running, token: &str| {
        let mut client = FederationServiceClient::new(pair.channel(at, None).await);
        client.get_link_status(bearing(GetLinkStatusRequest {}, token)).await
    };
    assert_eq!(ask(&pair.gateway, &token).await.unwrap().into_inner().node, "operator");
    assert_eq!(ask(&pair.door, &token).await.unwrap().into_inner().node, "operator", "the door does not know it, and the gateway does");
    assert_eq!(ask(&pair.door, "made up").await.unwrap_err().code(), Code::Unauthenticated, "nobody does");
}
