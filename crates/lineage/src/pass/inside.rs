//! Inside: a container that the walk comes to leads on to what lies in it meanwhile, whenever that was packed.
//!
//! The records of its window name most of it. They do not name what was packed before the walk came to the container and lies in it still:
//! the loaves of a carton, where a pallet leads downstream to the carton. Nor do they tell how long a content stayed: upstream of the lorry, a
//! crate that was filled on the way is followed until it left the lorry, not until it was loaded.

use crate::heading::Heading;
use crate::index::Index;
use crate::index::dense::{HopId, UnitId};
use crate::index::stay::Stay;
use crate::pass::{Arrival, Pass, Purpose};
use crate::window::Window;

/// A packing that belongs to the walk because what it packed was still there when the walk came to the container.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inside {
    pub container: UnitId,
    /// The hop of the content.
    pub packed: HopId,
    /// Until when it lay there.
    pub until: i64,
}

impl Pass {
    /// What was packed into a container that the walk goes through. The contents' own hops tell when they left it.
    pub(super) fn look_inside(&mut self, index: &Index, container: UnitId, distance: u32) {
        let Some(window) = self.walked.get(container).map(|there| there.window) else { return };
        let trail = index.trail(container);
        // Downstream a packing within the window leads on by itself. But not past the depth, and there the answer's window may be narrower than
        // the one explored, and so ask for contents of which nobody has heard.
        let packed = match self.heading {
            Heading::Up => window,
            Heading::Down if self.purpose == Purpose::Explore && self.is_beyond(distance + 1) => window.hull(Window::until(window.from)),
            Heading::Down => Window { from: trail.last_emptied(window.from), to: window.from.saturating_sub(1) },
        };
        for packing in trail.packings(&index.facts, packed) {
            let (record, packed) = (index.facts.get(*packing).record, index.facts.get(*packing).time);
            let Some(contents) = index.facts.neighbours(*packing) else {
                self.news.records.push(record);
                continue;
            };
            for content in contents {
                if self.contents.insert(*content) {
                    self.news.units.push(*content);
                    self.ask_where_it_lay(index, &index.trail(*content).fed);
                }
                for stay in index.trail(*content).stays_in(container, packed) {
                    self.lodge(index, *content, stay, distance);
                }
            }
        }
    }

    /// Something new is known of a unit, and of how long it lay where it was packed.
    pub(super) fn lodge_everywhere(&mut self, index: &Index, content: UnitId) {
        if self.contents.contains(&content) {
            self.ask_where_it_lay(index, &index.trail(content).fed);
        }
        for stay in &index.trail(content).stays {
            if let Some(distance) = self.walked.get(stay.container).map(|there| there.distance) {
                self.lodge(index, content, stay, distance);
            }
        }
    }

    fn lodge(&mut self, index: &Index, content: UnitId, stay: &Stay, distance: u32) {
        let Some(window) = self.walked.get(stay.container).map(|there| there.window) else { return };
        let lies = index.trail(stay.container).while_closed(stay.from, stay.window());
        let Some(both) = lies.and_then(|lies| lies.window.meet(window)) else { return };
        if self.heading == Heading::Down && stay.from < window.from {
            self.take(index, stay.hop, distance);
            self.remember(Inside { container: stay.container, packed: stay.hop, until: both.to });
        }
        let window = self.heading.window(if self.heading == Heading::Up { both.to } else { both.from });
        self.arrivals.push_back(Arrival::Walking { unit: content, window, distance: distance + 1 });
    }

    fn remember(&mut self, inside: Inside) {
        if self.purpose == Purpose::Answer {
            self.inside.push(inside);
        }
    }
}
