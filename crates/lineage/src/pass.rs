//! One walk in one direction: a worklist of arrivals at units, whose windows only ever widen.
//!
//! The same pass serves twice. While hops come in it explores: it goes on from wherever something new was said, never takes anything back,
//! counts the whole window of a unit as near as the nearest way there, and so reaches at least everything that belongs to the answer. For
//! the answer a fresh pass runs over all that is known: arrivals are worked off first in, first out, so that a record's distance is the least
//! one at which some window holds it, and the chain is the same whatever the order of feeding was.

mod aboard;
mod carried;
mod inside;
mod outcome;
mod untaken;
mod walked;

use std::collections::{HashMap, HashSet, VecDeque};

use crate::heading::Heading;
use crate::hop::Role;
use crate::index::Index;
use crate::index::dense::{HopId, Slot, Table, UnitId};
use crate::index::facts::Fact;
use crate::limits::Limits;
use crate::pass::carried::Carried;
use crate::pass::inside::Inside;
use crate::pass::walked::{Visit, Walked};
use crate::window::Window;

#[derive(Debug)]
pub(crate) struct Pass {
    pub heading: Heading,
    pub walked: Table<UnitId, Walked>,
    pub carried: Table<UnitId, Carried>,
    /// Every record that belongs to the walk, with its distance.
    pub taken: Table<Slot, u32>,
    /// Packings outside of a container's window, of what lies in it within.
    pub inside: Vec<Inside>,
    /// What was found in containers that the walk goes through.
    contents: HashSet<UnitId>,
    /// There were more records than the limit.
    pub is_full: bool,
    /// Something lay beyond the depth.
    pub is_deeper: bool,
    purpose: Purpose,
    limits: Limits,
    arrivals: VecDeque<Arrival>,
    /// From which records that hold their neighbours the walk went on, for which role, and how far from the start.
    spread: HashMap<(Slot, Role), u32>,
    news: News,
}

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Explore,
    Answer,
}

/// What a pass came upon since it was last asked.
#[derive(Debug, Default)]
pub(crate) struct News {
    pub units: Vec<UnitId>,
    pub records: Vec<Slot>,
}

#[derive(Debug)]
enum Arrival {
    Walking { unit: UnitId, window: Window, distance: u32 },
    Carried { container: UnitId, visit: Visit, distance: u32 },
}

impl Pass {
    pub fn new(purpose: Purpose, heading: Heading, starts: &[UnitId], limits: Limits) -> Pass {
        let arrivals = starts.iter().map(|unit| Arrival::Walking { unit: *unit, window: Window::ALWAYS, distance: 0 }).collect();
        Pass {
            heading,
            purpose,
            limits,
            arrivals,
            walked: Table::default(),
            carried: Table::default(),
            taken: Table::default(),
            inside: Vec::new(),
            contents: HashSet::new(),
            is_full: false,
            is_deeper: false,
            spread: HashMap::new(),
            news: News::default(),
        }
    }

    /// Goes as far as the facts lead.
    pub fn run(&mut self, index: &Index) {
        while let Some(arrival) = self.arrivals.pop_front() {
            match arrival {
                Arrival::Walking { unit, window, distance } => self.walk_to(index, unit, window, distance),
                Arrival::Carried { container, visit, distance } => self.board(index, container, visit, distance),
            }
            if self.is_full {
                self.arrivals.clear();
            }
        }
    }

    /// Something new is known of a unit.
    pub fn revisit(&mut self, index: &Index, unit: UnitId) {
        if let Some(there) = self.walked.get_mut(unit) {
            there.board_anew(index.trail(unit).stays_begun_in(there.window));
            for hop in there.waiting.drain(..) {
                there.untaken.put_back(index.facts.get(hop).time, hop);
            }
            let distance = there.distance;
            self.sweep(index, unit, distance);
        }
        if let Some(there) = self.carried.get_mut(unit) {
            for hop in there.waiting.drain(..) {
                there.untaken.put_back(index.facts.get(hop).time, hop);
            }
            let distance = there.distance;
            for visit in there.start_over() {
                self.travel(index, unit, visit, distance);
            }
        }
        self.lodge_everywhere(index, unit);
    }

