//! Who took part.

use super::checking::Checking;
use crate::draft::{DraftParties, DraftParty};
use crate::path::Path;
use crate::reasons;
use crate::record::{Parties, Party};

pub(super) fn parties(draft: DraftParties, checking: &mut Checking<'_>) -> Parties {
    let field = &Path::Root.key("parties");
    Parties {
        responsible: responsible(&field.key("responsible"), draft.responsible, checking),
        source: party(&field.key("source"), draft.source, checking),
        destination: party(&field.key("destination"), draft.destination, checking),
    }
}

/// A party that says nothing is an absent one.
fn party(field: &Path<'_>, draft: Option<DraftParty>, checking: &mut Checking<'_>) -> Option<Party> {
    let draft = draft.filter(|draft| *draft != DraftParty::default())?;
    Some(Party {
        code: checking.code(&field.key("code"), draft.code),
        name: checking.text(&field.key("name"), draft.name),
        address: checking.text(&field.key("address"), draft.address),
        contact: checking.text(&field.key("contact"), draft.contact),
        phone: checking.text(&field.key("phone"), draft.phone),
        licence: checking.text(&field.key("licence"), draft.licence),
    })
}

fn responsible(field: &Path<'_>, draft: Option<DraftParty>, checking: &mut Checking<'_>) -> Option<Party> {
    let Some(party) = party(field, draft, checking) else { return default_responsible(field, checking) };
    if let Some(code) = &party.code
        && !checking.at.scope.is_registered(code)
    {
        checking.warn(reasons::SUBJECT_UNREGISTERED, &field.key("code"), &code.to_string());
    }
    Some(party)
}

fn default_responsible(field: &Path<'_>, checking: &mut Checking<'_>) -> Option<Party> {
    let Some(code) = &checking.at.defaults.responsible else {
        checking.warn(reasons::RESPONSIBLE_ABSENT, field, "UNKNOWN");
        return None;
    };
    checking.warn(reasons::RESPONSIBLE_DEFAULTED, field, &code.to_string());
    Some(Party { code: Some(code.clone()), ..Party::default() })
}
