//! From the passes of a walk to its chain.

mod ends;
mod holders;
mod links;
mod records;

use crate::chain::{Chain, ChainUnit, Stay};
use crate::finish::records::{Nearness, Records};
use crate::heading::Heading;
use crate::index::Index;
use crate::index::dense::{Table, UnitId};
use crate::limits::{Limits, Reached};
use crate::pass::Pass;
use crate::verdict::{Missing, Silent, Verdict};
use crate::wanted::Inquiry;

/// What a walk has come to know, at its end.
pub(crate) struct Ended {
    pub index: Index,
    pub inquiry: Inquiry,
    pub passes: Vec<Pass>,
    pub limits: Limits,
    /// Exploring ended at a limit.
    pub is_cut: bool,
}

/// A unit of the chain.
#[derive(Default)]
struct Found {
    near: Nearness,
    is_walked: bool,
}

impl Ended {
    pub fn chain(self, silent: Vec<Silent>) -> Chain {
        let found = self.found();
        let records = Records::of(&self.index, &self.passes, found.iter().map(|(unit, _)| unit));
        let (edges, more_edges) = links::edges(&self.index, &self.passes, &records, self.limits.edges);
        let units = self.units(&found);
        let holders = holders::holders(&self.index, &found, &records);
        let stays = self.stays(&found);
        let mut missing: Vec<Missing> = silent.into_iter().map(Missing::NodeSilent).collect();
        missing.extend(self.without_origin());
        missing.extend(self.limits_reached(more_edges).into_iter().map(Missing::Limit));
        Chain { records: records.with_hops(self.index.facts), units, edges, holders, stays, verdict: Verdict::of(missing) }
    }

    fn found(&self) -> Table<UnitId, Found> {
        let mut found: Table<UnitId, Found> = Table::default();
        for pass in &self.passes {
            for (unit, there) in pass.walked.iter() {
                let unit = found.get_or_insert(unit, Found::default);
                unit.near.note(pass.heading, there.distance);
                unit.is_walked = true;
            }
            for (unit, there) in pass.carried.iter() {
                let Some(distance) = there.travelled() else { continue };
                found.get_or_insert(unit, Found::default).near.note(pass.heading, distance);
            }
        }
        found
    }

    fn units(&self, found: &Table<UnitId, Found>) -> Vec<ChainUnit> {
        let facts = &self.index.facts;
        let unit = |(unit, found): (UnitId, &Found)| ChainUnit {
            unit: facts.key(unit),
            granularity: self.index.trail(unit).standing.iter().map(|hop| facts.get(*hop).granularity).min(),
            distance: found.near.distance(),
            side: found.near.side(),
            carrier_only: !found.is_walked,
        };
        let mut units: Vec<ChainUnit> = found.iter().map(unit).collect();
        units.sort_unstable_by_key(|unit| unit.unit);
        units
    }

    /// Of a container that nobody asked about it is not known when it was emptied.
    fn stays(&self, found: &Table<UnitId, Found>) -> Vec<Stay> {
        let (facts, mut stays) = (&self.index.facts, Vec::new());
        for (unit, _) in found.iter() {
            for stay in self.index.trail(unit).stays.iter().filter(|stay| found.contains(stay.container)) {
                let lies = self.index.trail(stay.container).while_closed(stay.from, stay.window());
                let (unit, container) = (facts.key(unit), facts.key(stay.container));
                stays.extend(lies.map(|lies| Stay { container, from: stay.from, until: lies.window.to, unit }));
            }
        }
        stays.sort_unstable();
        stays.dedup();
        stays
    }

    /// Past a limit nobody knows what is an end.
    fn without_origin(&self) -> Vec<Missing> {
        let upward = self.passes.iter().filter(|pass| pass.heading == Heading::Up && !self.is_full());
        upward.flat_map(|pass| ends::without_origin(&self.index, pass, &self.inquiry)).collect()
    }

    fn is_full(&self) -> bool {
        self.is_cut || self.passes.iter().any(|pass| pass.is_full)
    }

    fn limits_reached(&self, more_edges: bool) -> Vec<Reached> {
        let limits = self.limits;
        let too_many_units = self.inquiry.touched().len() > limits.units;
        let is_deeper = self.passes.iter().any(|pass| pass.is_deeper);
        let reached = [
            too_many_units.then_some(Reached::Units(limits.units)),
            (self.is_full() && !too_many_units).then_some(Reached::Records(limits.records)),
            more_edges.then_some(Reached::Edges(limits.edges)),
            limits.depth.filter(|_| is_deeper).map(Reached::Depth),
            self.unanswered(),
        ];
        reached.into_iter().flatten().collect()
    }

    /// After a limit there is always something that nobody was asked for, and the limit says it.
    fn unanswered(&self) -> Option<Reached> {
        let wanted = self.inquiry.wanted();
        let unanswered = Reached::Unanswered { units: wanted.units.len(), records: wanted.records.len() };
        (!self.is_full() && !wanted.is_empty()).then_some(unanswered)
    }
}
