//! What a node answers when another asks: everything it knows around some units, unpruned.
//!
//! A closure ignores windows and directions: each record that touches a unit, and all its neighbours, on and on. Only the asker can prune,
//! because only the asker sees the union; sending more than it asked for saves it rounds. What it asked for comes first, and a unit comes
//! whole or not at all, so that an asker never takes a part of a unit's life for the whole. Class units are not gone through here either.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::hop::{Granularity, Hop, Member, Neighbours, RecordRef};
use crate::wanted::{Inquiry, Wanted};

/// The local closure around some units: asks and is fed like a [`Walk`](crate::Walk), by one node.
#[derive(Debug)]
pub struct Closure {
    asked: BTreeSet<u64>,
    /// Records at most.
    limit: usize,
    inquiry: Inquiry,
    records: HashSet<RecordRef>,
    hops: BTreeMap<u64, Vec<Hop>>,
    members: BTreeMap<RecordRef, Vec<Member>>,
    too_large: BTreeSet<u64>,
}

/// What a closure collected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// By unit, retractions among them.
    pub hops: Vec<Hop>,
    /// The records that these hops point at, for [`Walk::feed_record`](crate::Walk::feed_record) on the other side.
    pub members: Vec<(RecordRef, Vec<Member>)>,
    /// Units that were asked for and are not in the answer: the limit was reached.
    pub left_out: Vec<u64>,
    /// The limit was reached. Where nothing was left out that is no gap: the asker asks for the rest when it comes to it.
    pub cut: bool,
}

impl Closure {
    /// Around these units, with at most so many records.
    pub fn new(asked: impl IntoIterator<Item = u64>, limit: usize) -> Closure {
        let asked: BTreeSet<u64> = asked.into_iter().collect();
        let mut inquiry = Inquiry::default();
        asked.iter().for_each(|unit| inquiry.touch(*unit));
        Closure {
            asked,
            limit,
            inquiry,
            records: HashSet::new(),
            hops: BTreeMap::new(),
            members: BTreeMap::new(),
            too_large: BTreeSet::new(),
        }
    }

    /// What to feed next. Once the limit is reached no more units, but still the records that the hops collected so far point at.
    pub fn wanted(&self) -> Wanted {
        let wanted = self.inquiry.wanted();
        if self.is_cut() { Wanted { units: Vec::new(), ..wanted } } else { wanted }
    }

    /// The hops of the units wanted, and the units for which they are all.
    pub fn feed(&mut self, answered: &[u64], hops: impl IntoIterator<Item = Hop>) {
        answered.iter().for_each(|unit| self.inquiry.answer(*unit));
        let mut by_unit: BTreeMap<u64, Vec<Hop>> = BTreeMap::new();
        for hop in hops {
            by_unit.entry(hop.unit).or_default().push(hop);
        }
        let (asked, beyond): (Vec<_>, Vec<_>) = by_unit.into_iter().partition(|(unit, _)| self.asked.contains(unit));
        for (unit, hops) in asked.into_iter().chain(beyond) {
            self.keep(unit, hops);
        }
    }

    /// All units of a record whose hops do not list their neighbours.
    pub fn feed_record(&mut self, record: &RecordRef, members: &[Member]) {
        self.inquiry.read(record);
        self.members.insert(record.clone(), members.to_vec());
        let beyond = members.iter().filter(|member| member.role.across().is_some() && member.granularity != Granularity::Class);
        beyond.for_each(|member| self.inquiry.touch(member.unit));
    }

    /// The answer, by all that was fed.
    pub fn finish(self) -> Collected {
        let is_missing = |unit: &u64| self.too_large.contains(unit) || !self.inquiry.is_answered(*unit);
        Collected {
            cut: self.is_cut(),
            left_out: self.asked.iter().copied().filter(is_missing).collect(),
            hops: self.hops.into_values().flatten().collect(),
            members: self.members.into_iter().collect(),
        }
    }

    fn is_cut(&self) -> bool {
        !self.too_large.is_empty()
    }

    fn keep(&mut self, unit: u64, hops: Vec<Hop>) {
        let is_asked = self.asked.contains(&unit);
        let hops: Vec<Hop> = hops.into_iter().filter(|hop| is_asked || hop.granularity != Granularity::Class).collect();
        let facts = hops.iter().filter(|hop| hop.retracts == 0);
        let new: HashSet<RecordRef> = facts.map(Hop::record_ref).filter(|record| !self.records.contains(record)).collect();
        if !self.inquiry.is_touched(unit) || self.too_large.contains(&unit) {
            return;
        }
        if self.records.len() + new.len() > self.limit {
            self.too_large.insert(unit);
            self.hops.remove(&unit);
            return;
        }
        self.records.extend(new);
        hops.iter().for_each(|hop| self.go_on(hop));
        self.hops.entry(unit).or_default().extend(hops);
    }

