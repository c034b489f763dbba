use tracemesh_peers::local::{NoNode, Target};
use tracemesh_proto::federation::v1::*;

use crate::toy::Node;

#[tokio::test]
async fn the_command_finds_the_node_of_its_data_directory_and_is_its_operator() {
    let node = Node::start().await;
    let clients = Target::local(node.folder.path()).connect().await.unwrap();
    let answer = clients.federation().get_link_status(GetLinkStatusRequest {}).await.unwrap();
    assert_eq!(answer.into_inner().node, "operator");
}

#[tokio::test]
async fn a_url_and_a_token_name_another_node_and_another_caller() {
    let node = Node::start().await;
    let url = node.running.endpoints().grpc.clone();
    let elsewhere = tempfile::tempdir().unwrap();
    let mut target = Target { node: Some(url.clone()), token: None, ca: None, data_dir: elsewhere.path().to_owned() };
    let error = target.connect().await.err().unwrap();
    assert!(matches!(&error, NoNode::NoCa(named) if *named == url), "{error}");
    target.ca = Some(node.running.endpoints().ca.clone());
    let join = |target: Target| async move {
        let clients = target.connect().await.unwrap();
        clients.link().join(JoinRequest::default()).await.unwrap().into_inner().parent
    };
    assert_eq!(join(target.clone()).await, "public");
    assert_eq!(join(Target { token: Some("acme's".into()), ..target }).await, "provider:acme");
}

#[tokio::test]
async fn each_way_to_find_no_node_says_which_command_to_try() {
    let folder = tempfile::tempdir().unwrap();
    let target = Target::local(folder.path());
    let text = target.connect().await.err().unwrap().to_string();
    let up = format!("`tracemesh up --data {}`", folder.path().display());
    assert_eq!(text, format!("no node was started in {}: start one with {up}, or name one with `--node URL`", folder.path().display()));

    let node = Node::start().await;
    let target = Target::local(node.folder.path());
    node.running.stop().await.unwrap();
    let text = target.connect().await.err().unwrap().to_string();
    assert!(text.contains("does not answer") && text.contains("start it with `tracemesh up --data"), "{text}");

    std::fs::remove_file(node.folder.path().join("operator.token")).unwrap();
    let text = target.connect().await.err().unwrap().to_string();
    assert!(text.contains("operator.token") && text.contains("`--token`"), "{text}");
}
