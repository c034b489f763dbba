//! The rules read from the prose and done the slow way: every arrival, every record that draws from it, and from every candidate a search
//! downstream of its own.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_lineage::{Assumptions, Case, Establishments, Granularity, Packing, Place, Role, Stage};

use super::{Explained, Told};
use crate::reference::{emptied, leaves};
use crate::world::{Record, granularity};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival {
    record: usize,
    unit: u64,
}

struct World<'a> {
    /// All that stand.
    all: Vec<&'a Record>,
    /// Those that count.
    records: Vec<&'a Record>,
    told: &'a Told,
    assumptions: &'a Assumptions<'a>,
    /// By record: what is there, and what of it goes into something, containers unfolded.
    seen: Vec<BTreeSet<u64>>,
    inputs: Vec<BTreeSet<u64>>,
}

pub fn explained(records: &[Record], told: &Told, cases: &[Case], assumptions: &Assumptions) -> Explained {
    let all: Vec<&Record> = records.iter().filter(|record| !record.retracted).collect();
    let mut world = World { records: Vec::new(), all, told, assumptions, seen: Vec::new(), inputs: Vec::new() };
    world.records = world.all.iter().copied().filter(|record| record.stage != Stage::Inspect && world.counts(record)).collect();
    let there = [Role::Observed, Role::Container, Role::Content];
    world.seen =
        (0..world.records.len()).map(|record| there.iter().flat_map(|role| world.with_contents(record, *role)).collect()).collect();
    world.inputs = (0..world.records.len()).map(|record| world.with_contents(record, Role::Input)).collect();
    let arrivals: Vec<Arrival> =
        (0..world.records.len()).flat_map(|record| world.arriving(record).into_iter().map(move |unit| Arrival { record, unit })).collect();
    let next: BTreeMap<Arrival, BTreeSet<Arrival>> = arrivals.iter().map(|from| (*from, world.next(&arrivals, *from))).collect();
    let mut explained = Explained::default();
    for (number, case) in cases.iter().enumerate() {
        for place in &case.places {
            if let Place::Unit(unit) = place
                && !assumptions.without_units.contains(unit)
            {
                explained.0.entry(*unit).or_default().insert(number);
            }
        }
    }
    for candidate in &arrivals {
        let reached = downstream(&next, *candidate);
        for (number, _) in cases.iter().enumerate().filter(|(_, case)| reached.iter().any(|arrival| world.is_case(case, *arrival))) {
            explained.0.entry(candidate.unit).or_default().insert(number);
            for name in world.named(candidate.record) {
                if !name.is_empty() && !assumptions.without_subjects.contains(name) {
                    explained.1.entry(name.to_owned()).or_default().insert(number);
                }
            }
        }
    }
    explained
}

impl<'a> World<'a> {
    fn is_case(&self, case: &Case, arrival: Arrival) -> bool {
        let record = self.records[arrival.record];
        case.places.iter().any(|place| match place {
            Place::Unit(unit) => *unit == arrival.unit,
            Place::Subject { name, from, to } => record.holder == *name && (*from..=*to).contains(&record.time),
            Place::Area { area, from, to } => *area == format!("area-{}", record.node) && (*from..=*to).contains(&record.time),
        })
    }

