//! Where an upstream walk ends, and whether a chain may begin there.
//!
//! A unit is explained by a record that leads on from it (an output that names inputs, a container that names contents) or that is first
//! mile. An output that names no inputs and is not first mile is an end, unless the unit was there before: then the record passes it on. A
//! unit without any such record ends at its earliest one, and a unit without records at the record that led to it, which is no gap where
//! that is itself first mile: seed is where a harvest begins.

use crate::hop::{RecordRef, Role, Stage};
use crate::index::Index;
use crate::index::dense::{HopId, Table, UnitId};
use crate::index::facts::Facts;
use crate::pass::Pass;
use crate::verdict::Missing;
use crate::wanted::Inquiry;

/// The units of an upstream walk that no first-mile record explains, by key. Units that were never answered for are left out: whether they
/// are ends is not known, and the verdict says that they were not answered.
pub(crate) fn without_origin(index: &Index, pass: &Pass, inquiry: &Inquiry) -> Vec<Missing> {
    let facts = &index.facts;
    let led_by = leading_hops(index, pass);
    let mut missing: Vec<(u64, Option<RecordRef>)> = Vec::new();
    for (unit, _) in pass.walked.iter().filter(|(unit, _)| inquiry.is_answered(facts.key(*unit))) {
        let end = match end_of(facts, pass.hops_of(index, unit)) {
            End::Explained => continue,
            End::At(hop) => Some(hop),
            End::Unknown => match led_by.get(unit) {
                Some(Led::ByFirstMile) => continue,
                Some(Led::By(hop)) => Some(*hop),
                None => None,
            },
        };
        missing.push((facts.key(unit), end.map(|hop| facts.record(facts.get(hop).record).clone())));
    }
    missing.sort_unstable();
    missing.into_iter().map(|(unit, record)| Missing::NoOrigin { unit, record }).collect()
}

enum End {
    Explained,
    At(HopId),
    /// No record of the unit itself.
    Unknown,
}

/// `hops` are in the order of time.
fn end_of(facts: &Facts, hops: impl Iterator<Item = HopId>) -> End {
    let (mut first, mut claimed) = (None, None);
    for hop in hops {
        let is_later = |claim: HopId| facts.get(claim).time < facts.get(hop).time;
        match says(facts, hop) {
            // of two at one moment the one that explains counts
            Says::Origin if claimed.is_some_and(is_later) => break,
            Says::Origin => return End::Explained,
            Says::NoOrigin => claimed = claimed.or(Some(hop)),
            Says::Nothing => {}
        }
        first = first.or(Some(hop));
    }
    claimed.or(first).map_or(End::Unknown, End::At)
}

/// What a record says of where a unit came from.
enum Says {
    Origin,
    NoOrigin,
    Nothing,
}

fn says(facts: &Facts, id: HopId) -> Says {
    let hop = facts.get(id);
    let names_somebody = facts.neighbours(id).is_none_or(|units| !units.is_empty());
    let leads_on = matches!(hop.role, Role::Output | Role::Container) && hop.is_walkable() && names_somebody;
    if leads_on || is_first_mile(facts, id) {
        Says::Origin
    } else if hop.role == Role::Output {
        Says::NoOrigin
    } else {
        Says::Nothing
    }
}

fn is_first_mile(facts: &Facts, id: HopId) -> bool {
    let hop = facts.get(id);
    match hop.stage {
        Stage::Produce | Stage::Import => hop.role != Role::Mentioned,
        Stage::Slaughter | Stage::Use => hop.role == Role::Output && facts.stands_alone(id),
        _ => false,
    }
}

/// How a walk came to a unit.
enum Led {
    ByFirstMile,
    /// The nearest of the others.
    By(HopId),
}

fn leading_hops(index: &Index, pass: &Pass) -> Table<UnitId, Led> {
    let facts = &index.facts;
    let nearness = |hop: HopId| (pass.taken.get(facts.get(hop).record), facts.order(facts.get(hop).record));
    let mut led_by: Table<UnitId, Led> = Table::default();
    let leading = pass.walked.iter().flat_map(|(unit, _)| pass.hops_of(index, unit)).filter(|hop| pass.leads_from(facts.get(*hop)));
    for hop in leading {
        for unit in facts.neighbours(hop).unwrap_or_default() {
            let led = led_by.get_or_insert(*unit, || Led::ByFirstMile);
            let is_nearer = matches!(led, Led::By(known) if nearness(*known) <= nearness(hop));
            if !is_first_mile(facts, hop) && !is_nearer {
                *led = Led::By(hop);
            }
        }
    }
    led_by
}
