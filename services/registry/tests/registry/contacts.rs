//! Contacts: who sets them, who sees them open, and what is kept of that.

use std::slice::from_ref;

use prost::Message;
use tonic::{Code, Status};
use tracemesh_proto::registry::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, Registry, faults, reason};

on_both!(
    a_contact_is_found_by_code_and_by_name,
    who_need_not_call_sees_it_masked,
    an_open_reading_by_a_person_is_an_entry,
    a_provider_sets_those_of_its_own_subjects_alone,
    a_wrong_contact_is_told_everything_that_is_wrong,
);

async fn a_contact_is_found_by_code_and_by_name(place: Place) {
    let node = Node::start(&place).await;
    let [stall, shop] = [node.add_subject("stall").await, node.add_subject("shop").await];
    node.add_subject("silent").await;
    let first = set(&mut node.operator(), &stall.id, wang()).await.unwrap();
    assert_eq!((first.subject.as_str(), first.code.as_str(), first.name.as_str()), (stall.id.as_str(), "no-stall", "stall"));
    let contact = Contact { webhook: "https://stall.example/orders".into(), ..wang() };
    let stalls = set(&mut node.operator(), &stall.id, contact).await.unwrap();
    let shops = set(&mut node.regulator(), &shop.id, wang()).await.unwrap();

    let mut service = node.service();
    assert_eq!(find(&mut service, &["stall"]).await, from_ref(&stalls), "the newest holds");
    assert_eq!(find(&mut service, &["no-stall", "stall", "opaque:/no-stall"]).await, from_ref(&stalls), "each once");
    assert_eq!(find(&mut service, &["no-stall", "shop", "silent", "nobody"]).await, [stalls, shops.clone()]);
    let many: Vec<String> = (0..999).map(|n| format!("nobody-{n}")).chain(["no-shop".into()]).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(find(&mut service, &many).await, [shops]);
    let too_many = [many, vec!["one more"]].concat().iter().map(|text| (*text).to_owned()).collect();
    let refused = service.find_contacts(FindContactsRequest { subjects: too_many }).await.unwrap_err();
    assert_eq!(faults(&refused), ["subjects REQUEST_TOO_MANY"]);

    set(&mut node.operator(), &stall.id, Contact::default()).await.unwrap();
    assert_eq!(find(&mut service, &["stall"]).await, [], "an empty one takes it away");
    node.stop().await;
}

async fn who_need_not_call_sees_it_masked(place: Place) {
    let node = Node::start(&place).await;
    let [kind, scheme, code] = ["natural_person", "opaque", "370602199003078515"].map(str::to_owned);
    let person = Subject { kind, scheme, code, name: "stall".into(), ..Subject::default() };
    let request = RegisterSubjectRequest { subject: Some(person) };
    let subject = node.operator().register_subject(request).await.unwrap().into_inner().subject.unwrap();
    set(&mut node.operator(), &subject.id, wang()).await.unwrap();
    let shown = async |mut reader: Registry| {
        let Contact { person, phone, address, code, .. } = find(&mut reader, &["stall"]).await.remove(0);
        [person, phone, address, code].join(" ")
    };
    assert_eq!(shown(node.regulator()).await, "王** 138****5678 南大街 1 号 370602********8515");
    for who in [node.phoning(), node.service()] {
        assert_eq!(shown(who).await, "王小明 13812345678 南大街 1 号 370602199003078515");
    }
    node.stop().await;
}

async fn an_open_reading_by_a_person_is_an_entry(place: Place) {
    let node = Node::start(&place).await;
    let subject = node.add_subject("stall").await;
    set(&mut node.operator(), &subject.id, wang()).await.unwrap();
    let before = node.entries().await.len();
    find(&mut node.regulator(), &["stall"]).await;
    find(&mut node.service(), &["stall"]).await;
    find(&mut node.phoning(), &["nobody"]).await;
    assert_eq!(node.entries().await.len(), before, "what is masked, what a service does, what was not there");
    find(&mut node.phoning(), &["stall"]).await;
    let entry = node.entry().await;
    assert_eq!((entry.envelope.kind.as_str(), entry.envelope.actor.as_str()), ("contact.read", "user:sun"));
    assert_eq!(ContactsRead::decode(entry.body.unwrap()).unwrap().subjects, [subject.id]);
    node.stop().await;
}

async fn a_provider_sets_those_of_its_own_subjects_alone(place: Place) {
    let node = Node::start(&place).await;
    let [kind, scheme, code] = ["operator", "opaque", "no-1"].map(str::to_owned);
    let stall = Subject { kind, scheme, code, name: "stall".into(), ..Subject::default() };
    let register = RegisterSubjectRequest { subject: Some(stall) };
    let own = node.provider("acme").register_subject(register.clone()).await.unwrap().into_inner().subject.unwrap();
    let others = node.add_subject("shop").await;
    let entries = node.entries().await.len();
    for (provider, subject) in [("acme", &others.id), ("bolt", &own.id), ("acme", &"nobody".to_owned())] {
        let refused = set(&mut node.provider(provider), subject, wang()).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused)), (Code::NotFound, "SUBJECT_UNKNOWN".into()), "{provider}");
    }
    assert_eq!(node.entries().await.len(), entries);
    set(&mut node.provider("acme"), &own.id, wang()).await.unwrap();
    let envelope = node.entry().await.envelope;
    assert_eq!((envelope.actor.as_str(), envelope.labels.unwrap().sensitivity), ("provider:acme", 2));
    let again = node.provider("acme").register_subject(register).await.unwrap().into_inner();
    assert_eq!((again.subject, again.existing), (Some(own), true), "its own it sees");
    node.stop().await;
}

async fn a_wrong_contact_is_told_everything_that_is_wrong(place: Place) {
    let node = Node::start(&place).await;
    let subject = node.add_subject("stall").await;
    let wrong = Contact {
        person: "王".repeat(65),
        phone: "ask".into(),
        address: "a".repeat(201),
        webhook: "http://stall.example/orders".into(),
        ..Contact::default()
    };
    let refused = set(&mut node.operator(), &subject.id, wrong).await.unwrap_err();
    assert_eq!(
        faults(&refused),
        [
            "contact.person REQUEST_VALUE_TOO_LONG",
            "contact.address REQUEST_VALUE_TOO_LONG",
            "contact.phone REQUEST_VALUE_INVALID",
            "contact.webhook CONTACT_WEBHOOK"
        ]
    );
    node.stop().await;
}

fn wang() -> Contact {
    Contact { person: "王小明".into(), phone: "13812345678".into(), address: "南大街 1 号".into(), ..Contact::default() }
}

async fn set(registry: &mut Registry, subject: &str, contact: Contact) -> Result<Contact, Status> {
    let request = SetContactRequest { subject: subject.into(), contact: Some(contact) };
    Ok(registry.set_contact(request).await?.into_inner().contact.unwrap())
}

async fn find(registry: &mut Registry, subjects: &[&str]) -> Vec<Contact> {
    let request = FindContactsRequest { subjects: subjects.iter().map(|text| (*text).to_owned()).collect() };
    registry.find_contacts(request).await.unwrap().into_inner().contacts
}
