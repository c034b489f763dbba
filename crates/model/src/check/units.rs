//! The units: role, code, batch, granularity, quantity, and the key under which the whole mesh finds them.

use tracemesh_codes::{Code, Granularity, Identified, unit_key};

use super::checking::Checking;
use crate::amount::{Amount, AmountFault};
use crate::draft::{DraftQuantity, DraftUnit};
use crate::path::Path;
use crate::quantity::Quantity;
use crate::reasons;
use crate::record::{Parties, Party};
use crate::unit::{Role, Unit};

pub(super) fn units(drafts: Vec<DraftUnit>, parties: &Parties, checking: &mut Checking<'_>) -> Vec<Unit> {
    let field = &Path::Root.key("units");
    let most = checking.at.limits.units;
    if drafts.is_empty() {
        checking.missing(reasons::UNITS_MISSING, field);
    }
    if drafts.len() > most {
        checking.refuse(reasons::UNITS_TOO_MANY, field, &drafts.len().to_string());
    }
    let bounded = drafts.into_iter().take(most).enumerate();
    bounded.filter_map(|(index, draft)| unit(&field.item(index), draft, parties, checking)).collect()
}

/// Every field is looked at before the first missing one ends it.
fn unit(field: &Path<'_>, draft: DraftUnit, parties: &Parties, checking: &mut Checking<'_>) -> Option<Unit> {
    let role = role(&field.key("role"), &draft.role, checking);
    let claimed = claimed_granularity(&field.key("granularity"), &draft.granularity, checking);
    let batch = checking.text(&field.key("batch"), draft.batch);
    let given = draft.quantity.filter(|quantity| *quantity != DraftQuantity::default());
    let quantity = given.and_then(|quantity| self::quantity(&field.key("quantity"), quantity, checking));
    let code_field = &field.key("code");
    let Some(code) = draft.code else {
        checking.missing(reasons::UNIT_CODE_MISSING, code_field);
        return None;
    };
    let spelled = code.value.clone();
    let identified = checking.identify(code_field, code)?.with_batch(batch.trim());
    checking.doubts(code_field, &identified, &spelled);
    let granularity = granularity(&field.key("granularity"), claimed, &identified, checking);
    let role = role?;
    let Identified { code, batch, .. } = identified;
    let code = with_issuer(code_field, code, role, parties, checking);
    let key = unit_key(&code, &batch);
    Some(Unit { role, code, batch, granularity, key, quantity, spelled })
}

fn role(field: &Path<'_>, name: &str, checking: &mut Checking<'_>) -> Option<Role> {
    let role = Role::named(name);
    match role {
        None if name.is_empty() => checking.missing(reasons::ROLE_MISSING, field),
        None => checking.refuse(reasons::ROLE_UNKNOWN, field, name),
        Some(_) => {}
    }
    role
}

fn claimed_granularity(field: &Path<'_>, name: &str, checking: &mut Checking<'_>) -> Option<Granularity> {
    match name {
        "" | "GRANULARITY_UNSPECIFIED" => None,
        "ITEM" => Some(Granularity::Item),
        "BATCH" => Some(Granularity::Batch),
        "CLASS" => Some(Granularity::Class),
        _ => {
            checking.refuse(reasons::GRANULARITY_UNKNOWN, field, name);
            None
        }
    }
}

/// What a code shows by itself to be a class stays one whatever is claimed: walking through a product's code would join every batch of it
/// in the country. Otherwise the record's word counts, then the scheme's, and a code of which nobody knows is a batch.
fn granularity(field: &Path<'_>, claimed: Option<Granularity>, identified: &Identified, checking: &mut Checking<'_>) -> Granularity {
    let names_class = identified.granularity == Some(Granularity::Class) && identified.batch.is_empty();
    if names_class && claimed.is_some_and(|claimed| claimed != Granularity::Class) {
        checking.warn(reasons::GRANULARITY_CLASS, field, &identified.code.to_string());
    }
    match (claimed, identified.granularity) {
        _ if names_class => Granularity::Class,
        (Some(claimed), _) => claimed,
        (None, Some(Granularity::Item)) => Granularity::Item,
        (None, _) => Granularity::Batch,
    }
}

/// The issuer that gives a code its meaning: the one named, else the party that the role implies. Goods that came in keep the source's
/// numbers; without a source they are one's own.
fn with_issuer(field: &Path<'_>, mut code: Code, role: Role, parties: &Parties, checking: &mut Checking<'_>) -> Code {
    if code.scheme.is_globally_unique() || !code.issuer.is_empty() {
        return code;
    }
    let subject = |party: &Option<Party>| party.as_ref().and_then(|party| party.code.as_ref()).map(|code| code.value.clone());
    let source = if role.comes_from_source() { subject(&parties.source) } else { None };
    code.issuer = source.or_else(|| subject(&parties.responsible)).unwrap_or_else(|| {
        checking.warn(reasons::ISSUER_ABSENT, field, &code.value);
        checking.at.defaults.issuer.clone()
    });
    code
}

fn quantity(field: &Path<'_>, draft: DraftQuantity, checking: &mut Checking<'_>) -> Option<Quantity> {
    let value_field = &field.key("value");
    let unit = checking.text(&field.key("unit"), draft.unit);
    if draft.value.is_empty() {
        checking.missing(reasons::QUANTITY_VALUE_MISSING, value_field);
        return None;
    }
    match Amount::parse(&draft.value) {
        Ok(value) if value.is_zero() => checking.warn(reasons::QUANTITY_ZERO, value_field, &draft.value),
        Ok(_) => {}
        Err(AmountFault::Malformed) => checking.refuse(reasons::QUANTITY_MALFORMED, value_field, &draft.value),
        Err(AmountFault::Negative) => checking.refuse(reasons::QUANTITY_NEGATIVE, value_field, &draft.value),
        Err(AmountFault::Digits) => checking.refuse(reasons::QUANTITY_DIGITS, value_field, &draft.value),
    }
    if unit.trim().is_empty() {
        checking.warn(reasons::MEASURE_ABSENT, &field.key("unit"), "");
    }
    Amount::parse(&draft.value).ok().map(|value| Quantity::new(value, &unit))
}
