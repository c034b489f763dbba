//! A unit's hops put in order, and what follows from their order: its stays in containers, and when it was itself emptied.

use crate::hop::{Packing, RecordRef, Role};
use crate::index::dense::{HopId, UnitId};
use crate::index::facts::Facts;
use crate::index::stay::{Stay, stays};
use crate::window::Window;

#[derive(Debug)]
pub(crate) struct Trail {
    /// Nothing came since it was put in order.
    pub is_settled: bool,
    /// As they came, those too that were taken back since: grows at the end only.
    pub fed: Vec<HopId>,
    /// Those that stand, by time.
    pub standing: Vec<HopId>,
    /// By time.
    pub stays: Vec<Stay>,
    /// For each stay, the latest end of it and all before it.
    ended_by: Vec<i64>,
    /// Packings of something into this unit, by time.
    packings: Vec<HopId>,
    /// When a record unpacked this unit naming nothing.
    emptied: Vec<i64>,
}

impl Default for Trail {
    fn default() -> Trail {
        Trail {
            is_settled: true,
            fed: Vec::new(),
            standing: Vec::new(),
            stays: Vec::new(),
            ended_by: Vec::new(),
            packings: Vec::new(),
            emptied: Vec::new(),
        }
    }
}

/// While something that was packed into a container still lies there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Aboard {
    pub window: Window,
    /// The window ends because the container was unpacked then, naming nothing.
    pub emptied: bool,
}

impl Trail {
    /// Puts the hops in order again after new facts.
    pub fn settle(&mut self, facts: &Facts) {
        self.is_settled = true;
        self.standing = self.fed.iter().copied().filter(|id| facts.stands(*id)).collect();
        self.standing.sort_by(|a, b| order(facts, *a).cmp(&order(facts, *b)));
        self.packings = self.standing.iter().copied().filter(|id| packs_into(facts, *id)).collect();
        self.emptied = self.standing.iter().filter(|id| empties(facts, **id)).map(|id| facts.get(*id).time).collect();
        self.stays = stays(facts, &self.standing);
        let mut latest = i64::MIN;
        self.ended_by.clear();
        for stay in &self.stays {
            latest = latest.max(stay.until);
            self.ended_by.push(latest);
        }
    }

    /// The stays that a packing began.
    pub fn stays_begun_by(&self, hop: HopId, time: i64) -> &[Stay] {
        let first = self.stays.partition_point(|stay| (stay.from, stay.hop) < (time, hop));
        let count = self.stays[first..].partition_point(|stay| (stay.from, stay.hop) == (time, hop));
        &self.stays[first..first + count]
    }

    /// The stays that began within a window.
    pub fn stays_begun_in(&self, window: Window) -> &[Stay] {
        let first = self.stays.partition_point(|stay| stay.from < window.from);
        let count = self.stays[first..].partition_point(|stay| stay.from <= window.to);
        &self.stays[first..first + count]
    }

    /// The packings into this container within a window.
    pub fn packings(&self, facts: &Facts, window: Window) -> &[HopId] {
        let first = self.packings.partition_point(|hop| facts.get(*hop).time < window.from);
        let count = self.packings[first..].partition_point(|hop| facts.get(*hop).time <= window.to);
        &self.packings[first..first + count]
    }

    /// When this container was last emptied before a moment; at the beginning of time where it never was.
    pub fn last_emptied(&self, before: i64) -> i64 {
        self.emptied[..self.emptied.partition_point(|time| *time < before)].last().copied().unwrap_or(i64::MIN)
    }

    /// The stays in one container that a packing of this moment began.
    pub fn stays_in(&self, container: UnitId, packed: i64) -> impl Iterator<Item = &Stay> {
        let first = self.stays.partition_point(|stay| stay.from < packed);
        self.stays[first..].iter().take_while(move |stay| stay.from == packed).filter(move |stay| stay.container == container)
    }

    /// When the unit is next heard of, from a moment on; never where it is not.
    pub fn next_heard(&self, facts: &Facts, from: i64) -> i64 {
        let next = self.standing.partition_point(|hop| facts.get(*hop).time < from);
        self.standing.get(next).map_or(i64::MAX, |hop| facts.get(*hop).time)
    }

    /// The stays that have a moment in common with a window. Looks back no further than to where all have ended.
    pub fn stays_meeting(&self, window: Window) -> impl Iterator<Item = &Stay> {
        let begun = self.stays.partition_point(|stay| stay.from <= window.to);
        (0..begun)
            .rev()
            .take_while(move |n| self.ended_by[*n] >= window.from)
            .map(|n| &self.stays[n])
            .filter(move |s| s.until >= window.from)
    }

    /// Of a window in which something packed into this container lies there by its own hops, the part until the container is emptied.
    pub fn while_closed(&self, packed: i64, window: Window) -> Option<Aboard> {
        let emptied = self.emptied.get(self.emptied.partition_point(|time| *time <= packed)).copied();
        let to = emptied.map_or(window.to, |time| time.min(window.to));
        (window.from <= to).then_some(Aboard { window: Window { from: window.from, to }, emptied: emptied == Some(to) })
    }
}

/// By time; within a moment by what does not depend on who was fed first.
fn order(facts: &Facts, id: HopId) -> (i64, &RecordRef, Role) {
    let fact = facts.get(id);
    (fact.time, facts.record(fact.record), fact.role)
}

fn packs_into(facts: &Facts, id: HopId) -> bool {
    let fact = facts.get(id);
    (fact.role, fact.packing) == (Role::Container, Packing::Pack) && fact.is_walkable()
}

/// The record unpacks this container and names nothing that comes out.
pub(crate) fn empties(facts: &Facts, id: HopId) -> bool {
    let fact = facts.get(id);
    (fact.role, fact.packing) == (Role::Container, Packing::Unpack) && facts.stands_alone(id)
}
