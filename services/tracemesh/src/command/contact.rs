//! `contact`: whom to call at a subject.

use tracemesh_peers::Caller;
use tracemesh_proto::json;
use tracemesh_proto::registry::v1 as wire;
use tracemesh_proto::registry::v1::registry_service_client::RegistryServiceClient;

use super::connect;
use crate::cli::{Asking, Contact, SetContact};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, Contact::Set(set): Contact) -> anyhow::Result<u8> {
    let mut registry = connect(asking).await?.registry();
    let SetContact { subject, person, phone, address, webhook } = set;
    let subject = id_of(&mut registry, subject).await;
    let contact = wire::Contact { person, phone, address, webhook, ..wire::Contact::default() };
    let answer = registry.set_contact(wire::SetContactRequest { subject, contact: Some(contact) }).await?.into_inner();
    let contact = answer.contact.unwrap_or_default();
    if asking.json {
        output::json(&json::value("tracemesh.registry.v1.Contact", &contact))?;
    } else {
        println!("{:24}  {}  {}  {}  {}  {}", contact.code, contact.name, contact.person, contact.phone, contact.address, contact.webhook);
    }
    Ok(DONE)
}

/// The id of the subject with a code. What is no code here is an id, also for a provider, who may not look for subjects.
async fn id_of(registry: &mut RegistryServiceClient<Caller>, subject: String) -> String {
    let request = wire::FindSubjectsRequest { code: subject.clone(), ..wire::FindSubjectsRequest::default() };
    let found = registry.find_subjects(request).await.map(|answer| answer.into_inner().subjects).unwrap_or_default();
    found.into_iter().next().map_or(subject, |found| found.id)
}
