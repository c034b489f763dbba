//! The edges of a chain: which record leads from which unit to which, among the units and records that belong.

use crate::chain::Edge;
use crate::finish::records::Records;
use crate::heading::Heading;
use crate::index::Index;
use crate::index::dense::{HopId, Table, UnitId};
use crate::pass::Pass;

/// One edge may come up this often: upstream through a container's contents, and on board of it on either way.
const REPEATED: usize = 3;

/// At most `most` edges, by record and units, and whether there are more.
pub(crate) fn edges(index: &Index, passes: &[Pass], records: &Records, most: usize) -> (Vec<Edge>, bool) {
    let mut links = Links { index, records, most: most.saturating_mul(REPEATED), edges: Vec::new() };
    passes.iter().for_each(|pass| links.of(pass));
    let mut edges = links.edges;
    edges.sort_unstable();
    edges.dedup();
    let has_more = edges.len() > most;
    edges.truncate(most);
    (edges, has_more)
}

struct Links<'a> {
    index: &'a Index,
    records: &'a Records,
    most: usize,
    edges: Vec<Edge>,
}

impl Links<'_> {
    fn of(&mut self, pass: &Pass) {
        for unit in self.by_key(&pass.walked) {
            self.through(pass, unit);
        }
        for container in self.by_key(&pass.carried) {
            self.aboard(pass, container);
        }
        for inside in pass.inside.iter().filter(|inside| pass.walked.contains(self.index.facts.get(inside.packed).unit)) {
            self.add(inside.packed, inside.container, Heading::Up);
        }
    }

    /// Where edges are cut, they are cut at the same place every time.
    fn by_key<V>(&self, table: &Table<UnitId, V>) -> Vec<UnitId> {
        let mut units: Vec<UnitId> = table.iter().map(|(unit, _)| unit).collect();
        units.sort_unstable_by_key(|unit| self.index.facts.key(*unit));
        units
    }

    /// What the unit was made of or into, and into what it was packed.
    fn through(&mut self, pass: &Pass, unit: UnitId) {
        for id in pass.hops_of(self.index, unit) {
            let hop = self.index.facts.get(id);
            if pass.leads_from(hop) {
                self.onward(pass, id);
            }
            for stay in self.index.trail(unit).stays_begun_by(id, hop.time) {
                self.carry(pass, id, stay.container);
            }
        }
    }

    /// Into what a container was packed in turn, and what it was made into. What it lay in before it was boarded was packed outside of the
    /// chain.
    fn aboard(&mut self, pass: &Pass, container: UnitId) {
        let Some(there) = pass.carried.get(container) else { return };
        for id in self.index.trail(container).standing.iter().copied() {
            let hop = self.index.facts.get(id);
            if pass.leads_from_aboard(hop) && there.spans().hold(hop.time) {
                self.onward(pass, id);
            }
        }
        for stay in self.index.trail(container).stays.iter().filter(|stay| there.spans().hold(stay.from)) {
            self.carry(pass, stay.hop, stay.container);
        }
    }

    fn onward(&mut self, pass: &Pass, id: HopId) {
        for neighbour in self.index.facts.neighbours(id).unwrap_or_default().iter().filter(|unit| pass.walked.contains(**unit)) {
            self.add(id, *neighbour, pass.heading);
        }
    }

    fn carry(&mut self, pass: &Pass, packed: HopId, container: UnitId) {
        if pass.carried.get(container).is_some_and(|there| there.travelled().is_some()) {
            self.add(packed, container, Heading::Down);
        }
    }

    /// From the hop's unit to its neighbour, or the other way round where the walk came upstream.
    fn add(&mut self, id: HopId, neighbour: UnitId, heading: Heading) {
        let facts = &self.index.facts;
        let hop = facts.get(id);
        let (Some(record), Some(across)) = (self.records.place(hop.record), hop.role.across()) else { return };
        if self.edges.len() > self.most {
            return;
        }
        let (near, far) = ((facts.key(hop.unit), hop.role), (facts.key(neighbour), across));
        let ((from, from_role), (to, to_role)) = if heading == Heading::Down { (near, far) } else { (far, near) };
        self.edges.push(Edge { record, from, from_role, to, to_role });
    }
}
