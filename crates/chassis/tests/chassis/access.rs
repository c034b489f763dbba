use tonic::Code;
use tonic::client::Grpc;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use tonic_types::StatusExt;
use tracemesh_access::Principal;
use tracemesh_proto::federation::v1::federation_service_client::FederationServiceClient;
use tracemesh_proto::federation::v1::link_service_client::LinkServiceClient;
use tracemesh_proto::federation::v1::*;

use crate::toy::Node;
use crate::wire::bearing;

#[tokio::test]
async fn the_operator_calls_over_tls_with_the_token_of_the_data_directory() {
    let node = Node::start().await;
    let mut client = FederationServiceClient::new(node.trusted_channel().await);
    let answer = client.get_link_status(bearing(GetLinkStatusRequest {}, &node.operator_token())).await.unwrap();
    assert_eq!(answer.into_inner().node, "operator");
    node.running.stop().await.unwrap();
}

#[tokio::test]
async fn a_token_that_a_source_knows_is_held_against_the_rule_of_the_contract() {
    let node = Node::start().await;
    let channel = node.trusted_channel().await;
    let denied =
        FederationServiceClient::new(channel.clone()).get_link_status(bearing(GetLinkStatusRequest {}, "acme's")).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let info = denied.get_details_error_info().unwrap();
    assert_eq!((info.reason.as_str(), info.metadata["name"].as_str()), ("ACCESS_ROLE_NEEDED", "provider:acme"));
    let public = LinkServiceClient::new(channel).join(bearing(JoinRequest::default(), "acme's")).await.unwrap();
    assert_eq!(public.into_inner().parent, "provider:acme", "what the public may do, a provider may");
}

#[tokio::test]
async fn without_credentials_a_caller_is_the_public_and_with_unknown_ones_nobody() {
    let node = Node::start().await;
    let channel = node.trusted_channel().await;
    let (mut federation, mut link) = (FederationServiceClient::new(channel.clone()), LinkServiceClient::new(channel));
    assert_eq!(link.join(JoinRequest::default()).await.unwrap().into_inner().parent, "public");
    assert_eq!(federation.get_link_status(GetLinkStatusRequest {}).await.unwrap_err().code(), Code::Unauthenticated);
    let unknown = link.join(bearing(JoinRequest::default(), "made up")).await.unwrap_err();
    assert_eq!(unknown.code(), Code::Unauthenticated, "not even what the public may do");
}

#[tokio::test]
async fn services_of_a_process_call_each_other_through_memory_with_signed_principals() {
    let node = Node::start().await;
    let runtime = node.running.runtime("analytics");
    let mut client = FederationServiceClient::new(runtime.channel("federation"));
    let token = runtime.sign(&Principal::service("analytics"));
    let answer = client.get_link_status(bearing(GetLinkStatusRequest {}, &token)).await.unwrap();
    assert_eq!(answer.into_inner().node, "service:analytics");
    assert_eq!(client.get_link_status(GetLinkStatusRequest {}).await.unwrap_err().code(), Code::Unauthenticated, "memory proves nothing");
}

#[tokio::test]
async fn a_service_that_runs_nowhere_is_unavailable_and_says_what_to_configure() {
    let node = Node::start().await;
    let mut client = FederationServiceClient::new(node.running.runtime("analytics").channel("registry"));
    let error = client.get_link_status(GetLinkStatusRequest {}).await.unwrap_err();
    let mut chain = vec![error.to_string()];
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        chain.push(error.to_string());
        cause = error.source();
    }
    assert!(chain.join(": ").contains("`peers.registry` does not say where else"), "{chain:?}");
}

#[tokio::test]
async fn an_rpc_that_nobody_offers_is_unimplemented() {
    let node = Node::start().await;
    let mut grpc = Grpc::new(node.trusted_channel().await);
    for path in ["/tracemesh.registry.v1.RegistryService/GetNode", "/tracemesh.federation.v1.LinkService/Unknown", "/nothing"] {
        grpc.ready().await.unwrap();
        let codec = tonic_prost::ProstCodec::<HealthCheckRequest, HealthCheckRequest>::default();
        let request = bearing(HealthCheckRequest::default(), &node.operator_token());
        let error = grpc.unary(request, path.parse().unwrap(), codec).await.unwrap_err();
        assert_eq!(error.code(), Code::Unimplemented, "{path}");
    }
}

#[tokio::test]
async fn health_needs_no_credentials() {
    let node = Node::start().await;
    let mut health = HealthClient::new(node.trusted_channel().await);
    let service = "tracemesh.federation.v1.FederationService".to_owned();
    let answer = health.check(HealthCheckRequest { service }).await.unwrap().into_inner();
    assert_eq!(answer.status, 1, "SERVING");
}

#[tokio::test]
async fn reflection_tells_the_contract_to_whoever_asks() {
    let node = Node::start().await;
    let mut reflection = ServerReflectionClient::new(node.trusted_channel().await);
    let list = ServerReflectionRequest { host: String::new(), message_request: Some(MessageRequest::ListServices(String::new())) };
    let mut answers = reflection.server_reflection_info(futures::stream::iter([list])).await.unwrap().into_inner();
    let Some(MessageResponse::ListServicesResponse(services)) = answers.message().await.unwrap().unwrap().message_response else {
        panic!("a list was asked for")
    };
    assert!(services.service.iter().any(|service| service.name == "tracemesh.federation.v1.LinkService"), "{services:?}");
}

#[tokio::test]
async fn a_panic_in_a_handler_is_an_internal_error_with_a_number_and_ends_nothing_else() {
    let node = Node::start().await;
    let mut client = FederationServiceClient::new(node.trusted_channel().await);
    let error = client.create_invitation(bearing(CreateInvitationRequest::default(), &node.operator_token())).await.unwrap_err();
    assert_eq!(error.code(), Code::Internal);
    assert_eq!(error.get_details_error_info().unwrap().metadata["id"].len(), 16);
    assert!(!error.message().contains("no invitations"), "{}", error.message());
    client.get_link_status(bearing(GetLinkStatusRequest {}, &node.operator_token())).await.unwrap();
}
