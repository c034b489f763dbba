//! Which hops a record leaves in the trace index, one for each unit in each role, with the units that the walk goes on to from there.
//!
//! A hop is enough to walk on: event time, holder, quantity and neighbours stand in it, so that a chain is followed without opening records.
//! A correction takes back every hop of what it replaces, by a hop of its own that names the replaced record, so that a walk needs no look at
//! older rows to know what holds.

use std::collections::BTreeMap;

use tracemesh_codes::Granularity;
use tracemesh_model::{Packing, Role, TraceRecord, Unit};

/// Neighbours that a hop carries; beyond them it points at the record.
pub const MOST_NEIGHBOURS: usize = 256;

/// A row of the trace index, before it is known which journal entry it belongs to.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Hop {
    pub unit: u64,
    /// Unix microseconds.
    pub event_time: i64,
    pub role: Role,
    pub packing: Packing,
    /// Place in `Class::ALL`, from 1.
    pub class: i64,
    pub granularity: i64,
    pub area: String,
    pub category: String,
    /// Whoever answers for the record, as SCHEME:VALUE, else by name; where goods went on, who took them.
    pub holder: String,
    pub quantity: String,
    pub measure: String,
    /// None = more than [`MOST_NEIGHBOURS`], or classes alone that a container was unpacked of: ask the record.
    pub neighbours: Option<Vec<u64>>,
}

/// Every hop of a record, by unit and role; a unit that stands twice in one role is one hop, with the quantities of the first. A void record has
/// none.
pub fn hops_of(record: &TraceRecord) -> Vec<Hop> {
    if record.corrects.as_ref().is_some_and(|correction| correction.void) {
        return Vec::new();
    }
    let holder = holder_of(record);
    let mut hops = BTreeMap::new();
    for unit in &record.units {
        hops.entry((unit.key.get(), unit.role)).or_insert_with(|| hop(record, unit, &holder));
    }
    hops.into_values().collect()
}

fn hop(record: &TraceRecord, unit: &Unit, holder: &str) -> Hop {
    let (quantity, measure) = unit.quantity.as_ref().map_or((String::new(), String::new()), |q| (q.value.to_string(), q.unit.clone()));
    Hop {
        unit: unit.key.get(),
        event_time: record.event_time.micros(),
        role: unit.role,
        packing: record.packing,
        class: class_number(record),
        granularity: unit.granularity as i64 + 1,
        area: record.area.clone(),
        category: record.category.as_str().into(),
        holder: holder.to_owned(),
        quantity,
        measure,
        neighbours: neighbours(record, unit),
    }
}

/// Only those that the role walks to: from an input to the outputs, from an output to the inputs, between container and contents. A class of
/// things is walked to by nobody; but a container that some kind of thing came out of was not emptied, as an empty list would say.
fn neighbours(record: &TraceRecord, unit: &Unit) -> Option<Vec<u64>> {
    let across = match unit.role {
        Role::Input => Role::Output,
        Role::Output => Role::Input,
        Role::Container => Role::Content,
        Role::Content => Role::Container,
        Role::Observed => return Some(Vec::new()),
    };
    let others = || record.units.iter().filter(|other| other.role == across);
    let mut keys: Vec<u64> = others().filter(|other| other.granularity != Granularity::Class).map(|other| other.key.get()).collect();
    keys.sort_unstable();
    keys.dedup();
    let takes_out_classes =
        record.packing == Packing::Unpack && unit.role == Role::Container && keys.is_empty() && others().next().is_some();
    (keys.len() <= MOST_NEIGHBOURS && !takes_out_classes).then_some(keys)
}

fn holder_of(record: &TraceRecord) -> String {
    let parties = &record.parties;
    let party = parties.destination.as_ref().or(parties.responsible.as_ref());
    party.map_or(String::new(), |party| party.code.as_ref().map_or_else(|| party.name.clone(), ToString::to_string))
}

pub const fn class_number(record: &TraceRecord) -> i64 {
    record.class as i64 + 1
}
