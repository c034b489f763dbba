//! A regulator sees the providers and subjects of his areas and categories, and changes no others.

use tonic::Code;
use tracemesh_proto::registry::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, Registry};

on_both!(a_regulator_sees_the_providers_of_his_scope, a_regulator_sees_and_changes_the_subjects_of_his_scope);

async fn a_regulator_sees_the_providers_of_his_scope(place: Place) {
    let node = Node::start(&place).await;
    for (id, area, category) in
        [("county", "370602", "FOOD"), ("province", "370000", "FOOD"), ("drugs", "370602", "DRUG"), ("far", "350200", "FOOD")]
    {
        let provider = Provider { id: id.into(), areas: vec![area.into()], categories: vec![category.into()], ..Provider::default() };
        node.operator().add_provider(AddProviderRequest { provider: Some(provider) }).await.unwrap();
    }
    let listed = async |mut registry: Registry| {
        let page = registry.list_providers(ListProvidersRequest::default()).await.unwrap().into_inner();
        page.providers.into_iter().map(|provider| provider.id).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(listed(node.regulator_of("370600", "FOOD")).await, "county local province", "whoever may submit something there");
    assert_eq!(listed(node.regulator_of("370602", "*")).await, "county drugs local province");
    assert_eq!(listed(node.regulator()).await, "county drugs far local province");
    assert_eq!(listed(node.operator()).await, "county drugs far local province");
    let mut elsewhere = node.regulator_of("350200", "*");
    let first = ListProvidersRequest { page_size: 1, page_token: String::new() };
    let first = elsewhere.list_providers(first).await.unwrap().into_inner();
    assert!(first.providers.is_empty() && !first.next_page_token.is_empty(), "more may follow an empty page");
    node.stop().await;
}

async fn a_regulator_sees_and_changes_the_subjects_of_his_scope(place: Place) {
    let node = Node::start(&place).await;
    let mut ids = Vec::new();
    for (name, area, categories) in
        [("a", "370602", vec!["FOOD", "DRUG"]), ("b", "370600", vec!["FOOD"]), ("c", "370611", vec![]), ("d", "370602", vec!["DRUG"])]
    {
        let [kind, scheme, code] = ["operator", "opaque", name].map(str::to_owned);
        let categories = categories.into_iter().map(str::to_owned).collect();
        let subject = Subject { kind, scheme, code, name: name.into(), area: area.into(), categories, ..Subject::default() };
        let registered = node.operator().register_subject(RegisterSubjectRequest { subject: Some(subject) }).await.unwrap().into_inner();
        ids.push(registered.subject.unwrap());
    }
    let found = async |mut registry: Registry| {
        let page = registry.find_subjects(FindSubjectsRequest::default()).await.unwrap().into_inner();
        page.subjects.into_iter().map(|subject| subject.name).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(found(node.regulator_of("370600", "FOOD")).await, "c b a");
    assert_eq!(found(node.regulator_of("370602", "FOOD")).await, "a", "the city's is not the county's");
    assert_eq!(found(node.regulator_of("370602", "*")).await, "d a");
    assert_eq!(found(node.regulator()).await, "d c b a");

    let mut county = node.regulator_of("370602", "FOOD");
    let verify = |subject: &Subject| ChangeSubjectStateRequest { id: subject.id.clone(), state: "verified".into(), why: String::new() };
    let codes = [county.change_subject_state(verify(&ids[0])).await, county.change_subject_state(verify(&ids[1])).await];
    assert_eq!(codes.map(|answer| answer.map_or_else(|status| status.code(), |_| Code::Ok)), [Code::Ok, Code::NotFound]);
    let again = county.register_subject(RegisterSubjectRequest { subject: Some(ids[1].clone()) }).await.unwrap().into_inner();
    assert_eq!((again.subject.unwrap().name.as_str(), again.existing), ("", true));
    let contact = SetContactRequest { subject: ids[1].id.clone(), contact: Some(Contact { phone: "1".into(), ..Contact::default() }) };
    assert_eq!(county.set_contact(contact.clone()).await.unwrap_err().code(), Code::NotFound);
    node.operator().set_contact(contact).await.unwrap();
    let contacts = async |mut registry: Registry| {
        registry.find_contacts(FindContactsRequest { subjects: vec!["b".into()] }).await.unwrap().into_inner().contacts.len()
    };
    assert_eq!([contacts(county).await, contacts(node.regulator_of("370600", "*")).await], [0, 1]);
    node.stop().await;
}
