//! Everything that was fed, each hop once: hops, what takes them back, and the members of records that are too large for their hops.
//!
//! Facts come from many nodes, in any order, and some come twice. Nothing here depends on that order except the numbers that units, records
//! and hops get, and those never leave the crate.

use std::collections::{HashMap, HashSet};

use crate::hop::{Granularity, Hop, Member, Neighbours, Packing, RecordRef, Role, Stage};
use crate::index::dense::{Dense, HopId, Slot, Table, UnitId, narrow};

/// As much of a hop as a walk needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    pub unit: UnitId,
    pub record: Slot,
    pub time: i64,
    pub role: Role,
    pub packing: Packing,
    pub stage: Stage,
    pub granularity: Granularity,
    beyond: Beyond,
}

impl Fact {
    /// Class units are shown, never walked through.
    pub fn is_walkable(&self) -> bool {
        self.granularity != Granularity::Class
    }
}

#[derive(Clone, Copy, Debug)]
enum Beyond {
    /// A run of `Facts::neighbours`.
    Listed {
        first: u32,
        count: u32,
    },
    InRecord,
}

#[derive(Debug, Default)]
pub(crate) struct Facts {
    facts: Vec<Fact>,
    hops: Vec<Hop>,
    neighbours: Vec<UnitId>,
    units: Vec<u64>,
    unit_ids: HashMap<u64, UnitId>,
    records: Vec<(RecordRef, i64)>,
    slots: HashMap<RecordRef, Slot>,
    known: HashSet<(Slot, UnitId, Role)>,
    retracted: HashSet<(Slot, UnitId)>,
    members: Table<Slot, HashMap<Role, Vec<UnitId>>>,
}

impl Facts {
    /// Adds a hop of a unit; none where it was known already, or where it is a retraction, which is only remembered.
    pub fn add(&mut self, unit: UnitId, hop: Hop) -> Option<HopId> {
        if hop.retracts != 0 {
            let record = self.slot(RecordRef { node: hop.node, record: hop.retracts });
            self.retracted.insert((record, unit));
            return None;
        }
        let record = self.slot(hop.record_ref());
        if !self.known.insert((record, unit, hop.role)) {
            return None;
        }
        let event_time = &mut self.records[record.index()].1;
        *event_time = hop.event_time.min(*event_time);
        let beyond = self.beyond(&hop.neighbours);
        let (time, role, packing, stage, granularity) = (hop.event_time, hop.role, hop.packing, hop.stage, hop.granularity);
        self.facts.push(Fact { unit, record, time, role, packing, stage, granularity, beyond });
        self.hops.push(hop);
        Some(HopId::nth(self.facts.len() - 1))
    }

    fn beyond(&mut self, neighbours: &Neighbours) -> Beyond {
        let Neighbours::Listed(units) = neighbours else { return Beyond::InRecord };
        let first = narrow(self.neighbours.len());
        for unit in units {
            let unit = self.unit(*unit);
            self.neighbours.push(unit);
        }
        Beyond::Listed { first, count: narrow(units.len()) }
    }

    /// Remembers the item and batch units of a record, by role.
    pub fn add_members(&mut self, record: RecordRef, members: &[Member]) {
        let record = self.slot(record);
        let mut by_role: HashMap<Role, Vec<UnitId>> = HashMap::new();
        for member in members.iter().filter(|member| member.granularity != Granularity::Class) {
            by_role.entry(member.role).or_default().push(self.unit(member.unit));
        }
        *self.members.get_or_insert(record, HashMap::new) = by_role;
    }

    /// The number of a unit, given to it where it has none.
    pub fn unit(&mut self, key: u64) -> UnitId {
        *self.unit_ids.entry(key).or_insert_with(|| {
            self.units.push(key);
            UnitId::nth(self.units.len() - 1)
        })
    }

    fn slot(&mut self, record: RecordRef) -> Slot {
        *self.slots.entry(record).or_insert_with_key(|record| {
            self.records.push((record.clone(), i64::MAX));
            Slot::nth(self.records.len() - 1)
        })
    }

    pub fn get(&self, id: HopId) -> &Fact {
        &self.facts[id.index()]
    }

    pub fn hop(&self, id: HopId) -> &Hop {
        &self.hops[id.index()]
    }

    pub fn key(&self, unit: UnitId) -> u64 {
        self.units[unit.index()]
    }

    pub fn record(&self, record: Slot) -> &RecordRef {
        &self.records[record.index()].0
    }

    /// By event time, then by what does not depend on who was fed first.
    pub fn order(&self, record: Slot) -> (i64, &RecordRef) {
        let (record, event_time) = &self.records[record.index()];
        (*event_time, record)
    }

    /// No correction has taken the hop back.
    pub fn stands(&self, id: HopId) -> bool {
        let fact = self.get(id);
        !self.retracted.contains(&(fact.record, fact.unit))
    }

    /// The units on the other side of the record; none while the record itself would have to be read for them.
    pub fn neighbours(&self, id: HopId) -> Option<&[UnitId]> {
        let fact = self.get(id);
        match fact.beyond {
            Beyond::Listed { first, count } => Some(&self.neighbours[first as usize..][..count as usize]),
            Beyond::InRecord => {
                let members = self.members.get(fact.record)?;
                Some(fact.role.across().and_then(|role| members.get(&role)).map_or(&[], Vec::as_slice))
            }
        }
    }

    /// The record names nothing on the other side, not even a class of things.
    pub fn stands_alone(&self, id: HopId) -> bool {
        matches!(self.get(id).beyond, Beyond::Listed { count: 0, .. })
    }

    /// The neighbours stand in the record, not in the hop.
    pub fn points_at_record(&self, id: HopId) -> bool {
        matches!(self.get(id).beyond, Beyond::InRecord)
    }

    pub fn has_members(&self, record: Slot) -> bool {
        self.members.contains(record)
    }

    /// The hops themselves, each to be given to whoever it belongs to.
    pub fn into_hops(self) -> Hops {
        Hops(self.hops.into_iter().map(Some).collect())
    }
}

pub(crate) struct Hops(Vec<Option<Hop>>);

impl Hops {
    pub fn give(&mut self, id: HopId) -> Option<Hop> {
        self.0[id.index()].take()
    }
}
