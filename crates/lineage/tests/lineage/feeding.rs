//! Feeding a walk from a list of hops, in whatever order.

use tracemesh_lineage::{Chain, Closure, Collected, Direction, Hop, Limits, Member, RecordRef, Silent, Walk};

use crate::world::Record;

/// What one node, or one test, knows.
#[derive(Clone, Debug, Default)]
pub struct Store {
    pub hops: Vec<Hop>,
    pub members: Vec<(RecordRef, Vec<Member>)>,
}

impl Store {
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record> + Clone) -> Store {
        Store {
            hops: records.clone().into_iter().flat_map(Record::hops).collect(),
            members: records.into_iter().map(|record| (record.record_ref(), record.members())).collect(),
        }
    }

    pub fn hops_of(&self, units: &[u64]) -> Vec<Hop> {
        self.hops.iter().filter(|hop| units.contains(&hop.unit)).cloned().collect()
    }

    /// Answers what is wanted until nothing more is; of records only those that this store has.
    pub fn feed(&self, walk: &mut Walk) {
        loop {
            let wanted = walk.wanted();
            let known: Vec<&RecordRef> = wanted.records.iter().filter(|record| self.members_of(record).is_some()).collect();
            if wanted.units.is_empty() && known.is_empty() {
                return;
            }
            walk.feed(&wanted.units, self.hops_of(&wanted.units));
            known.iter().for_each(|record| walk.feed_record(record, self.members_of(record).unwrap()));
        }
    }

    pub fn closure(&self, units: &[u64], limit: usize) -> Collected {
        let mut closure = Closure::new(units.iter().copied(), limit);
        loop {
            let wanted = closure.wanted();
            if wanted.is_empty() {
                return closure.finish();
            }
            closure.feed(&wanted.units, self.hops_of(&wanted.units));
            wanted.records.iter().for_each(|record| closure.feed_record(record, self.members_of(record).unwrap()));
        }
    }

    pub fn members_of(&self, record: &RecordRef) -> Option<&[Member]> {
        self.members.iter().find(|(known, _)| known == record).map(|(_, members)| members.as_slice())
    }
}

/// Asked and answered in rounds, as a local walk is.
pub fn in_rounds(store: &Store, starts: &[u64], direction: Direction, limits: Limits) -> Chain {
    let mut walk = Walk::new(starts.iter().copied(), direction, limits);
    store.feed(&mut walk);
    walk.finish(Vec::new())
}

/// A few of the wanted units at a time, each hop by itself and twice, the later ones of a unit first.
pub fn in_crumbs(store: &Store, starts: &[u64], direction: Direction, limits: Limits, mut seed: u64) -> Chain {
    let mut walk = Walk::new(starts.iter().copied(), direction, limits);
    loop {
        let wanted = walk.wanted();
        if wanted.is_empty() {
            return walk.finish(Vec::new());
        }
        for record in wanted.records.iter().filter(|_| wanted.units.is_empty() || dice(&mut seed).is_multiple_of(2)) {
            walk.feed_record(record, store.members_of(record).unwrap());
        }
        let units: Vec<u64> = wanted.units.iter().copied().filter(|_| dice(&mut seed).is_multiple_of(3)).collect();
        let mut hops = store.hops_of(&units);
        shuffle(&mut hops, &mut seed);
        for hop in hops {
            walk.feed(&[], [hop.clone(), hop]);
            if dice(&mut seed).is_multiple_of(2) {
                walk.wanted();
            }
        }
        walk.feed(&units, []);
    }
}

/// Everything at once and unasked, in any order; then the questions are only ticked off.
pub fn unasked(store: &Store, starts: &[u64], direction: Direction, limits: Limits, mut seed: u64) -> Chain {
    let mut walk = Walk::new(starts.iter().copied(), direction, limits);
    let mut hops = store.hops.clone();
    shuffle(&mut hops, &mut seed);
    store.members.iter().for_each(|(record, members)| walk.feed_record(record, members));
    walk.feed(&[], hops);
    loop {
        let wanted = walk.wanted();
        if wanted.is_empty() {
            return walk.finish(Vec::new());
        }
        walk.feed(&wanted.units, []);
    }
}

pub fn silent(nodes: &[String]) -> Vec<Silent> {
    nodes.iter().map(|node| Silent { node: node.as_str().into(), why: "away".to_owned() }).collect()
}

fn shuffle<T>(items: &mut [T], seed: &mut u64) {
    for n in (1..items.len()).rev() {
        items.swap(n, (dice(seed) % (n as u64 + 1)) as usize);
    }
}

/// xorshift64*: enough for a shuffle, and the same everywhere.
fn dice(seed: &mut u64) -> u64 {
    *seed = (*seed).max(1);
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    seed.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33
}
