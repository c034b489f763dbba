//! On board: a walk goes along with the containers that its units lie in, and with what those lie in. From there it goes on only downstream,
//! to what a container was made into with everything in it.

use crate::hop::{Packing, Role};
use crate::index::Index;
use crate::index::dense::{HopId, UnitId};
use crate::index::facts::Fact;
use crate::pass::carried::Carried;
use crate::pass::walked::Visit;
use crate::pass::{Arrival, Pass};

impl Pass {
    pub(super) fn board(&mut self, index: &Index, container: UnitId, visit: Visit, distance: u32) {
        if self.is_beyond(distance) {
            self.is_deeper |= self.carried.get(container).is_none_or(|there| !there.knows(visit));
            return;
        }
        if !self.carried.contains(container) {
            self.news.units.push(container);
        }
        let distance_counts = self.distance_counts();
        let there = self.carried.get_or_insert(container, || Carried::new(distance));
        let (visits, nearest) = (there.arrive(visit, distance, distance_counts), there.distance);
        for visit in visits {
            self.travel(index, container, visit, self.counted(distance, nearest));
        }
    }

    /// Takes the container's records of a visit, and boards what the container itself lay in meanwhile.
    pub(super) fn travel(&mut self, index: &Index, container: UnitId, visit: Visit, distance: u32) {
        let trail = index.trail(container);
        let Some(aboard) = trail.while_closed(visit.packed, visit.window) else { return };
        let Some(there) = self.carried.get_mut(container) else { return };
        if !there.travel(aboard, distance) {
            return;
        }
        let new = there.untaken.absorb(&index.facts, trail, |hop| hop.is_walkable());
        let found = there.untaken.drain(aboard.window);
        self.ask_where_it_lay(index, new);
        for hop in found {
            self.take(index, hop, distance);
            if self.leads_from_aboard(index.facts.get(hop)) && !self.step(index, hop, distance) {
                self.carried.get_mut(container).into_iter().for_each(|there| there.waiting.push(hop));
            }
        }
        for stay in trail.stays_meeting(aboard.window) {
            let Some(window) = stay.window().meet(aboard.window) else { continue };
            let visit = Visit { packed: stay.from, window };
            self.arrivals.push_back(Arrival::Carried { container: stay.container, visit, distance: distance + 1 });
        }
    }

    /// What a unit was packed into tells when it left what it lay in before, be that inside of a window or not. So a packing that does not
    /// list its containers is always read.
    pub(super) fn ask_where_it_lay(&mut self, index: &Index, hops: &[HopId]) {
        let is_packing = |hop: &Fact| hop.role == Role::Content && hop.packing != Packing::None;
        for id in hops.iter().filter(|id| is_packing(index.facts.get(**id)) && index.facts.neighbours(**id).is_none()) {
            self.news.records.push(index.facts.get(*id).record);
        }
    }
}