    /// Givers, the likelier first, and the holder.
    fn named(&self, record: usize) -> Vec<&'a str> {
        let record = self.records[record];
        let (responsible, source) = self.told.0.get(&record.record_ref()).copied().unwrap_or_default();
        let holder = record.holder.as_str();
        if record.stage == Stage::Transport { vec![source, responsible, holder] } else { vec![responsible, source, holder] }
    }

    fn station(&self, record: usize) -> &'a str {
        self.named(record).into_iter().find(|name| !name.is_empty()).unwrap_or_default()
    }

    fn units(&self, record: usize, role: Role) -> BTreeSet<u64> {
        let parts = self.records[record].parts.iter().filter(|part| part.1 == role && granularity(part.0) != Granularity::Class);
        parts.map(|part| part.0).filter(|unit| !self.assumptions.without_units.contains(unit)).collect()
    }

    /// Contents and containers that a record packs.
    fn packed(&self, record: usize) -> BTreeSet<(u64, u64)> {
        if self.records[record].packing != Packing::Pack {
            return BTreeSet::new();
        }
        let containers = self.units(record, Role::Container);
        self.units(record, Role::Content)
            .into_iter()
            .flat_map(|content| containers.iter().map(move |container| (content, *container)))
            .collect()
    }

    /// What lies in a container, or in what lies in it, at a moment.
    fn contents(&self, container: u64, time: i64, all: &mut BTreeSet<u64>) {
        for packing in self.all.iter().filter(|record| record.packing == Packing::Pack && record.time <= time && self.counts(record)) {
            for content in packing.walkable(Role::Content).filter(|_| packing.walkable(Role::Container).any(|unit| unit == container)) {
                let until = leaves(&self.all, content, container, packing.time).min(emptied(&self.all, container, packing.time));
                if time <= until && !self.assumptions.without_units.contains(&content) && all.insert(content) {
                    self.contents(content, time, all);
                }
            }
        }
    }

    fn counts(&self, record: &Record) -> bool {
        self.assumptions.window.is_none_or(|(from, to)| (from..=to).contains(&record.time))
    }

    fn with_contents(&self, record: usize, role: Role) -> BTreeSet<u64> {
        let mut all = BTreeSet::new();
        for unit in self.units(record, role) {
            all.insert(unit);
            self.contents(unit, self.records[record].time, &mut all);
        }
        all
    }

    fn arriving(&self, record: usize) -> BTreeSet<u64> {
        let into = self.packed(record).into_iter().map(|packed| packed.1);
        self.units(record, Role::Output).into_iter().chain(self.seen[record].iter().copied()).chain(into).collect()
    }

    /// A record has what it has of a unit from this arrival.
    fn draws(&self, arrivals: &[Arrival], record: usize, unit: u64, from: Arrival) -> bool {
        let (named, now) = (self.named(record), self.records[record].time);
        let of_unit = || arrivals.iter().filter(|arrival| arrival.unit == unit);
        let holder = self.records[record].holder.as_str();
        for name in named.into_iter().filter(|name| !name.is_empty()) {
            let came = |arrival: &&Arrival| {
                let there = self.records[arrival.record];
                there.holder == name && (there.time < now || there.time == now && name != holder)
            };
            if of_unit().any(|arrival| came(&arrival)) {
                return of_unit().filter(came).any(|arrival| *arrival == from);
            }
        }
        of_unit().any(|arrival| *arrival == from) && self.records[from.record].time <= now
    }

    fn mixes(&self, record: usize, from: Arrival) -> bool {
        let Some(mixing) = &self.assumptions.mixing else { return false };
        let (station, there) = (self.station(record), self.records[from.record]);
        let may = match &mixing.at {
            Establishments::All => !station.is_empty(),
            Establishments::These(names) => names.contains(station),
        };
        let ago = self.records[record].time - there.time;
        may && there.holder == station && ago >= 0 && mixing.within.is_none_or(|within| ago <= within)
    }

    /// What a record makes of, or does with, what arrived.
    fn next(&self, arrivals: &[Arrival], from: Arrival) -> BTreeSet<Arrival> {
        let mut next = BTreeSet::new();
        for record in 0..self.records.len() {
            let station = self.station(record);
            if self.assumptions.without_subjects.contains(station) || self.assumptions.killing.contains(station) {
                continue;
            }
            let mut leads = |units: BTreeSet<u64>| next.extend(units.into_iter().map(|unit| Arrival { record, unit }));
            if self.mixes(record, from) {
                leads(self.arriving(record));
            }
            if self.seen[record].contains(&from.unit) && self.draws(arrivals, record, from.unit, from) {
                leads(BTreeSet::from([from.unit]));
            }
            let into: BTreeSet<u64> =
                self.packed(record).into_iter().filter(|packed| packed.0 == from.unit).map(|packed| packed.1).collect();
            if !into.is_empty() && self.draws(arrivals, record, from.unit, from) {
                leads(into);
            }
            let is_input = self.inputs[record].contains(&from.unit);
            if is_input && self.draws(arrivals, record, from.unit, from) {
                leads(self.units(record, Role::Output));
            }
        }
        next
    }
}

fn downstream(next: &BTreeMap<Arrival, BTreeSet<Arrival>>, from: Arrival) -> BTreeSet<Arrival> {
    let (mut reached, mut open) = (BTreeSet::from([from]), vec![from]);
    while let Some(arrival) = open.pop() {
        open.extend(next[&arrival].iter().filter(|arrival| reached.insert(**arrival)));
    }
    reached
}