    pub fn news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }

    /// The walk goes on from this hop to its neighbours.
    pub fn leads_from(&self, hop: &Fact) -> bool {
        self.heading.follows(hop.role) && hop.is_walkable()
    }

    /// The same where the unit is a container that something lies in.
    pub fn leads_from_aboard(&self, hop: &Fact) -> bool {
        self.heading.follows_aboard(hop.role) && hop.is_walkable()
    }

    fn is_beyond(&self, distance: u32) -> bool {
        self.limits.depth.is_some_and(|depth| distance > depth)
    }

    /// Distances matter to how far a walk may go only where that is limited.
    fn distance_counts(&self) -> bool {
        self.limits.depth.is_some()
    }

    /// At what distance a way counts that leads where a nearer one may have led already.
    fn counted(&self, distance: u32, nearest: u32) -> u32 {
        match self.purpose {
            Purpose::Explore => nearest,
            Purpose::Answer => distance,
        }
    }

    fn walk_to(&mut self, index: &Index, unit: UnitId, window: Window, distance: u32) {
        if self.is_beyond(distance) {
            self.is_deeper |= self.walked.get(unit).is_none_or(|there| !there.window.covers(window));
            return;
        }
        let distance_counts = self.distance_counts();
        let brings_news = match self.walked.get_mut(unit) {
            Some(there) => there.arrive(window, distance, distance_counts),
            None => {
                self.walked.get_or_insert(unit, || Walked::new(window, distance));
                self.news.units.push(unit);
                true
            }
        };
        if !brings_news {
            return;
        }
        self.sweep(index, unit, distance);
    }

    /// Takes what a unit's window holds and was not taken, and goes on from there.
    fn sweep(&mut self, index: &Index, unit: UnitId, distance: u32) {
        let (facts, trail, heading) = (&index.facts, index.trail(unit), self.heading);
        let Some(nearest) = self.walked.get(unit).map(|there| there.distance) else { return };
        let distance = self.counted(distance, nearest);
        let Some(there) = self.walked.get_mut(unit) else { return };
        let is_start = there.is_start;
        let new = there.untaken.absorb(facts, trail, |hop| heading.takes(hop.role) && (is_start || hop.is_walkable()));
        let found = there.untaken.drain(there.window);
        for hop in &found {
            there.stays.extend(trail.stays_begun_by(*hop, facts.get(*hop).time));
        }
        let boarded = there.board(self.purpose, index);
        self.ask_where_it_lay(index, new);
        for hop in found {
            self.take(index, hop, distance);
            if self.leads_from(facts.get(hop)) && !self.step(index, hop, distance) {
                self.walked.get_mut(unit).into_iter().for_each(|there| there.waiting.push(hop));
            }
        }
        for (container, visit) in boarded {
            self.arrivals.push_back(Arrival::Carried { container, visit, distance: distance + 1 });
        }
        self.look_inside(index, unit, distance);
    }

    fn take(&mut self, index: &Index, hop: HopId, distance: u32) {
        let record = index.facts.get(hop).record;
        if self.taken.len() >= self.limits.records && !self.taken.contains(record) {
            self.is_full = true;
            return;
        }
        let known = self.taken.get_or_insert(record, || distance);
        *known = distance.min(*known);
    }

    /// Goes on to the neighbours of a hop. False where the record has to be read for them first.
    fn step(&mut self, index: &Index, id: HopId, distance: u32) -> bool {
        let hop = index.facts.get(id);
        let Some(neighbours) = index.facts.neighbours(id) else {
            self.news.records.push(hop.record);
            return false;
        };
        if index.facts.points_at_record(id) && !self.is_first_from(hop, distance) {
            return true;
        }
        let window = self.heading.window(hop.time);
        for unit in neighbours {
            self.arrivals.push_back(Arrival::Walking { unit: *unit, window, distance: distance + 1 });
        }
        true
    }

    /// Thousands of hops may share thousands of neighbours: one of them goes there for all.
    fn is_first_from(&mut self, hop: &Fact, distance: u32) -> bool {
        let known = self.spread.get(&(hop.record, hop.role));
        let is_first = known.is_none_or(|known| self.distance_counts() && distance < *known);
        if is_first {
            self.spread.insert((hop.record, hop.role), distance);
        }
        is_first
    }
}
