//! Stays: from when to when a unit lies in a container, as far as the unit's own hops tell.
//!
//! A packing begins a stay. It ends at the first later record that unpacks the container naming the unit, uses the unit as input, or packs
//! it elsewhere where it is one thing: a batch may be in many places, and what goes into the second carton does not leave the first.
//! Observations do not end a stay. What ends one without naming the unit, an unpacking that names nothing, stands in the hops of the container
//! alone: see [`Trail::while_closed`](crate::index::trail::Trail::while_closed). "Later" is strict: what has the time of the packing may as
//! well have come before it, and a stay that is too long shows a record too many where one too short would hide one.

use std::collections::BTreeMap;

use crate::hop::{Granularity, Packing, Role};
use crate::index::dense::{HopId, UnitId};
use crate::index::facts::Facts;
use crate::window::Window;

/// One packing of a unit into a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stay {
    pub container: UnitId,
    /// The hop that packs the unit.
    pub hop: HopId,
    pub from: i64,
    /// The end of time where nothing ends it.
    pub until: i64,
}

impl Stay {
    pub fn window(&self) -> Window {
        Window { from: self.from, to: self.until }
    }
}

/// The stays of a unit, from its standing hops in the order of time. One pass: a stay is opened once and closed once.
pub(crate) fn stays(facts: &Facts, hops: &[HopId]) -> Vec<Stay> {
    let mut stays = Stays::default();
    for moment in hops.chunk_by(|a, b| facts.get(*a).time == facts.get(*b).time) {
        for hop in moment {
            stays.close(facts, *hop);
        }
        for hop in moment {
            stays.open(facts, *hop);
        }
    }
    stays.all.sort_unstable_by_key(|stay| (stay.from, stay.hop));
    stays.all
}

#[derive(Default)]
struct Stays {
    all: Vec<Stay>,
    /// By container; several where a unit is packed again into what it lies in.
    open: BTreeMap<UnitId, Vec<usize>>,
}

impl Stays {
    fn close(&mut self, facts: &Facts, id: HopId) {
        let hop = facts.get(id);
        let containers = facts.neighbours(id).unwrap_or_default();
        let left: Vec<UnitId> = match (hop.role, hop.packing) {
            (Role::Input, _) => self.open.keys().copied().collect(),
            (Role::Content, Packing::Unpack) => containers.to_vec(),
            // a packing that names no container does not say that it is another one
            (Role::Content, Packing::Pack) if hop.granularity == Granularity::Item && !containers.is_empty() => {
                self.open.keys().copied().filter(|open| !containers.contains(open)).collect()
            }
            _ => return,
        };
        for stay in left.iter().filter_map(|container| self.open.remove(container)).flatten() {
            self.all[stay].until = hop.time;
        }
    }

    fn open(&mut self, facts: &Facts, id: HopId) {
        let hop = facts.get(id);
        if (hop.role, hop.packing) != (Role::Content, Packing::Pack) || !hop.is_walkable() {
            return;
        }
        for container in facts.neighbours(id).unwrap_or_default() {
            self.open.entry(*container).or_default().push(self.all.len());
            self.all.push(Stay { container: *container, hop: id, from: hop.time, until: i64::MAX });
        }
    }
}
