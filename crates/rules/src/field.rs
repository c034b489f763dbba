//! Fields of a record, by the paths of the contract.
//!
//! A path into a list means each of its elements; `units[OUTPUT].batch` and `evidence[ORIGIN_CERTIFICATE].number` mean those of one role or
//! kind. Beside the contract's fields stand `area`, `provider` and `received_at`, which the receipt tells, and `units.quantity.kg`, the
//! quantity as a mass. `extension.NAME` is a text or number at the top of the extension.

use serde_json::Value as Json;
use tracemesh_model::{Amount, Evidence, EvidenceKind, Granularity, Parties, Party, Role, TraceRecord, Unit};

use crate::case::Case;
use crate::value::Value;

/// One field, found once and read often.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    path: Box<str>,
    read: Read,
}

type Of<T> = for<'r> fn(&'r T) -> Option<Value<'r>>;

#[derive(Clone, Debug)]
enum Read {
    Reception(for<'r> fn(&Case<'r>) -> Option<Value<'r>>),
    Record(Of<TraceRecord>),
    Party(for<'r> fn(&'r Parties) -> Option<&'r Party>, Of<Party>),
    Units(Option<Role>, Of<Unit>),
    Evidence(Option<EvidenceKind>, Of<Evidence>),
    Extension(Box<str>),
}

impl Field {
    /// The field of a path; `None` where there is none.
    pub(crate) fn named(path: &str) -> Option<Self> {
        let read = reception(path)
            .or_else(|| RECORD.iter().find(|(name, _)| *name == path).map(|(_, of)| Read::Record(*of)))
            .or_else(|| party(path))
            .or_else(|| units(path))
            .or_else(|| evidence(path))
            .or_else(|| path.strip_prefix("extension.").filter(|name| !name.is_empty()).map(|name| Read::Extension(name.into())))?;
        Some(Self { path: path.into(), read })
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn is_list(&self) -> bool {
        matches!(self.read, Read::Units(..) | Read::Evidence(..))
    }

    /// How many elements there are to look at.
    pub(crate) fn len(&self, case: &Case<'_>) -> usize {
        match self.read {
            Read::Units(..) => case.record.units.len(),
            Read::Evidence(..) => case.record.evidence.len(),
            _ => 1,
        }
    }

    /// The value of an element; of what is no list, the value whichever is asked for.
    pub(crate) fn at<'r>(&self, case: &Case<'r>, index: usize) -> Option<Value<'r>> {
        match &self.read {
            Read::Reception(of) => of(case),
            Read::Record(of) => of(case.record),
            Read::Party(side, of) => of(side(&case.record.parties)?),
            Read::Units(role, of) => of(case.record.units.get(index).filter(|unit| role.is_none_or(|role| unit.role == role))?),
            Read::Evidence(kind, of) => of(case.record.evidence.get(index).filter(|one| kind.is_none_or(|kind| one.kind == kind))?),
            Read::Extension(name) => extension(case.record, name),
        }
    }

    /// Every value that is there, with its index.
    pub(crate) fn values<'f, 'r>(&'f self, case: &'f Case<'r>) -> impl Iterator<Item = (usize, Value<'r>)> + 'f {
        (0..self.len(case)).filter_map(|index| Some((index, self.at(case, index)?)))
    }

    /// The path of one element, as a receipt names it: `units[3].batch`.
    pub(crate) fn place(&self, index: usize) -> String {
        match self.path.split_once('.') {
            Some((list, rest)) if self.is_list() => format!("{}[{index}].{rest}", list.split('[').next().unwrap_or(list)),
            _ => self.path.to_string(),
        }
    }
}

fn reception(path: &str) -> Option<Read> {
    Some(Read::Reception(match path {
        "received_at" => |case| Some(Value::Instant(case.reception.received_at)),
        "provider" => |case| Value::text(case.reception.provider),
        _ => return None,
    }))
}

const RECORD: &[(&str, Of<TraceRecord>)] = &[
    ("record_id", |r| Value::text(&r.record_id)),
    ("revision", |r| Some(Value::whole(r.revision))),
    ("class", |r| Value::text(r.class.as_str())),
    ("category", |r| Value::text(r.category.as_str())),
    ("area", |r| Value::text(&r.area)),
    ("event_time", |r| Some(Value::Instant(r.event_time.micros()))),
    ("place.region", |r| Value::text(&r.place.region)),
    ("place.subject", |r| r.place.subject.as_ref().map(Value::Code)),
    ("place.location", |r| Value::text(&r.place.location)),
    ("product.code", |r| r.product.code.as_ref().map(Value::Code)),
    ("product.name", |r| Value::text(&r.product.name)),
    ("product.spec", |r| Value::text(&r.product.spec)),
    ("product.class_code", |r| Value::text(&r.product.class_code)),
    ("product.produced_on", |r| r.product.produced_on.map(Value::Day)),
    ("product.best_before", |r| r.product.best_before.map(Value::Day)),
    ("act.voucher", |r| Value::text(&r.act.voucher)),
    ("act.unit_price", |r| r.act.unit_price.map(Value::Amount)),
    ("act.amount", |r| r.act.amount.map(Value::Amount)),
    ("act.mode", |r| Value::text(&r.act.mode)),
    ("act.vehicle", |r| Value::text(&r.act.vehicle)),
    ("corrects.reason", |r| Value::text(&r.corrects.as_ref()?.reason)),
];

