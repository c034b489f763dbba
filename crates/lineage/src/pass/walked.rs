//! A unit that the walk goes through, and the containers that it goes on board of.

use std::collections::BTreeMap;

use crate::index::Index;
use crate::index::dense::{HopId, UnitId};
use crate::index::stay::Stay;
use crate::pass::Purpose;
use crate::pass::untaken::Untaken;
use crate::window::Window;

#[derive(Debug)]
pub(crate) struct Walked {
    /// Open to the past upstream and to the future downstream, so that it widens with every arrival that is not covered yet.
    pub window: Window,
    /// Steps from the start, at the least.
    pub distance: u32,
    pub is_start: bool,
    pub untaken: Untaken,
    /// Hops that point at a record which has not been read.
    pub waiting: Vec<HopId>,
    /// Stays to go on board for.
    pub stays: Vec<Stay>,
    /// Those that outlast the window, by when there is something to go further for.
    outlasting: BTreeMap<(i64, HopId, UnitId), Stay>,
    has_widened: bool,
}

/// Something that was packed into a container lies in it for a while, by its own hops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Visit {
    /// When it was packed: an emptying of the container counts from then on.
    pub packed: i64,
    /// From when to when the walk is concerned with it.
    pub window: Window,
}

impl Walked {
    pub fn new(window: Window, distance: u32) -> Walked {
        Walked {
            window,
            distance,
            is_start: distance == 0,
            untaken: Untaken::default(),
            waiting: Vec::new(),
            stays: Vec::new(),
            outlasting: BTreeMap::new(),
            has_widened: false,
        }
    }

    /// The walk comes here again. False where that brings nothing new: a window that is known, by a way that is no shorter.
    pub fn arrive(&mut self, window: Window, distance: u32, distance_counts: bool) -> bool {
        let is_wider = !self.window.covers(window);
        let is_nearer = distance_counts && distance < self.distance;
        self.window = self.window.hull(window);
        self.has_widened |= is_wider;
        if is_nearer {
            self.distance = distance;
            self.untaken.reset();
        }
        is_wider || is_nearer
    }

    /// Nothing of these was boarded for yet, or something new is known of them.
    pub fn board_anew(&mut self, stays: &[Stay]) {
        self.stays = stays.to_vec();
        self.outlasting.clear();
    }

    /// The containers to go on board of, and for how long. What is packed may outlast the window; the walk does not.
    ///
    /// A batch may lie in ten thousand cartons, and its window may widen often: each time only those are boarded again of which something is
    /// heard in what was gained. While that is not known, all are boarded again, once and for their whole stay: nothing is lost by knowing
    /// more than belongs.
    pub fn board(&mut self, purpose: Purpose, index: &Index) -> Vec<(UnitId, Visit)> {
        let end = if purpose == Purpose::Explore && self.has_widened { i64::MAX } else { self.window.to };
        let undue = self.outlasting.split_off(&(end.saturating_add(1), HopId::FIRST, UnitId::FIRST));
        let due = std::mem::replace(&mut self.outlasting, undue).into_values();
        let mut boarded = Vec::new();
        for stay in due.chain(std::mem::take(&mut self.stays)) {
            boarded.push((stay.container, Visit { packed: stay.from, window: Window { from: stay.from, to: stay.until.min(end) } }));
            if stay.until > end {
                let next = if purpose == Purpose::Explore { i64::MIN } else { next_heard(index, stay.container, end) };
                self.outlasting.insert((next, stay.hop, stay.container), stay);
            }
        }
        boarded
    }
}

/// When something is next heard of a container, from a moment on: at once, where it may lie in another one.
fn next_heard(index: &Index, container: UnitId, from: i64) -> i64 {
    let trail = index.trail(container);
    if trail.stays.is_empty() { trail.next_heard(&index.facts, from) } else { i64::MIN }
}
