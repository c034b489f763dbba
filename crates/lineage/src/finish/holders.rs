//! Who had a unit: each party with its latest record, counting the records of the containers that the unit lay in.
//!
//! A batch may be with many at once, so everyone who had it is named, the latest first. A thing in a container is where the container is:
//! of each stay the last holder of the container counts, or of what the container itself lay in.

use std::collections::BTreeMap;

use crate::chain::Holder;
use crate::finish::records::Records;
use crate::hop::{RecordRef, Role};
use crate::index::Index;
use crate::index::dense::{HopId, Table, UnitId};
use crate::index::stay::Stay;
use crate::window::Window;

/// By unit, the latest first. Of containers outside of the chain not everything is known, and nothing is said.
pub(crate) fn holders<V>(index: &Index, units: &Table<UnitId, V>, records: &Records) -> Vec<Holder> {
    let mut by_key: Vec<UnitId> = units.iter().map(|(unit, _)| unit).collect();
    by_key.sort_unstable_by_key(|unit| index.facts.key(*unit));
    let mut custody = Custody { index, records, words: Table::default() };
    for unit in &by_key {
        let words = index.trail(*unit).standing.iter().copied().filter(|hop| custody.names_holder(*hop)).collect();
        custody.words.get_or_insert(*unit, || words);
    }
    by_key.into_iter().flat_map(|unit| custody.of(unit)).collect()
}

struct Custody<'a> {
    index: &'a Index,
    records: &'a Records,
    /// For every unit of the chain, its hops there that name a holder, by time.
    words: Table<UnitId, Vec<HopId>>,
}

/// A record that says who has a unit.
#[derive(Clone, Copy)]
struct Word {
    said_by: HopId,
    /// The hop that tells how much of the unit there was.
    counted_by: HopId,
    /// The record is the unit's own, not a container's.
    own: bool,
}

impl<'a> Custody<'a> {
    fn of(&self, unit: UnitId) -> Vec<Holder> {
        let trail = self.index.trail(unit);
        let own = self.words.get(unit).into_iter().flatten().map(|hop| Word { said_by: *hop, counted_by: *hop, own: true });
        let within = trail.stays.iter().filter(|stay| self.belongs(stay.hop)).filter_map(|stay| {
            let said_by = self.last_aboard(stay, stay.window(), &mut vec![unit])?;
            Some(Word { said_by, counted_by: stay.hop, own: false })
        });
        let mut latest: BTreeMap<&str, Word> = BTreeMap::new();
        for word in own.chain(within) {
            let known = latest.entry(&self.index.facts.hop(word.said_by).holder).or_insert(word);
            if self.rank(known) < self.rank(&word) {
                *known = word;
            }
        }
        let mut words: Vec<Word> = latest.into_values().collect();
        words.sort_unstable_by(|a, b| self.rank(b).cmp(&self.rank(a)));
        words.into_iter().map(|word| self.holder(unit, word)).collect()
    }

    /// The last hop that says who had the container of a stay, or a container of it in turn.
    fn last_aboard(&self, stay: &Stay, window: Window, inside: &mut Vec<UnitId>) -> Option<HopId> {
        if inside.contains(&stay.container) {
            return None;
        }
        let words = self.words.get(stay.container)?;
        let trail = self.index.trail(stay.container);
        let window = trail.while_closed(stay.from, window)?.window;
        inside.push(stay.container);
        let heard = words.partition_point(|hop| self.index.facts.get(*hop).time <= window.to);
        let own = words[..heard].last().copied().filter(|hop| self.index.facts.get(*hop).time >= window.from);
        let outer = trail.stays_meeting(window).filter_map(|outer| self.last_aboard(outer, outer.window().meet(window)?, inside));
        let last = outer.chain(own).max_by(|a, b| self.moment(*a).cmp(&self.moment(*b)));
        inside.pop();
        last
    }

    /// Later words come later, and within a moment the unit's own after its containers'. The same whoever was fed first.
    fn rank(&self, word: &Word) -> impl Ord + use<'a> {
        let (said, counted) = (self.moment(word.said_by), self.moment(word.counted_by));
        (said.0, said.1, word.own, said.2, said.3, counted)
    }

    fn moment(&self, hop: HopId) -> (i64, &'a RecordRef, u64, Role) {
        let facts = &self.index.facts;
        let fact = facts.get(hop);
        let (time, record) = facts.order(fact.record);
        (time, record, facts.key(fact.unit), fact.role)
    }

    fn belongs(&self, hop: HopId) -> bool {
        self.records.place(self.index.facts.get(hop).record).is_some()
    }

    fn names_holder(&self, hop: HopId) -> bool {
        let facts = &self.index.facts;
        facts.get(hop).role != Role::Mentioned && self.belongs(hop) && !facts.hop(hop).holder.is_empty()
    }

    fn holder(&self, unit: UnitId, word: Word) -> Holder {
        let facts = &self.index.facts;
        let (said, counted) = (facts.hop(word.said_by), facts.hop(word.counted_by));
        Holder {
            unit: facts.key(unit),
            holder: said.holder.clone(),
            area: said.area.clone(),
            event_time: said.event_time,
            record: self.records.place(facts.get(word.said_by).record).unwrap_or_default(),
            within: (!word.own).then_some(said.unit),
            quantity: counted.quantity.clone(),
            measure: counted.measure.clone(),
        }
    }
}
