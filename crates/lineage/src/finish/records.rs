//! The records of a chain: which, in what order, how near, and whether only by the same moment.

use crate::chain::{ChainRecord, Side};
use crate::heading::Heading;
use crate::index::Index;
use crate::index::dense::{HopId, Slot, Table, UnitId, narrow};
use crate::index::facts::{Facts, Hops};
use crate::pass::Pass;

/// How far something lies from the start on each of the two ways.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Nearness {
    up: Option<u32>,
    down: Option<u32>,
}

impl Nearness {
    pub fn note(&mut self, heading: Heading, distance: u32) {
        let known = match heading {
            Heading::Up => &mut self.up,
            Heading::Down => &mut self.down,
        };
        *known = Some(known.map_or(distance, |known| known.min(distance)));
    }

    pub fn distance(self) -> u32 {
        self.up.into_iter().chain(self.down).min().unwrap_or_default()
    }

    pub fn side(self) -> Side {
        match (self.up, self.down) {
            (Some(0), _) | (_, Some(0)) => Side::Own,
            (Some(up), Some(down)) if up == down => Side::Own,
            (Some(up), down) if down.is_none_or(|down| up < down) => Side::Up,
            _ => Side::Down,
        }
    }
}

/// The records in the order of the chain: each is a run of hops.
pub(crate) struct Records {
    rows: Vec<Row>,
    /// Of the units of the chain, by record, unit and role.
    hops: Vec<HopId>,
    places: Table<Slot, u32>,
}

struct Row {
    record: Slot,
    near: Nearness,
    same_moment: bool,
    hops: usize,
}

impl Records {
    pub fn of(index: &Index, passes: &[Pass], units: impl Iterator<Item = UnitId>) -> Records {
        let facts = &index.facts;
        let mut near: Table<Slot, Nearness> = Table::default();
        for pass in passes {
            pass.taken.iter().for_each(|(record, distance)| near.get_or_insert(record, Nearness::default).note(pass.heading, *distance));
        }
        let mut surely: Table<Slot, ()> = Table::default();
        for record in passes.iter().flat_map(|pass| pass.surely_taken(index)) {
            surely.get_or_insert(record, || ());
        }
        let hops = units.flat_map(|unit| &index.trail(unit).standing).copied();
        let hops = in_order(facts, hops.filter(|hop| near.contains(facts.get(*hop).record)).collect());
        let mut places = Table::default();
        let mut rows = Vec::with_capacity(near.len());
        for run in hops.chunk_by(|a, b| facts.get(*a).record == facts.get(*b).record) {
            let record = facts.get(run[0]).record;
            places.get_or_insert(record, || narrow(rows.len()));
            let near = near.get(record).copied().unwrap_or_default();
            rows.push(Row { record, near, same_moment: !surely.contains(record), hops: run.len() });
        }
        Records { rows, hops, places }
    }

    /// Where a record stands in the chain, if it does.
    pub fn place(&self, record: Slot) -> Option<u32> {
        self.places.get(record).copied()
    }

    /// Gives the hops themselves to their records; what does not belong to the chain is dropped.
    pub fn with_hops(self, facts: Facts) -> Vec<ChainRecord> {
        let named: Vec<_> = self.rows.iter().map(|row| facts.order(row.record)).map(|(time, record)| (time, record.clone())).collect();
        let mut given: Hops = facts.into_hops();
        let mut hops = self.hops.into_iter();
        let record = |(row, (event_time, record)): (Row, _)| ChainRecord {
            record,
            event_time,
            distance: row.near.distance(),
            side: row.near.side(),
            same_moment: row.same_moment,
            hops: hops.by_ref().take(row.hops).filter_map(|hop| given.give(hop)).collect(),
        };
        self.rows.into_iter().zip(named).map(record).collect()
    }
}

fn in_order(facts: &Facts, mut hops: Vec<HopId>) -> Vec<HopId> {
    let order = |hop: HopId| {
        let hop = facts.get(hop);
        (facts.order(hop.record), facts.key(hop.unit), hop.role)
    };
    hops.sort_unstable_by(|a, b| order(*a).cmp(&order(*b)));
    hops
}
