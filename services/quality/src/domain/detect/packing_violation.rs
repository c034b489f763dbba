//! An item that lay in two containers at once, or is used after it was destroyed (药品追溯码 and whatever else nests). An item has one parent at a
//! time; whoever unpacks a container without naming what was in it leaves its contents where they were, as far as this detector can see.

use tracemesh_model::{Class, Granularity, Packing, Role, TraceRecord};

use super::{Detector, Dimension, Notes, Parameters, Proof, Suspicion, WARN};
use crate::domain::chain::shown;
use crate::domain::observation::{Observation, Side};

pub const DETECTOR: Detector =
    Detector { number: 7, kind: "packing_violation", dimension: Dimension::Consistency, severity: WARN, observe, judge };

fn observe(record: &TraceRecord, notes: &mut Notes<'_>) {
    let container = record.units.iter().find(|unit| unit.role == Role::Container).map(shown).unwrap_or_default();
    for unit in record.units.iter().filter(|unit| unit.granularity == Granularity::Item) {
        let side = match (record.class, unit.role, record.packing) {
            (Class::Destroy, ..) => Side::Destroyed,
            (_, Role::Content, Packing::Pack) => Side::Packed,
            (_, Role::Content, Packing::Unpack) => Side::Unpacked,
            (Class::Retail | Class::Use | Class::Wholesale, Role::Input | Role::Observed, _) => Side::Sold,
            _ => continue,
        };
        notes.add(&[&unit.key.to_string()], side, None, &container);
    }
}

/// Where the item is, as its records tell it one after the other.
#[derive(Default)]
struct Life<'a> {
    parent: Option<&'a Observation>,
    destroyed: Option<&'a Observation>,
}

fn judge(group: &[Observation], _: &Parameters) -> Vec<Suspicion> {
    let mut life = Life::default();
    let proofs: Vec<Proof> = group.iter().filter_map(|of| life.go_on(of)).collect();
    proofs.first().map(|first| Suspicion { cause: 0, whom: first.cell, proofs: proofs.clone() }).into_iter().collect()
}

impl<'a> Life<'a> {
    /// What does not go together with what was before.
    fn go_on(&mut self, of: &'a Observation) -> Option<Proof> {
        if let Some(destroyed) = self.destroyed.filter(|_| of.seen.side != Side::Destroyed) {
            return Some(of.proof("units.code", &of.seen.what, format!("DESTROY {}", destroyed.seen.what).trim_end().to_owned()));
        }
        match of.seen.side {
            Side::Destroyed => self.destroyed = Some(of),
            Side::Unpacked => self.parent = None,
            Side::Packed => {
                let before = self.parent.replace(of).filter(|before| before.seen.what != of.seen.what);
                return before.map(|before| of.proof("units.container", &of.seen.what, &before.seen.what));
            }
            _ => {}
        }
        None
    }
}
