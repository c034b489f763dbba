use jiff::Timestamp;
use tempfile::tempdir;
use tonic::Code;
use tonic::transport::{Certificate, ClientTlsConfig, Identity};
use tracemesh_chassis::Clock;
use tracemesh_chassis::tls::{NodeTls, SigningRequest, certificates, fingerprint, node_of_certificate};
use tracemesh_proto::federation::v1::link_service_client::LinkServiceClient;
use tracemesh_proto::federation::v1::*;

use crate::toy::Node;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn open(folder: &tempfile::TempDir, names: &[&str], now: Timestamp) -> NodeTls {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    NodeTls::open(folder.path(), "fj", &names, now).unwrap()
}

fn in_days(days: i64) -> Timestamp {
    NOW + jiff::SignedDuration::from_hours(24 * days)
}

#[test]
fn the_ca_is_made_once_and_the_certificate_again_when_it_must_be() {
    let folder = tempdir().unwrap();
    let first = open(&folder, &[], NOW);
    let again = open(&folder, &[], in_days(30));
    assert_eq!(first.certificate_pem(), again.certificate_pem());
    let renamed = open(&folder, &["grpc.fj.example"], in_days(30));
    assert_ne!(first.certificate_pem(), renamed.certificate_pem(), "it has another name now");
    let old = open(&folder, &["grpc.fj.example"], in_days(800));
    assert_ne!(renamed.certificate_pem(), old.certificate_pem(), "it was about to expire");
    assert!(old.expires() > in_days(1500));
    assert_eq!(first.ca_fingerprint(), old.ca_fingerprint());
}

#[test]
fn a_ca_whose_key_is_gone_is_not_replaced() {
    let folder = tempdir().unwrap();
    open(&folder, &[], NOW);
    std::fs::remove_file(folder.path().join("identity/ca.key")).unwrap();
    let error = NodeTls::open(folder.path(), "fj", &[], NOW).err().unwrap().to_string();
    assert!(error.ends_with("identity/ca.key: is missing, while the CA certificate beside it is there"), "{error}");
}

#[test]
fn a_child_gets_the_name_that_it_was_invited_under_whatever_it_asks_for() {
    let folder = tempdir().unwrap();
    let tls = open(&folder, &[], NOW);
    let request = SigningRequest::new("impostor").unwrap();
    let signed = certificates(&tls.sign_link(&request.request_pem, "xm", NOW).unwrap()).unwrap();
    assert_eq!(node_of_certificate(&signed[0]).as_deref(), Some("xm"));
    assert_eq!(fingerprint(&signed[0]).len(), 64);
    let error = tls.sign_link("not a request", "xm", NOW).unwrap_err().to_string();
    assert!(error.starts_with("the certificate signing request cannot be used"), "{error}");
}

fn identity(tls: &NodeTls, node: &str) -> Identity {
    let request = SigningRequest::new(node).unwrap();
    Identity::from_pem(tls.sign_link(&request.request_pem, node, Clock::system().now()).unwrap(), request.key_pem)
}

async fn hello(node: &Node, identity: Identity) -> Result<String, Code> {
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(node.ca())).identity(identity);
    let channel = node.channel(tls).await.map_err(|_| Code::Unavailable)?;
    let answer = LinkServiceClient::new(channel).hello(HelloRequest::default()).await.map_err(|status| status.code())?;
    Ok(answer.into_inner().node)
}

#[tokio::test]
async fn a_certificate_of_the_nodes_ca_names_its_node_and_the_link_says_what_it_may() {
    let node = Node::start().await;
    let runtime = node.running.runtime("federation");
    assert_eq!(hello(&node, identity(runtime.tls(), "xm")).await.unwrap(), "node:xm");
    assert_eq!(hello(&node, identity(runtime.tls(), "cut-off")).await, Err(Code::Unauthenticated), "no link's row knows it");
}

#[tokio::test]
async fn a_certificate_of_another_ca_gets_nowhere() {
    let node = Node::start().await;
    let folder = tempdir().unwrap();
    let other = open(&folder, &[], NOW);
    assert!(matches!(hello(&node, identity(&other, "xm")).await, Err(Code::Unknown | Code::Unavailable)));
}

#[tokio::test]
async fn a_client_that_trusts_another_ca_does_not_talk_to_the_node() {
    let node = Node::start().await;
    let folder = tempdir().unwrap();
    let other = open(&folder, &[], NOW);
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(other.ca_pem()));
    assert!(node.channel(tls).await.is_err());
}