fn party(path: &str) -> Option<Read> {
    let (side, part) = path.strip_prefix("parties.")?.split_once('.')?;
    let side: for<'r> fn(&'r Parties) -> Option<&'r Party> = match side {
        "responsible" => |parties| parties.responsible.as_ref(),
        "source" => |parties| parties.source.as_ref(),
        "destination" => |parties| parties.destination.as_ref(),
        _ => return None,
    };
    let of: Of<Party> = match part {
        "code" => |party| party.code.as_ref().map(Value::Code),
        "name" => |party| Value::text(&party.name),
        "address" => |party| Value::text(&party.address),
        "contact" => |party| Value::text(&party.contact),
        "phone" => |party| Value::text(&party.phone),
        "licence" => |party| Value::text(&party.licence),
        _ => return None,
    };
    Some(Read::Party(side, of))
}

fn units(path: &str) -> Option<Read> {
    let (role, part) = element("units", path)?;
    let of: Of<Unit> = match part {
        "role" => |unit| Value::text(unit.role.as_str()),
        "code" => |unit| Some(Value::Code(&unit.code)),
        "batch" => |unit| Value::text(&unit.batch),
        "granularity" => |unit| Value::text(granularity(unit.granularity)),
        "quantity.value" => |unit| Some(Value::Amount(unit.quantity.as_ref()?.value)),
        "quantity.unit" => |unit| Value::text(&unit.quantity.as_ref()?.unit),
        "quantity.kg" => |unit| unit.quantity.as_ref()?.mass_kg().map(Value::Amount),
        _ => return None,
    };
    let role = role.map(|name| Role::named(name).ok_or(())).transpose().ok()?;
    Some(Read::Units(role, of))
}

fn granularity(granularity: Granularity) -> &'static str {
    match granularity {
        Granularity::Item => "ITEM",
        Granularity::Batch => "BATCH",
        Granularity::Class => "CLASS",
    }
}

fn evidence(path: &str) -> Option<Read> {
    let (kind, part) = element("evidence", path)?;
    let of: Of<Evidence> = match part {
        "kind" => |evidence| Value::text(evidence.kind.as_str()),
        "number" => |evidence| Value::text(&evidence.number),
        "issuer" => |evidence| Value::text(&evidence.issuer),
        "issued_on" => |evidence| evidence.issued_on.map(Value::Day),
        "valid_until" => |evidence| evidence.valid_until.map(Value::Day),
        "result" => |evidence| Value::text(evidence.result?.as_str()),
        "uri" => |evidence| Value::text(&evidence.uri),
        _ => return None,
    };
    let kind = kind.map(|name| EvidenceKind::named(name).ok_or(())).transpose().ok()?;
    Some(Read::Evidence(kind, of))
}

/// `list.part` or `list[CHOICE].part`, taken apart.
fn element<'p>(list: &str, path: &'p str) -> Option<(Option<&'p str>, &'p str)> {
    let rest = path.strip_prefix(list)?;
    match rest.strip_prefix('[') {
        Some(rest) => rest.split_once("].").map(|(choice, part)| (Some(choice), part)),
        None => rest.strip_prefix('.').map(|part| (None, part)),
    }
}

fn extension<'r>(record: &'r TraceRecord, name: &str) -> Option<Value<'r>> {
    match record.extension.get(name)? {
        Json::String(text) => Value::text(text),
        Json::Number(number) => Amount::parse(&number.to_string()).ok().map(Value::Amount),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_contract_and_no_others() {
        for path in ["units.code", "units[OUTPUT].quantity.kg", "evidence[LICENCE].number", "parties.source.phone", "extension.stall"] {
            assert!(Field::named(path).is_some(), "{path}");
        }
        for path in [
            "",
            "unit.code",
            "units[SOLD].batch",
            "units[].batch",
            "units[OUTPUT]",
            "evidence[X].number",
            "parties.seller.name",
            "extension.",
        ] {
            assert!(Field::named(path).is_none(), "{path}");
        }
    }

    #[test]
    fn an_element_has_its_place() {
        assert_eq!(Field::named("units[OUTPUT].quantity.kg").unwrap().place(3), "units[3].quantity.kg");
        assert_eq!(Field::named("product.name").unwrap().place(0), "product.name");
    }
}
