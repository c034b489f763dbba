//! Every RPC held against every kind of caller: the table of the declared rules is a snapshot that a person has read, and each of its cells is
//! called on a running node, allowed and denied.

use std::collections::BTreeMap;

use http::uri::PathAndQuery;
use prost_reflect::MethodDescriptor;
use tonic::transport::{Certificate, Channel, ClientTlsConfig};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt;
use tracemesh_access::{Neighbour, Principal, Role, Scope, token};
use tracemesh_chassis::keys::Keys;
use tracemesh_chassis::{Clock, NodeConfig, rules};
use tracemesh_proto::POOL;

const MINUTE_MICROS: i64 = 60_000_000;

/// Every RPC of ours, by its path.
fn methods() -> Vec<MethodDescriptor> {
    let ours = POOL.services().filter(|service| service.full_name().starts_with("tracemesh."));
    ours.flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
}

/// One caller of each kind; nobody at all is the public.
fn callers() -> BTreeMap<Role, Principal> {
    let everything = || Scope::Everything;
    let user = |role| Principal::user("somebody", [role], everything(), everything()).expect("one role is no conflict");
    let node = |side| Principal::node("neighbour", side, everything(), everything()).expect("a node may call");
    let made = |role| match role {
        Role::Public => Principal::public(),
        Role::Provider => Principal::provider("local", everything(), everything()).expect("a provider may call"),
        Role::Service => Principal::service("tests"),
        Role::Parent => node(Neighbour::Parent),
        Role::Child => node(Neighbour::Child),
        role => user(role),
    };
    Role::ALL.into_iter().map(|role| (role, made(role))).collect()
}

fn allows(method: &MethodDescriptor, role: Role) -> bool {
    let rule = rules::rule_for(&rules::path(method)).unwrap_or_else(|| panic!("{} declares no rule", method.full_name()));
    rule.contains(&Role::Public) || rule.contains(&role)
}

#[test]
fn the_table_is_the_one_that_was_read() {
    let mut table = String::new();
    for method in methods() {
        let allowed: Vec<&str> = Role::ALL.into_iter().filter(|role| allows(&method, *role)).map(Role::as_str).collect();
        let allowed = if allowed.len() == Role::ALL.len() { "everybody".to_owned() } else { allowed.join(" ") };
        table += &format!("{} = {allowed}\n", rules::path(&method).trim_start_matches("/tracemesh."));
    }
    let read = include_str!("access.table");
    assert!(read == table, "who may call what has changed; read it and, if it is right, make tests/tests/house/access.table:\n{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_the_table_is_true_of_a_running_node() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = NodeConfig::on_free_ports(folder.path());
    let clock = Clock::system();
    let running = tracemesh::node::start(config, clock.clone()).await.expect("a node starts");
    let keys = Keys::open(folder.path()).expect("the node has made its keys");
    let endpoints = running.endpoints().clone();
    let ca = std::fs::read_to_string(&endpoints.ca).expect("the node has made its CA");
    let trust = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(ca));
    let endpoint = Channel::from_shared(endpoints.grpc).expect("a URL").tls_config(trust).expect("a certificate");
    let channel = endpoint.connect().await.expect("it answers");

    let (mut cells, mut wrong) = (0, Vec::new());
    for method in methods() {
        for (role, principal) in callers() {
            let token = token::sign(&principal, keys.principal(), clock.now_micros(), MINUTE_MICROS);
            let token = (role != Role::Public).then_some(token);
            let refused = is_refused(call(channel.clone(), &method, token).await);
            cells += 1;
            if refused == allows(&method, role) {
                wrong.push(format!("{} by {}: {}", rules::path(&method), role.as_str(), if refused { "refused" } else { "let in" }));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(cells, methods().len() * Role::ALL.len());
    running.stop().await.expect("it stops in order");
}

/// An empty request, read no further than to the answer's head: whether the handler likes it is not asked here.
async fn call(channel: Channel, method: &MethodDescriptor, token: Option<String>) -> Result<(), Status> {
    let mut client = tonic::client::Grpc::new(channel);
    client.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let path: PathAndQuery = rules::path(method).parse().expect("a method has a path");
    let mut request = Request::new(tokio_stream::once(()));
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().expect("a token is text"));
    }
    let codec = ProstCodec::<(), ()>::default();
    let mut answers = client.streaming(request, path, codec).await?.into_inner();
    // A refusal may come in the trailers; an answer, or a stream that waits, is none.
    match tokio::time::timeout(std::time::Duration::from_millis(200), answers.message()).await {
        Ok(Err(status)) => Err(status),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}

/// Refused by the rule; a handler that refuses for reasons of its own has been reached.
fn is_refused(answer: Result<(), Status>) -> bool {
    let Err(status) = answer else { return false };
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    matches!(status.code(), Code::PermissionDenied | Code::Unauthenticated)
        && (reason.starts_with("ACCESS_ROLE") || reason.starts_with("ACCESS_SIGN_IN_NEEDED"))
}
