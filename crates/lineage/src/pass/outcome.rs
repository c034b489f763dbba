//! What a pass took, looked at from outside once it has run.

use crate::index::Index;
use crate::index::dense::{HopId, Slot, UnitId};
use crate::pass::Pass;
use crate::pass::walked::Walked;

impl Pass {
    /// What the walk took of a unit that it goes through, by time.
    pub fn hops_of<'a>(&'a self, index: &'a Index, unit: UnitId) -> impl Iterator<Item = HopId> + 'a {
        let there = self.walked.get(unit);
        there.into_iter().flat_map(move |there| index.trail(unit).standing.iter().copied().filter(move |hop| self.took(index, there, *hop)))
    }

    fn took(&self, index: &Index, there: &Walked, hop: HopId) -> bool {
        let hop = index.facts.get(hop);
        let takes = self.heading.takes(hop.role) && (there.is_start || hop.is_walkable());
        takes && there.window.holds(hop.time) && self.taken.contains(hop.record)
    }

    /// The records that belong whatever the order of things within one moment. The others belong only because an equal time is included.
    pub fn surely_taken<'a>(&'a self, index: &'a Index) -> impl Iterator<Item = Slot> + 'a {
        let facts = &index.facts;
        let walked = self.walked.iter().flat_map(move |(unit, there)| {
            self.hops_of(index, unit)
                .map(move |hop| facts.get(hop))
                .filter(move |hop| there.window.holds_inside(hop.time))
                .map(|hop| hop.record)
        });
        let carried = self.carried.iter().flat_map(move |(unit, there)| {
            let hops = index.trail(unit).standing.iter().copied();
            hops.filter(move |hop| facts.get(*hop).is_walkable() && there.holds_surely(facts, *hop)).map(move |hop| facts.get(hop).record)
        });
        let inside = self.inside.iter().filter(|inside| {
            let window = self.walked.get(inside.container).map(|there| there.window);
            window.is_some_and(|window| facts.get(inside.packed).time < window.from && window.from < inside.until)
        });
        let inside = inside.map(move |inside| facts.get(inside.packed).record);
        walked.chain(carried).chain(inside)
    }
}
