//! Two who change one thing at the same moment: whoever comes second changes what the first has made of it.

use prost::Message;
use tokio::join;
use tonic::Code;
use tracemesh_chassis::keys::sha256;
use tracemesh_proto::registry::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::Node;

on_both!(
    a_rotation_does_not_undo_a_suspension,
    one_id_makes_one_provider,
    a_cancelled_subject_stays_cancelled,
    two_with_one_link_open_one_session
);

/// Enough for two to meet: a change that does not wait for the other is found out within a dozen.
const ROUNDS: usize = 30;

async fn a_rotation_does_not_undo_a_suspension(place: Place) {
    let node = Node::start(&place).await;
    node.add_provider("acme").await;
    let set = |state: &str| SetProviderStateRequest { id: "acme".into(), state: state.into(), why: "late".into() };
    for round in 0..ROUNDS {
        let (mut acme, mut operator) = (node.provider("acme"), node.operator());
        let rotation = acme.rotate_provider_token(RotateProviderTokenRequest { id: "acme".into() });
        let (rotated, suspended) = join!(rotation, operator.set_provider_state(set("suspended")));
        suspended.unwrap();
        let kept = ProviderChanged::decode(node.entry().await.body.unwrap()).unwrap();
        assert_eq!(kept.provider.unwrap().state, "suspended", "round {round}");
        assert_eq!(kept.token, sha256(rotated.unwrap().into_inner().token.as_bytes()).as_slice(), "round {round}");
        assert_eq!(node.provider_of("acme").await.state, "suspended", "round {round}");
        operator.set_provider_state(set("active")).await.unwrap();
    }
    node.stop().await;
}

async fn one_id_makes_one_provider(place: Place) {
    let node = Node::start(&place).await;
    for round in 0..ROUNDS {
        let id = format!("acme-{round}");
        let add = |name: &str| AddProviderRequest { provider: Some(Provider { id: id.clone(), name: name.into(), ..Provider::default() }) };
        let (mut one, mut other) = (node.operator(), node.operator());
        let (one, other) = join!(one.add_provider(add("one")), other.add_provider(add("other")));
        let (added, refused) = if one.is_ok() { (one, other) } else { (other, one) };
        assert_eq!(refused.unwrap_err().code(), Code::AlreadyExists, "round {round}");
        let kept = ProviderChanged::decode(node.entry().await.body.unwrap()).unwrap();
        assert_eq!(kept.token, sha256(added.unwrap().into_inner().token.as_bytes()).as_slice(), "round {round}");
    }
    assert_eq!(node.entries().await.iter().filter(|entry| entry.envelope.kind == "provider.added").count(), ROUNDS + 1, "and local");
    node.stop().await;
}

async fn a_cancelled_subject_stays_cancelled(place: Place) {
    let node = Node::start(&place).await;
    for round in 0..ROUNDS {
        let id = node.add_subject(&format!("stall-{round}")).await.id;
        let (one, other) = join!(node.move_subject(&id, "verified"), node.move_subject(&id, "cancelled"));
        assert_eq!(other.unwrap(), "cancelled", "from wherever the other has brought it");
        assert!(one.is_ok() || one.unwrap_err().code() == Code::FailedPrecondition);
        assert_eq!(node.find("", &format!("stall-{round}")).await[0].state, "cancelled", "round {round}");
    }
    node.stop().await;
}

async fn two_with_one_link_open_one_session(place: Place) {
    let node = Node::start(&place).await;
    let link = node.first_link().unwrap();
    let (one, other) = join!(node.redeem(&link), node.redeem(&link));
    let (opened, refused) = if one.is_ok() { (one, other) } else { (other, one) };
    assert_eq!((opened.is_ok(), refused.unwrap_err().code()), (true, Code::Unauthenticated));
    node.stop().await;
}
