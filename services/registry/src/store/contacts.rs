use std::collections::BTreeMap;

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::subjects;
use crate::domain::contact::Contact;
use crate::domain::subject::Subject;

type Row = (String, String, String, String, String);

/// Codes or names that one statement looks for. SQLite finds a numbered placeholder by walking through all of them.
const AT_ONCE: usize = 100;
/// Contacts that one of these finds at most: a name may be many people's.
const MOST: i64 = 10_000;

/// Replaces what was there.
pub async fn put(db: &impl ConnectionTrait, subject: &str, contact: &Contact) -> Result<(), DbErr> {
    let text = "INSERT INTO contact (subject, person, phone, address, webhook) VALUES ($1, $2, $3, $4, $5) \
                ON CONFLICT (subject) DO UPDATE SET person = $2, phone = $3, address = $4, webhook = $5";
    let c = contact.clone();
    sql::run(db, text, vec![subject.into(), c.person.into(), c.phone.into(), c.address.into(), c.webhook.into()]).await.map(drop)
}

pub async fn remove(db: &impl ConnectionTrait, subject: &str) -> Result<(), DbErr> {
    sql::run(db, "DELETE FROM contact WHERE subject = $1", vec![subject.into()]).await.map(drop)
}

/// The subjects with one of these codes or names that have a contact, each once, by id.
pub async fn find(db: &impl ConnectionTrait, wanted: &[String]) -> Result<BTreeMap<String, (Subject, Contact)>, DbErr> {
    let mut found = BTreeMap::new();
    for chunk in wanted.chunks(AT_ONCE) {
        let words = sql::list(1, chunk.len());
        let of = format!("FROM subject JOIN contact ON contact.subject = id WHERE code IN ({words}) OR name IN ({words}) LIMIT {MOST}");
        let values: Vec<Value> = chunk.iter().map(|word| word.as_str().into()).collect();
        let contacts = sql::rows::<Row>(db, &format!("SELECT id, person, phone, address, webhook {of}"), values.clone()).await?;
        let mut contacts: BTreeMap<_, _> = contacts.into_iter().map(from_row).collect();
        for subject in sql::rows(db, &format!("SELECT {} {of}", subjects::COLUMNS), values).await? {
            let subject = subjects::from_row(subject)?;
            if let Some(contact) = contacts.remove(&subject.id) {
                found.insert(subject.id.clone(), (subject, contact));
            }
        }
    }
    Ok(found)
}

fn from_row((subject, person, phone, address, webhook): Row) -> (String, Contact) {
    (subject, Contact { person, phone, address, webhook })
}
