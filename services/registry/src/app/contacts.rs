//! Contacts: whom to call at a subject when it matters, and where its machines listen. They are personal data: whoever need not call sees them
//! masked, and when a person reads them open, that is an entry.

use tracemesh_access::{Principal, Role};
use tracemesh_chassis::error::Violation;
use tracemesh_codes::Identified;
use tracemesh_proto::registry::v1::{Contact as Document, ContactChanged, ContactsRead};

use super::{Cause, Registry, too_long};
use crate::domain::contact::{Contact, is_phone, is_webhook};
use crate::domain::subject::Subject;
use crate::error::RegistryError;
use crate::store;

/// Codes or names in one question.
const ASKED: usize = 1_000;
/// Characters of the fields.
const PERSON: usize = 64;
const PHONE: usize = 32;
const ADDRESS: usize = 200;
const WEBHOOK: usize = 500;

impl Registry {
    /// Replaces what was there; an empty contact takes it away.
    pub async fn put_contact(&self, cause: &Cause<'_>, subject: &str, contact: Contact) -> Result<(Subject, Contact), RegistryError> {
        let faults = faults_of(&contact);
        if !faults.is_empty() {
            return Err(RegistryError::Invalid(faults));
        }
        let sight = self.sight(cause.actor).await?;
        let tx = self.db.begin().await?;
        let found = store::subjects::for_change(&tx, subject).await?.filter(|subject| sight.sees_subject(subject));
        let subject = found.ok_or_else(|| RegistryError::NoSubject(subject.into()))?;
        if contact == Contact::default() {
            store::contacts::remove(&tx, &subject.id).await?;
        } else {
            store::contacts::put(&tx, &subject.id, &contact).await?;
        }
        let changed = ContactChanged { contact: Some(contact_document(&subject, &contact)) };
        self.commit(tx, "subject.contact_set", cause, &changed).await?;
        Ok((subject, contact))
    }

    /// The contacts of subjects that the reader sees, by code or name, masked where he may not see them open.
    pub async fn contacts(&self, reader: &Principal, asked: &[String]) -> Result<Vec<(Subject, Contact)>, RegistryError> {
        if asked.len() > ASKED {
            return Err(RegistryError::Invalid(vec![
                Violation::new("subjects", "error.request.too_many").with("limit", ASKED.to_string()),
            ]));
        }
        let wanted: Vec<String> = asked.iter().map(|text| code_or_name(text)).collect();
        let sight = self.sight(reader).await?;
        let found = store::contacts::find(self.db.read(), &wanted).await?.into_values();
        let mut found: Vec<(Subject, Contact)> = found.filter(|(subject, _)| sight.sees_subject(subject)).collect();
        if !may_read_personal(reader) {
            found = found.into_iter().map(|(subject, contact)| (subject, contact.masked())).collect();
        } else if reader.user_name().is_some() && !found.is_empty() {
            let read = ContactsRead { subjects: found.iter().map(|(subject, _)| subject.id.clone()).collect() };
            self.commit(self.db.begin().await?, "contact.read", &Cause::by(reader), &read).await?;
        }
        Ok(found)
    }
}

/// Whoever reaches stalls by phone, and the services that do so for somebody.
pub fn may_read_personal(reader: &Principal) -> bool {
    reader.has(Role::Acknowledger) || reader.has(Role::Service)
}

/// Records name a subject by its name, or by its code with the scheme in front.
fn code_or_name(text: &str) -> String {
    text.parse::<Identified>().map_or_else(|_| text.to_owned(), |exact| exact.code.value)
}

fn faults_of(contact: &Contact) -> Vec<Violation> {
    let Contact { person, phone, address, webhook } = contact;
    let limits = [
        ("contact.person", person, PERSON),
        ("contact.phone", phone, PHONE),
        ("contact.address", address, ADDRESS),
        ("contact.webhook", webhook, WEBHOOK),
    ];
    let mut faults: Vec<Violation> = limits.into_iter().filter_map(|(field, text, most)| too_long(field, text, most)).collect();
    if !phone.is_empty() && !is_phone(phone) {
        let fault = Violation::new("contact.phone", "error.request.value_invalid").with("value", phone);
        faults.push(fault.with("expected", "digits with + - ( ) and spaces, an extension after 转 or x"));
    }
    if !webhook.is_empty() && !is_webhook(webhook) {
        faults.push(Violation::new("contact.webhook", "error.contact.webhook").with("value", webhook));
    }
    faults
}

/// The contact as the wire and the journal have it.
pub fn contact_document(subject: &Subject, contact: &Contact) -> Document {
    let c = contact.clone();
    Document {
        subject: subject.id.clone(),
        code: subject.code.clone(),
        name: subject.name.clone(),
        person: c.person,
        phone: c.phone,
        address: c.address,
        webhook: c.webhook,
    }
}
