//! Every change is an entry, and there is neither without the other.

use tonic::{Code, Status};
use tracemesh_proto::registry::v1::*;
use tracemesh_store::{Database, sql};
use tracemesh_testkit::{Place, on_both};

use crate::laboratories::laboratory;
use crate::node::{NOW, Node, account};

on_both!(every_change_says_who_and_why, no_change_without_its_entry, a_restart_keeps_everything);

/// Of a start and one change of each kind: what, who, why.
const STORY: &str = "\
area.added by service:registry: -
provider.added by service:registry: -
account.appointed by service:registry: -
sign_in.link_made by service:registry: -
area.added by operator: -
provider.added by operator: -
provider.rotated by provider:acme: -
provider.state_changed by operator: late
subject.registered by operator: -
subject.state_changed by operator: asked for
account.appointed by user:zhao: new here
account.state_changed by user:zhao: on leave
subject.contact_set by user:li: -
contact.read by user:sun: -
laboratory.authorised by operator: tender 7
session.opened by user:administrator: -
session.ended by user:administrator: -
";

async fn every_change_says_who_and_why(place: Place) {
    let node = Node::start(&place).await;
    let link = node.first_link().unwrap();
    add_zone(&node, "zone-7").await.unwrap();
    node.add_provider("acme").await;
    rotate(&node).await.unwrap();
    suspend(&node).await.unwrap();
    let subject = node.add_subject("stall").await;
    node.move_subject(&subject.id, "verified").await.unwrap();
    appoint(&node).await.unwrap();
    node.set_account("wang", "suspended", "on leave").await.unwrap();
    set_contact(&node, &subject.id).await.unwrap();
    node.phoning().find_contacts(FindContactsRequest { subjects: vec!["stall".into()] }).await.unwrap();
    authorise(&node).await.unwrap();
    let session = node.redeem(&link).await.unwrap();
    for _ in 0..2 {
        node.service().end_session(EndSessionRequest { session: session.clone() }).await.unwrap();
    }
    let mut story = String::new();
    for entry in node.entries().await {
        let envelope = entry.envelope;
        let why = if envelope.why.is_empty() { "-" } else { &envelope.why };
        story += &format!("{} by {}: {why}\n", envelope.kind, envelope.actor);
        assert_eq!(tracemesh_proto::time::micros(envelope.received_at.as_ref()), NOW);
        assert_eq!(envelope.labels.unwrap().area, "370600");
    }
    assert_eq!(story, STORY);
    node.stop().await;
}

async fn no_change_without_its_entry(place: Place) {
    let node = Node::start(&place).await;
    let link = node.first_link().unwrap();
    node.add_provider("acme").await;
    let subject = node.add_subject("stall").await;
    let (before, entries) = (everything(&node).await, node.entries().await);

    let tables = Database::open(&place.config("registry"), "registry").await.unwrap();
    alter(&tables, "ALTER TABLE journal_order RENAME TO elsewhere").await;
    let failed = [
        add_zone(&node, "zone-7").await.err(),
        node.try_add_provider("bolt").await.err(),
        rotate(&node).await.err(),
        suspend(&node).await.err(),
        node.try_add_subject("shop").await.err(),
        node.move_subject(&subject.id, "cancelled").await.err(),
        node.redeem(&link).await.err(),
        appoint(&node).await.err(),
        set_contact(&node, &subject.id).await.err(),
        authorise(&node).await.err(),
    ];
    alter(&tables, "ALTER TABLE elsewhere RENAME TO journal_order").await;
    tables.close().await;

    assert_eq!(failed.map(|status| status.map(|status| status.code())), [Some(Code::Unavailable); 10]);
    assert_eq!((everything(&node).await, node.entries().await), (before, entries));
    node.redeem(&link).await.expect("the link was not used up");
    node.stop().await;
}

async fn a_restart_keeps_everything(place: Place) {
    let node = Node::start(&place).await;
    add_zone(&node, "zone-7").await.unwrap();
    node.add_provider("acme").await;
    suspend(&node).await.unwrap();
    let subject = node.add_subject("stall").await;
    node.move_subject(&subject.id, "verified").await.unwrap();
    let session = node.redeem(&node.first_link().unwrap()).await.unwrap();
    let (before, entries) = (everything(&node).await, node.entries().await);
    node.stop().await;

    let node = Node::start(&place).await;
    assert_eq!((everything(&node).await, node.entries().await), (before, entries));
    assert_ne!(node.session(&session).await, "nobody");
    node.stop().await;
}

/// What the registry knows, as it answers.
async fn everything(node: &Node) -> (Vec<Area>, Vec<Provider>, Vec<Subject>) {
    let mut registry = node.operator();
    let areas = registry.list_areas(ListAreasRequest {}).await.unwrap().into_inner().areas;
    let providers = registry.list_providers(ListProvidersRequest::default()).await.unwrap().into_inner().providers;
    (areas, providers, node.find("", "").await)
}

async fn add_zone(node: &Node, id: &str) -> Result<(), Status> {
    let area = Area { id: id.into(), parent: "370600".into(), name_zh: "新区".into(), kind: "zone".into(), ..Area::default() };
    node.operator().add_area(AddAreaRequest { area: Some(area) }).await.map(drop)
}

async fn rotate(node: &Node) -> Result<(), Status> {
    node.provider("acme").rotate_provider_token(RotateProviderTokenRequest { id: "acme".into() }).await.map(drop)
}

async fn suspend(node: &Node) -> Result<(), Status> {
    let request = SetProviderStateRequest { id: "acme".into(), state: "suspended".into(), why: "late".into() };
    node.operator().set_provider_state(request).await.map(drop)
}

async fn appoint(node: &Node) -> Result<(), Status> {
    node.appoint(account("wang", &["REGULATOR"])).await.map(drop)
}

async fn set_contact(node: &Node, subject: &str) -> Result<(), Status> {
    let contact = Contact { person: "王小明".into(), phone: "13812345678".into(), ..Contact::default() };
    node.regulator().set_contact(SetContactRequest { subject: subject.into(), contact: Some(contact) }).await.map(drop)
}

async fn authorise(node: &Node) -> Result<(), Status> {
    let request = AuthoriseLaboratoryRequest { laboratory: Some(laboratory()), why: "tender 7".into() };
    node.operator().authorise_laboratory(request).await.map(drop)
}

async fn alter(tables: &Database, statement: &str) {
    let tx = tables.begin().await.unwrap();
    sql::run(&tx, statement, vec![]).await.unwrap();
    tx.commit().await.unwrap();
}
