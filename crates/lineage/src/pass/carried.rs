//! A container that something of the walk lies in. Its own records belong to the walk while it does, and downstream what it is made into; its
//! other contents never do.

use std::collections::{BTreeSet, HashSet};

use crate::index::dense::HopId;
use crate::index::facts::Facts;
use crate::index::trail::{Aboard, empties};
use crate::pass::untaken::Untaken;
use crate::pass::walked::Visit;
use crate::window::Spans;

#[derive(Debug, Default)]
pub(crate) struct Carried {
    /// As the contents' own hops have it.
    visits: BTreeSet<Visit>,
    /// The same, cut where the container was emptied.
    spans: Spans,
    /// When an emptying of the container ended a visit.
    emptied: HashSet<i64>,
    /// Steps from the start at which it was boarded, at the least.
    pub distance: u32,
    /// The same for visits that really took place.
    travelled: Option<u32>,
    pub untaken: Untaken,
    /// Hops that point at a record which has not been read.
    pub waiting: Vec<HopId>,
}

impl Carried {
    pub fn new(distance: u32) -> Carried {
        Carried { distance, ..Carried::default() }
    }

    /// Something comes on board. The visits to travel for it: none where this one is known, all where the way here is shorter than before.
    pub fn arrive(&mut self, visit: Visit, distance: u32, distance_counts: bool) -> Vec<Visit> {
        let is_new = self.visits.insert(visit);
        if distance_counts && distance < self.distance {
            self.distance = distance;
            self.untaken.reset();
            return self.start_over();
        }
        if is_new { vec![visit] } else { Vec::new() }
    }

    pub fn knows(&self, visit: Visit) -> bool {
        self.visits.contains(&visit)
    }

    /// False where it lies within what was travelled already.
    pub fn travel(&mut self, aboard: Aboard, distance: u32) -> bool {
        if aboard.emptied {
            self.emptied.insert(aboard.window.to);
        }
        self.travelled = Some(self.travelled.map_or(distance, |known| known.min(distance)));
        self.spans.add(aboard.window)
    }

    /// All visits, to be travelled again because something new is known of the container.
    pub fn start_over(&mut self) -> Vec<Visit> {
        self.spans.clear();
        self.emptied.clear();
        self.visits.iter().copied().collect()
    }

    /// Steps from the start to the nearest visit that really took place.
    pub fn travelled(&self) -> Option<u32> {
        self.travelled
    }

    pub fn spans(&self) -> &Spans {
        &self.spans
    }

    /// The hop belongs whatever the order within a moment: it lies inside of a visit, or it is the emptying that ended one.
    pub fn holds_surely(&self, facts: &Facts, id: HopId) -> bool {
        let time = facts.get(id).time;
        self.spans.hold_inside(time) || (self.emptied.contains(&time) && empties(facts, id))
    }
}
