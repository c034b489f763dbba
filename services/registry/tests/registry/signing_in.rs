//! One-time links and the sessions that they open.

use std::time::Duration;

use tonic::{Code, Status};
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_chassis::keys::sha256;
use tracemesh_proto::registry::v1::*;
use tracemesh_registry::MIGRATIONS;
use tracemesh_store::{MigrationSet, sql};
use tracemesh_testkit::{Place, on_both};

use crate::node::{NOW, Node, Registry, reason};

on_both!(
    a_link_opens_one_session,
    a_link_is_good_for_a_day,
    a_session_ends,
    every_start_makes_a_link_until_one_was_used,
    the_operator_makes_another_link_that_ends_what_was_before_it,
    a_session_from_before_there_were_accounts_goes_on,
);

const HOUR: Duration = Duration::from_secs(3600);

async fn a_link_opens_one_session(place: Place) {
    let node = Node::start(&place).await;
    let link = node.first_link().unwrap();
    let session = node.redeem(&link).await.unwrap();
    assert_eq!(node.session(&session).await, "user:administrator: REGULATOR SECURITY_ADMINISTRATOR");
    for dead in [link.as_str(), "", "made-up"] {
        let refused = node.redeem(dead).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused)), (Code::Unauthenticated, "ACCESS_SIGN_IN_LINK".into()), "{dead:?}");
    }
    assert_eq!(node.session("made-up").await, "nobody");
    assert_eq!(node.session(&link).await, "nobody", "a link is no session");
    node.stop().await;
}

async fn a_link_is_good_for_a_day(place: Place) {
    let node = Node::start(&place).await;
    node.clock.advance(24 * HOUR);
    assert_eq!(node.redeem(&node.first_link().unwrap()).await.unwrap_err().code(), Code::Unauthenticated);
    node.stop().await;
}

async fn a_session_ends(place: Place) {
    let node = Node::start(&place).await;
    let session = node.redeem(&node.first_link().unwrap()).await.unwrap();
    node.clock.advance(12 * HOUR - Duration::from_secs(1));
    assert_ne!(node.session(&session).await, "nobody");
    node.clock.advance(Duration::from_secs(1));
    assert_eq!(node.session(&session).await, "nobody", "after 12 hours");
    node.stop().await;
}

async fn every_start_makes_a_link_until_one_was_used(place: Place) {
    let node = Node::start(&place).await;
    let first = node.first_link().unwrap();
    node.stop().await;
    let node = Node::start(&place).await;
    assert!(node.redeem(&first).await.is_err(), "the links before it have ended");
    let session = node.redeem(&node.first_link().unwrap()).await.unwrap();
    node.stop().await;
    let node = Node::start(&place).await;
    assert_eq!(node.first_link(), None);
    assert_ne!(node.session(&session).await, "nobody", "a restart ends no session");
    node.service().end_session(EndSessionRequest { session: session.clone() }).await.unwrap();
    assert_eq!(node.session(&session).await, "nobody");
    node.stop().await;
}

async fn the_operator_makes_another_link_that_ends_what_was_before_it(place: Place) {
    let node = Node::start(&place).await;
    let session = node.redeem(&node.first_link().unwrap()).await.unwrap();
    let lost = make_link(&mut node.operator()).await.unwrap();
    let link = make_link(&mut node.operator()).await.unwrap();
    let envelope = node.entry().await.envelope;
    assert_eq!((envelope.kind, envelope.actor, envelope.why), ("sign_in.link_made".into(), "operator".into(), "locked out".into()));
    assert_eq!(node.session(&session).await, "nobody", "whoever was signed in notices");
    assert!(node.redeem(&lost).await.is_err(), "one link at a time");
    let session = node.redeem(&link).await.unwrap();
    assert_eq!(node.session(&session).await, "user:administrator: REGULATOR SECURITY_ADMINISTRATOR", "no other roles than before");

    let everything = || Scope::Everything;
    let system = Principal::user("wang", [Role::SystemAdministrator], everything(), everything()).unwrap();
    let refused = make_link(&mut node.of(&system)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::PermissionDenied, "ACCESS_OPERATOR_NEEDED".into()));
    assert_ne!(node.session(&session).await, "nobody");
    node.stop().await;
}

async fn a_session_from_before_there_were_accounts_goes_on(place: Place) {
    let before = MigrationSet { steps: &MIGRATIONS.steps[..1], ..MIGRATIONS };
    let tables = place.open("registry", &[before]).await;
    let tx = tables.begin().await.unwrap();
    let rows = "(secret, account, roles, expires_at) VALUES ($1, 'administrator', 'SECURITY_ADMINISTRATOR REGULATOR', $2)";
    for table in ["session", "sign_in"] {
        sql::run(&tx, &format!("INSERT INTO {table} {rows}"), vec![sha256(b"older").to_vec().into(), (NOW + 1).into()]).await.unwrap();
    }
    sql::run(&tx, "UPDATE sign_in SET used_at = expires_at", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    tables.close().await;

    let node = Node::start(&place).await;
    assert_eq!(node.session("older").await, "user:administrator: REGULATOR SECURITY_ADMINISTRATOR");
    node.stop().await;
}

/// The secret of a new link.
async fn make_link(registry: &mut Registry) -> Result<String, Status> {
    let made = registry.make_sign_in_link(MakeSignInLinkRequest { why: "locked out".into() }).await?.into_inner();
    Ok(made.path.strip_prefix("/console/sign-in/").unwrap().to_owned())
}
