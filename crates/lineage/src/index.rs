//! The facts by unit, in order.
//!
//! Feeding only collects; the trails of the units that something new was said about are put in order when the walk next looks. So a unit
//! with a hundred thousand hops costs the same whether they come at once or one by one.

pub(crate) mod dense;
pub(crate) mod facts;
pub(crate) mod stay;
pub(crate) mod trail;

use std::collections::HashMap;

use crate::hop::{Hop, Member, Neighbours, RecordRef};
use crate::index::dense::{Table, UnitId};
use crate::index::facts::Facts;
use crate::index::trail::Trail;

#[derive(Debug, Default)]
pub(crate) struct Index {
    pub facts: Facts,
    trails: Table<UnitId, Trail>,
    /// Units with hops that point at a record, by record.
    pointing: HashMap<RecordRef, Vec<UnitId>>,
    /// Units whose trails are out of order.
    stirred: Vec<UnitId>,
    nowhere: Trail,
}

impl Index {
    pub fn add(&mut self, hop: Hop) {
        let unit = self.facts.unit(hop.unit);
        let is_retraction = hop.retracts != 0;
        let pointing = (hop.neighbours == Neighbours::InRecord).then(|| hop.record_ref());
        let added = self.facts.add(unit, hop);
        if let Some(id) = added {
            self.trails.get_or_insert(unit, Trail::default).fed.push(id);
            pointing.into_iter().for_each(|record| self.pointing.entry(record).or_default().push(unit));
        }
        if added.is_some() || is_retraction {
            self.stir(unit);
        }
    }

    pub fn add_members(&mut self, record: &RecordRef, members: &[Member]) {
        self.facts.add_members(record.clone(), members);
        let pointing = self.pointing.get(record).cloned().unwrap_or_default();
        pointing.into_iter().for_each(|unit| self.stir(unit));
    }

    fn stir(&mut self, unit: UnitId) {
        if let Some(trail) = self.trails.get_mut(unit).filter(|trail| trail.is_settled) {
            trail.is_settled = false;
            self.stirred.push(unit);
        }
    }

    /// Puts in order what was fed since, and says which units that concerns.
    pub fn settle(&mut self) -> Vec<UnitId> {
        for unit in &self.stirred {
            if let Some(trail) = self.trails.get_mut(*unit) {
                trail.settle(&self.facts);
            }
        }
        std::mem::take(&mut self.stirred)
    }

    /// What is known of a unit; empty where nothing is.
    pub fn trail(&self, unit: UnitId) -> &Trail {
        self.trails.get(unit).unwrap_or(&self.nowhere)
    }
}
