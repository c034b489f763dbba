//! Subjects: register, verify the code, change the state, find.

use std::str::FromStr;

use tracemesh_chassis::error::Violation;
use tracemesh_codes::{CodeFault, Scheme, resident_id, uscc};
use tracemesh_proto::registry::v1::Subject as Document;
use tracemesh_proto::time::timestamp;
use uuid::Uuid;

use super::{Cause, Registry, not_allowed};
use crate::domain::subject::{STATES, Subject, SubjectKind, SubjectState};
use crate::error::RegistryError;
use crate::store;

impl Registry {
    /// A second registration with the same code answers with the subject that is there; the flag says so.
    pub async fn create_subject(&self, cause: &Cause<'_>, asked: Document) -> Result<(Subject, bool), RegistryError> {
        let subject = self.checked(asked)?;
        let tx = self.db.begin().await?;
        if !store::subjects::insert(&tx, &subject).await? {
            let existing = store::subjects::by_code(&tx, &subject.scheme, &subject.code).await?;
            let existing = existing.ok_or_else(|| RegistryError::NoSubject(subject.code.clone()))?;
            return Ok((existing, true));
        }
        self.commit(tx, "subject.registered", cause, &document(&subject)).await?;
        Ok((subject, false))
    }

    pub async fn move_subject(&self, cause: &Cause<'_>, id: &str, to: &str) -> Result<Subject, RegistryError> {
        let Ok(to) = to.parse::<SubjectState>() else {
            return Err(RegistryError::Invalid(vec![not_allowed("state", to, &STATES.map(|(_, word)| word))]));
        };
        let tx = self.db.begin().await?;
        let found = store::subjects::for_change(&tx, id).await?;
        let mut subject = found.ok_or_else(|| RegistryError::NoSubject(id.into()))?;
        let from = subject.state;
        subject.state = from.transition(to).map_err(|_| RegistryError::Transition { from, to })?;
        store::subjects::set_state(&tx, &subject).await?;
        self.commit(tx, "subject.state_changed", cause, &document(&subject)).await?;
        Ok(subject)
    }

    /// Newest first, before `before`.
    pub async fn subjects(&self, code: &str, name: &str, before: &str, limit: u32) -> Result<Vec<Subject>, RegistryError> {
        Ok(store::subjects::find(self.db.read(), code, name, before, limit).await?)
    }

    /// The subject that a request asks for, or everything that is wrong with it.
    fn checked(&self, asked: Document) -> Result<Subject, RegistryError> {
        let mut faults = code_faults(&asked);
        let kind = asked.kind.parse::<SubjectKind>();
        if kind.is_err() {
            faults.push(Violation::new("subject.kind", "error.subject.kind_invalid").with("value", &asked.kind));
        }
        if asked.name.trim().is_empty() {
            faults.push(Violation::new("subject.name", "error.request.value_missing"));
        }
        let (Ok(kind), true) = (kind, faults.is_empty()) else {
            return Err(RegistryError::Invalid(faults));
        };
        Ok(Subject {
            id: Uuid::now_v7().to_string(),
            kind,
            scheme: asked.scheme,
            code: asked.code,
            name: asked.name,
            area: if asked.area.is_empty() { self.node.area.clone() } else { asked.area },
            state: SubjectState::Registered,
            categories: asked.categories,
            registered_at: self.clock.now_micros(),
        })
    }
}

/// Both check digits of a unified social credit code; other schemes by their own rules.
fn code_faults(asked: &Document) -> Vec<Violation> {
    let found: Result<(), Vec<CodeFault>> = match Scheme::from_str(&asked.scheme) {
        Ok(Scheme::Uscc) => uscc::check(&asked.code).map(drop),
        Ok(scheme) => tracemesh_codes::parse(scheme, "", &asked.code).map(drop),
        Err(_) => return vec![not_allowed("subject.scheme", &asked.scheme, &Scheme::ALL.map(Scheme::as_str))],
    };
    let faults = found.err().unwrap_or_default();
    let violation = |fault| Violation::new("subject.code", reason_of(fault)).with("value", resident_id::mask(&asked.code));
    faults.iter().map(violation).collect()
}

/// The catalogue's key of what is wrong with a code.
fn reason_of(fault: &CodeFault) -> &'static str {
    tracemesh_catalogue::lookup(&format!("code.{}", fault.rule)).map_or("error.request.value_invalid", |message| message.code)
}

/// The subject as the wire and the journal have it.
pub fn document(subject: &Subject) -> Document {
    let s = subject.clone();
    Document {
        id: s.id,
        kind: s.kind.to_string(),
        scheme: s.scheme,
        code: s.code,
        name: s.name,
        area: s.area,
        state: s.state.to_string(),
        categories: s.categories,
        registered_at: Some(timestamp(s.registered_at)),
    }
}
