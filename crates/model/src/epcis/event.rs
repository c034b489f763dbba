//! One event as a draft: which roles its identifiers play, what it does to packings, and which class of record it is.

use super::{biz_step, ilmd, things};
use crate::class::{Class, Packing};
use crate::draft::{Draft, DraftAct, DraftCorrection, DraftParties, DraftParty, DraftPlace, DraftUnit};
use crate::json::{Fields, Report, Value};
use crate::path::Path;
use crate::reasons;
use crate::unit::Role;

/// The five types of event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Aggregation,
    Association,
    Transaction,
    Transformation,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Action {
    Add,
    Observe,
    Delete,
}

impl Kind {
    pub(super) fn of(of: &mut Fields<'_, '_>, report: &mut Report) -> Option<Self> {
        let name = of.text("type", report);
        let kind = match name.as_str() {
            "ObjectEvent" => Some(Kind::Object),
            "AggregationEvent" => Some(Kind::Aggregation),
            "AssociationEvent" => Some(Kind::Association),
            "TransactionEvent" => Some(Kind::Transaction),
            "TransformationEvent" => Some(Kind::Transformation),
            _ => None,
        };
        if kind.is_none() {
            report.fault(reasons::EPCIS_TYPE_UNKNOWN, &of.path.key("type"), &name);
        }
        kind
    }
}

pub(super) fn draft(kind: Kind, mut of: Fields<'_, '_>, report: &mut Report) -> Draft {
    let _context = of.take("@context", report);
    let action = action(kind, &mut of, report);
    let corrects = error_declaration(&mut of, report);
    let ilmd = ilmd::read(&mut of, report);
    let draft = Draft {
        record_id: event_id(&mut of, report),
        revision: corrects.is_some().then_some(2),
        class: class(kind, action, &mut of, report).as_str().to_owned(),
        packing: Some(packing(kind, action)),
        event_time: of.text("eventTime", report),
        place: DraftPlace { location: location(&mut of, report), ..DraftPlace::default() },
        parties: DraftParties {
            source: party(&mut of, "sourceList", "source", report),
            destination: party(&mut of, "destinationList", "destination", report),
            ..DraftParties::default()
        },
        units: ilmd::with_lot(ilmd.lot, units(kind, action, &mut of, report)),
        product: ilmd.product,
        act: DraftAct { voucher: voucher(&mut of, report), ..DraftAct::default() },
        corrects,
        ..Draft::default()
    };
    of.finish(report);
    draft
}

/// The event's id is the record's. Field names of the record are used, so that one lack has one violation.
fn event_id(of: &mut Fields<'_, '_>, report: &mut Report) -> String {
    let id = of.text("eventID", report);
    if id.is_empty() {
        report.fault(reasons::EPCIS_EVENT_ID_MISSING, &Path::Root.key("record_id"), "");
    }
    id
}

/// Every type but the transformation needs an action. Without one the event is rejected, so what stands in for it shows nowhere.
fn action(kind: Kind, of: &mut Fields<'_, '_>, report: &mut Report) -> Action {
    let field = of.path.key("action");
    let name = of.text("action", report);
    match name.as_str() {
        "ADD" => return Action::Add,
        "OBSERVE" => return Action::Observe,
        "DELETE" => return Action::Delete,
        "" if kind == Kind::Transformation => {}
        "" => report.fault(reasons::EPCIS_ACTION_MISSING, &field, ""),
        _ => report.fault(reasons::EPCIS_ACTION_UNKNOWN, &field, &name),
    }
    Action::Observe
}

/// The step's class, else the type's. The step itself is kept: a class says less than it.
fn class(kind: Kind, action: Action, of: &mut Fields<'_, '_>, report: &mut Report) -> Class {
    let step = of.text("bizStep", report);
    if !step.is_empty() {
        report.keep(&of.path.key("bizStep"), Value::Text(step.as_str().into()));
    }
    biz_step::class(&step).unwrap_or(match (kind, action) {
        (Kind::Object, Action::Add) => Class::Produce,
        (Kind::Object, Action::Delete) => Class::Use,
        (Kind::Transaction, _) => Class::Wholesale,
        (Kind::Transformation, _) => Class::Process,
        (Kind::Aggregation | Kind::Association, Action::Add) => Class::Pack,
        (Kind::Aggregation | Kind::Association, Action::Delete) => Class::Unpack,
        (Kind::Object | Kind::Aggregation | Kind::Association, Action::Observe) => Class::Store,
    })
}

fn packing(kind: Kind, action: Action) -> Packing {
    match (kind, action) {
        (Kind::Aggregation | Kind::Association, Action::Add) => Packing::Pack,
        (Kind::Aggregation | Kind::Association, Action::Delete) => Packing::Unpack,
        _ => Packing::Unchanged,
    }
}