    fn go_on(&mut self, hop: &Hop) {
        if hop.granularity == Granularity::Class || hop.retracts != 0 {
            return;
        }
        match &hop.neighbours {
            Neighbours::Listed(units) => units.iter().for_each(|unit| self.inquiry.touch(*unit)),
            Neighbours::InRecord if self.members.contains_key(&hop.record_ref()) => {}
            Neighbours::InRecord => self.inquiry.point_at(hop.record_ref()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hop::{Packing, Role, Stage};

    fn hop(unit: u64, record: i64, granularity: Granularity, neighbours: &[u64]) -> Hop {
        Hop {
            node: "here".into(),
            unit,
            event_time: record,
            role: Role::Input,
            packing: Packing::None,
            stage: Stage::Other,
            granularity,
            record,
            retracts: 0,
            area: String::new(),
            category: String::new(),
            holder: String::new(),
            quantity: String::new(),
            measure: String::new(),
            neighbours: Neighbours::Listed(neighbours.to_vec()),
        }
    }

    fn units(collected: &Collected) -> Vec<u64> {
        collected.hops.iter().map(|hop| hop.unit).collect()
    }

    #[test]
    fn goes_on_to_neighbours_whatever_the_time() {
        let mut closure = Closure::new([1], 10);
        closure.feed(&[1], [hop(1, 5, Granularity::Batch, &[2])]);
        assert_eq!(closure.wanted().units, [2]);
        closure.feed(&[2], [hop(2, 5, Granularity::Batch, &[]), hop(2, 1, Granularity::Batch, &[1])]);
        assert!(closure.wanted().is_empty());
        let collected = closure.finish();
        assert_eq!(units(&collected), [1, 2, 2]);
        assert!(!collected.cut);
    }

    #[test]
    fn a_unit_comes_whole_or_not_at_all() {
        let mut closure = Closure::new([1, 2], 2);
        let many = (1..=3).map(|record| hop(1, record, Granularity::Batch, &[]));
        closure.feed(&[1, 2], many.chain([hop(2, 9, Granularity::Batch, &[3])]));
        assert!(closure.wanted().is_empty(), "past the limit nothing is wanted");
        let collected = closure.finish();
        assert_eq!(units(&collected), [2]);
        assert_eq!((collected.cut, collected.left_out), (true, vec![1]));
    }

    #[test]
    fn a_cut_beyond_what_was_asked_leaves_nothing_out() {
        let mut closure = Closure::new([1], 1);
        closure.feed(&[1], [hop(1, 1, Granularity::Batch, &[2])]);
        closure.feed(&[2], [hop(2, 1, Granularity::Batch, &[]), hop(2, 2, Granularity::Batch, &[])]);
        let collected = closure.finish();
        assert_eq!((units(&collected), collected.cut, collected.left_out), (vec![1], true, vec![]));
    }

    #[test]
    fn past_the_limit_records_are_still_read() {
        let mut closure = Closure::new([1, 2], 1);
        let pointing = Hop { neighbours: Neighbours::InRecord, ..hop(1, 1, Granularity::Batch, &[]) };
        closure.feed(&[1, 2], [pointing.clone(), hop(2, 2, Granularity::Batch, &[])]);
        assert_eq!(closure.wanted(), Wanted { units: vec![], records: vec![pointing.record_ref()] });
        closure.feed_record(&pointing.record_ref(), &[Member { unit: 3, role: Role::Output, granularity: Granularity::Batch }]);
        assert!(closure.wanted().is_empty());
        assert_eq!(closure.finish().members.len(), 1);
    }

    #[test]
    fn a_class_unit_is_answered_for_only_where_it_was_asked() {
        let mut closure = Closure::new([1, 7], 10);
        closure.feed(&[1, 7], [hop(1, 1, Granularity::Batch, &[8]), hop(7, 2, Granularity::Class, &[9])]);
        assert_eq!(closure.wanted().units, [8], "nothing is wanted beyond a class unit");
        closure.feed(&[8], [hop(8, 3, Granularity::Class, &[9])]);
        assert_eq!(units(&closure.finish()), [1, 7]);
    }
}
