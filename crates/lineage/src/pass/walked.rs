//! A unit that the walk goes through, and the containers that it goes on board of.

use crate::index::dense::{HopId, UnitId};
use crate::index::stay::Stay;
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
    /// Stays to go on board for. Those that outlast the window are kept: they go further when it widens.
    pub stays: Vec<Stay>,
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
        Walked { window, distance, is_start: distance == 0, untaken: Untaken::default(), waiting: Vec::new(), stays: Vec::new() }
    }

    /// The walk comes here again. False where that brings nothing new: a window that is known, by a way that is no shorter.
    pub fn arrive(&mut self, window: Window, distance: u32, distance_counts: bool) -> bool {
        let is_wider = !self.window.covers(window);
        let is_nearer = distance_counts && distance < self.distance;
        self.window = self.window.hull(window);
        if is_nearer {
            self.distance = distance;
            self.untaken.reset();
        }
        is_wider || is_nearer
    }

    /// The containers to go on board of, and for how long. What is packed may outlast the window; the walk does not.
    pub fn board(&mut self) -> Vec<(UnitId, Visit)> {
        let end = self.window.to;
        let visit = |stay: &Stay| Visit { packed: stay.from, window: Window { from: stay.from, to: stay.until.min(end) } };
        let boarded = self.stays.iter().map(|stay| (stay.container, visit(stay))).collect();
        self.stays.retain(|stay| stay.until > end);
        boarded
    }
}