fn units(kind: Kind, action: Action, of: &mut Fields<'_, '_>, report: &mut Report) -> Vec<DraftUnit> {
    match kind {
        Kind::Object => {
            let role = object_role(action);
            listed(of, [("epcList", "quantityList", role)], report)
        }
        Kind::Transaction => {
            let mut units = parent(of, Role::Observed, report);
            units.extend(listed(of, [("epcList", "quantityList", Role::Observed)], report));
            units
        }
        Kind::Aggregation | Kind::Association => {
            let mut units = parent(of, Role::Container, report);
            units.extend(listed(of, [("childEPCs", "childQuantityList", Role::Content)], report));
            units
        }
        Kind::Transformation => {
            let inputs = ("inputEPCList", "inputQuantityList", Role::Input);
            let outputs = ("outputEPCList", "outputQuantityList", Role::Output);
            joined(of.text("transformationID", report), listed(of, [inputs, outputs], report))
        }
    }
}

fn object_role(action: Action) -> Role {
    match action {
        Action::Add => Role::Output,
        Action::Observe => Role::Observed,
        Action::Delete => Role::Input,
    }
}

fn listed<const N: usize>(of: &mut Fields<'_, '_>, lists: [(&str, &str, Role); N], report: &mut Report) -> Vec<DraftUnit> {
    let mut units = Vec::new();
    for (identifiers, quantities, role) in lists {
        units.extend(things::identifiers(of, identifiers, role, report));
        units.extend(things::quantities(of, quantities, role, report));
    }
    units
}

fn parent(of: &mut Fields<'_, '_>, role: Role, report: &mut Report) -> Vec<DraftUnit> {
    let parent = of.text("parentID", report);
    if parent.is_empty() { Vec::new() } else { vec![things::item(role, &parent)] }
}

/// A transformation may be told in several events that share an id. The id is a unit of its own: what goes in makes it, and what comes out
/// is made of it, so that a walk passes from the inputs of one event to the outputs of another.
fn joined(id: String, mut units: Vec<DraftUnit>) -> Vec<DraftUnit> {
    if id.is_empty() {
        return units;
    }
    let has = |role: Role| units.iter().any(|unit| unit.role == role.as_str());
    let (inputs, outputs) = (has(Role::Input), has(Role::Output));
    units.extend(inputs.then(|| things::unit(Role::Output, &id)));
    units.extend(outputs.then(|| things::unit(Role::Input, &id)));
    units
}

/// Where it was read, else where the things are from then on.
fn location(of: &mut Fields<'_, '_>, report: &mut Report) -> String {
    let id = |mut of: Fields<'_, '_>, report: &mut Report| {
        let id = of.text("id", report);
        of.finish(report);
        id
    };
    let read_point = of.object("readPoint", report, id).unwrap_or_default();
    let location = of.object("bizLocation", report, id).unwrap_or_default();
    if read_point.is_empty() {
        return location;
    }
    if !location.is_empty() {
        report.keep(&of.path.key("bizLocation"), Value::Text(location.into()));
    }
    read_point
}

/// The owner among the sources or destinations, else who possesses the things. The list is kept whole: it may name places too.
fn party(of: &mut Fields<'_, '_>, list: &str, key: &str, report: &mut Report) -> Option<DraftParty> {
    let entries = of.take(list, report)?;
    let of_type = |wanted: &str| {
        let is_wanted = |entry: &&Value<'_>| entry.member("type").and_then(Value::as_text).is_some_and(|written| local(written) == wanted);
        entries.items().iter().find(is_wanted)?.member(key)?.as_text().map(things::code)
    };
    let code = of_type("owning_party").or_else(|| of_type("possessing_party"));
    report.keep(&of.path.key(list), entries);
    code.map(|code| DraftParty { code: Some(code), ..DraftParty::default() })
}

/// The first business transaction. The list is kept whole.
fn voucher(of: &mut Fields<'_, '_>, report: &mut Report) -> String {
    let Some(list) = of.take("bizTransactionList", report) else { return String::new() };
    let first = list.items().first().and_then(|entry| entry.member("bizTransaction")?.as_text()).unwrap_or_default().to_owned();
    report.keep(&of.path.key("bizTransactionList"), list);
    first
}

/// An error declaration comes under the id of the event that it takes back: the next revision, which voids.
fn error_declaration(of: &mut Fields<'_, '_>, report: &mut Report) -> Option<DraftCorrection> {
    let declaration = of.take("errorDeclaration", report)?;
    let reason = declaration.member("reason").and_then(Value::as_text).map(local).unwrap_or_default().to_owned();
    report.keep(&of.path.key("errorDeclaration"), declaration);
    Some(DraftCorrection { reason, void: true })
}

/// The last word of a vocabulary's URI: `urn:epcglobal:cbv:sdt:owning_party`, `https://ref.gs1.org/cbv/SDT-owning_party`, `owning_party`.
fn local(written: &str) -> &str {
    written.rsplit([':', '/', '-']).next().unwrap_or(written)
}
