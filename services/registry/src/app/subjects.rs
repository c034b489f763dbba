//! Subjects: register, verify the code, change the state, find.

use std::str::FromStr;

use tracemesh_access::Principal;
use tracemesh_chassis::error::Violation;
use tracemesh_codes::{Code, CodeFault, Scheme};
use tracemesh_proto::registry::v1::Subject as Document;
use tracemesh_proto::time::timestamp;
use uuid::Uuid;

use super::{Cause, Registry, code_fault, not_allowed};
use crate::domain::subject::{STATES, Subject, SubjectKind, SubjectState};
use crate::error::RegistryError;
use crate::store;

impl Registry {
    /// A second registration with the same code answers with the subject that is there; the flag says so.
    pub async fn create_subject(&self, cause: &Cause<'_>, asked: Document) -> Result<(Subject, bool), RegistryError> {
        let subject = self.checked(cause.actor, asked)?;
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
        let sight = self.sight(cause.actor).await?;
        let mut subject = found.filter(|subject| sight.sees_subject(subject)).ok_or_else(|| RegistryError::NoSubject(id.into()))?;
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
    fn checked(&self, by: &Principal, asked: Document) -> Result<Subject, RegistryError> {
        let code = code_of(&asked);
        let mut faults = code.as_ref().err().cloned().unwrap_or_default();
        let kind = asked.kind.parse::<SubjectKind>();
        if kind.is_err() {
            faults.push(Violation::new("subject.kind", "error.subject.kind_invalid").with("value", &asked.kind));
        }
        if asked.name.trim().is_empty() {
            faults.push(Violation::new("subject.name", "error.request.value_missing"));
        }
        let (Ok(kind), Ok(code), true) = (kind, code, faults.is_empty()) else {
            return Err(RegistryError::Invalid(faults));
        };
        Ok(Subject {
            id: Uuid::now_v7().to_string(),
            kind,
            scheme: code.scheme.as_str().into(),
            code: code.value,
            name: asked.name,
            area: if asked.area.is_empty() { self.node.area.clone() } else { asked.area },
            state: SubjectState::Registered,
            categories: asked.categories,
            registered_at: self.clock.now_micros(),
            registered_by: by.name().into(),
        })
    }
}

/// The code in the one spelling that a subject is known by, or everything that is wrong with it. A text without a scheme stays as it is written:
/// it may be a person's number, whose canonical form is masked and tells no two people apart.
fn code_of(asked: &Document) -> Result<Code, Vec<Violation>> {
    let unknown = |_| vec![not_allowed("subject.scheme", &asked.scheme, &Scheme::ALL.map(Scheme::as_str))];
    let scheme = Scheme::from_str(&asked.scheme).map_err(unknown)?;
    let told = |faults: Vec<CodeFault>| faults.iter().map(|fault| code_fault("subject.code", &asked.code, fault)).collect::<Vec<_>>();
    let identified = tracemesh_codes::parse(scheme, "", &asked.code).map_err(told)?;
    Ok(match scheme {
        Scheme::Opaque => Code { value: asked.code.trim().into(), ..identified.code },
        _ => identified.code,
    })
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
