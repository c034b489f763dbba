//! What each record does with which goods, containers unfolded: what lies in a container goes where the container goes.

use std::collections::BTreeSet;

use super::Assumptions;
use crate::chain::{Chain, ChainRecord, Stay};
use crate::hop::{Granularity, Hop, Neighbours, Packing, Role, Stage};

/// A record.
pub(super) struct Line<'a> {
    pub record: &'a ChainRecord,
    pub stage: Stage,
    pub holder: &'a str,
    pub area: &'a str,
    /// What goes into what it makes.
    pub inputs: BTreeSet<u64>,
    pub outputs: BTreeSet<u64>,
    /// What is there and stays what it was.
    pub seen: BTreeSet<u64>,
    /// Contents with the containers that they go into.
    pub packed: BTreeSet<(u64, u64)>,
}

/// In the order of time; without what is ruled out, and without those that somebody only looks on.
pub(super) fn lines<'a>(chain: &'a Chain, assumptions: &Assumptions) -> Vec<Line<'a>> {
    let aboard = Aboard::of(&chain.stays);
    let counts = |record: &&ChainRecord| assumptions.window.is_none_or(|(from, to)| from <= record.event_time && record.event_time <= to);
    let mut lines = Vec::with_capacity(chain.records.len());
    for record in chain.records.iter().filter(counts) {
        let goods = |hop: &&Hop| hop.role != Role::Mentioned && hop.granularity != Granularity::Class;
        let hops: Vec<&Hop> = record.hops.iter().filter(goods).filter(|hop| !assumptions.without_units.contains(&hop.unit)).collect();
        let Some(first) = hops.first().filter(|hop| hop.stage != Stage::Inspect) else { continue };
        let (stage, holder, area) = (first.stage, first.holder.as_str(), first.area.as_str());
        let mut line = Line {
            record,
            stage,
            holder,
            area,
            inputs: BTreeSet::new(),
            outputs: BTreeSet::new(),
            seen: BTreeSet::new(),
            packed: BTreeSet::new(),
        };
        for hop in &hops {
            match hop.role {
                Role::Input => line.inputs.extend(aboard.with_contents(hop.unit, record.event_time, assumptions)),
                Role::Output => _ = line.outputs.insert(hop.unit),
                Role::Observed | Role::Container | Role::Content => {
                    line.seen.extend(aboard.with_contents(hop.unit, record.event_time, assumptions))
                }
                Role::Mentioned => {}
            }
            if (hop.role, hop.packing) == (Role::Content, Packing::Pack) {
                let containers = listed(hop).iter().filter(|container| !assumptions.without_units.contains(container));
                line.packed.extend(containers.map(|container| (hop.unit, *container)));
            }
        }
        lines.push(line);
    }
    lines
}

/// What lies in which container, by when it came there.
struct Aboard<'a> {
    stays: &'a [Stay],
    /// For each stay, the latest end of it and all before it in the same container, so that none is looked at that ended long ago.
    ended_by: Vec<i64>,
}

impl<'a> Aboard<'a> {
    fn of(stays: &'a [Stay]) -> Aboard<'a> {
        let mut ended_by = Vec::with_capacity(stays.len());
        for stays in stays.chunk_by(|a, b| a.container == b.container) {
            let mut latest = i64::MIN;
            ended_by.extend(stays.iter().map(|stay| {
                latest = latest.max(stay.until);
                latest
            }));
        }
        Aboard { stays, ended_by }
    }

    /// A unit, and all that lies in it at a moment in turn.
    fn with_contents(&self, unit: u64, time: i64, assumptions: &Assumptions) -> BTreeSet<u64> {
        let (mut all, mut next) = (BTreeSet::from([unit]), vec![unit]);
        let counts = |moment: i64| assumptions.window.is_none_or(|(from, to)| from <= moment && moment <= to);
        while let Some(container) = next.pop() {
            for stay in self.there(container, time).filter(|stay| counts(stay.from) && !assumptions.without_units.contains(&stay.unit)) {
                if all.insert(stay.unit) {
                    next.push(stay.unit);
                }
            }
        }
        all
    }

    fn there(&self, container: u64, time: i64) -> impl Iterator<Item = &Stay> {
        let first = self.stays.partition_point(|stay| stay.container < container);
        let begun = self.stays.partition_point(|stay| (stay.container, stay.from) <= (container, time));
        let recent = (first..begun).rev().take_while(move |n| self.ended_by[*n] >= time).map(|n| &self.stays[n]);
        recent.filter(move |stay| stay.until >= time)
    }
}

fn listed(hop: &Hop) -> &[u64] {
    match &hop.neighbours {
        Neighbours::Listed(units) => units,
        Neighbours::InRecord => &[],
    }
}
