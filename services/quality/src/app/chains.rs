//! Chains as records come and go: which units are rooted, which outgoing records are complete, and which hops are open.
//!
//! A late link completes everything that waited for it, however far downstream; a record that is taken back opens it again. It goes in rounds over
//! sets, a few statements each: first everything that rested on what has changed is uprooted, then whatever can be rooted is, and so a circle of
//! units that only rest on each other is never complete. A round takes what one step downstream depends on, so that a link costs what it changes.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_store::DatabaseTransaction;

use super::Quality;
use crate::domain::cell::Cell;
use crate::domain::chain::{Links, Stage, Way};
use crate::domain::contribution::Contribution;
use crate::domain::detect::BROKEN_HOP;
use crate::domain::observation::{Group, Observation, Seen, Side};
use crate::error::QualityError;
use crate::store;
use crate::store::chains::Passage;
use crate::store::hops::Hop;

/// Hops that one commit says to be broken; the next commit goes on.
const SAID_MOST: i64 = 10_000;

type Set = BTreeSet<i64>;

/// A record that comes into chains.
pub(super) struct Passing {
    passage: Passage,
    links: Links,
}

impl Passing {
    /// `None` where the record says nothing of any chain.
    pub fn of(record: i64, cell: i64, of: &Contribution) -> Option<Self> {
        let links = of.links.clone()?;
        let (stage, is_outgoing) = (links.stage, links.is_outgoing);
        let passage = Passage { record, cell, at: of.at, stage, is_outgoing, is_complete: false, source: of.source.clone() };
        Some(Self { passage, links })
    }

    fn units(&self, way: Way) -> impl Iterator<Item = (i64, &str)> {
        self.links.units.iter().filter(move |link| link.way == way).map(|link| (link.unit, link.code.as_str()))
    }
}

/// What has changed while records passed.
#[derive(Default)]
struct Waves {
    /// Units and records to be looked at again.
    units: Set,
    records: Set,
    /// Chains that became complete, or are no more, by cell.
    complete: BTreeMap<i64, i64>,
}

impl Quality {
    /// Takes records out of the chains and others in. Answers what the detector of broken hops keeps from now on, and adds the groups that it keeps
    /// less in.
    pub(super) async fn pass(
        &self,
        tx: &DatabaseTransaction,
        removed: &Set,
        added: Vec<Passing>,
        now: i64,
        touched: &mut Set,
    ) -> Result<Vec<(Observation, i64)>, QualityError> {
        let mut waves = Waves::default();
        let closed = store::hops::close_of(tx, removed).await?;
        self.unsay(tx, &closed, touched).await?;
        let unmade = take_out(tx, removed, &mut waves).await?;
        put_in(tx, &added, &mut waves).await?;
        uproot(tx, &mut waves).await?;
        root(tx, &mut waves).await?;
        store::cells::complete(tx, &waves.complete).await?;

        let made: Set = added.iter().flat_map(|of| of.units(Way::Made)).map(|(unit, _)| unit).collect();
        let mended = store::hops::close(tx, &made).await?;
        self.unsay(tx, &mended, touched).await?;
        let due = now.saturating_add(self.settings.broken_hop_after_micros());
        store::hops::add(tx, &open(tx, &added, &unmade).await?, due).await?;
        self.say(tx, now).await
    }

    /// Hops that have become due, as observations.
    async fn say(&self, tx: &DatabaseTransaction, now: i64) -> Result<Vec<(Observation, i64)>, QualityError> {
        let due = store::hops::take_due(tx, now, SAID_MOST).await?;
        let known = known(tx, &due).await?;
        Ok(due.iter().filter_map(|hop| Some((observation(hop, known.get(&hop.record)?), hop.unit))).collect())
    }

    /// Takes back what was said of hops that are not open any more.
    async fn unsay(&self, tx: &DatabaseTransaction, mended: &[Hop], touched: &mut Set) -> Result<(), QualityError> {
        let known = known(tx, mended).await?;
        for hop in mended {
            if let Some((passage, cell)) = known.get(&hop.record) {
                let group = group(passage, cell);
                store::observations::remove_one(tx, group, hop.record, hop.unit).await?;
                touched.insert(group.0);
            }
        }
        Ok(())
    }
}

/// Takes records out; answers the units that they made.
async fn take_out(tx: &DatabaseTransaction, removed: &Set, waves: &mut Waves) -> Result<Set, QualityError> {
    let made: Set = store::chains::units_of(tx, Way::Made, removed).await?.into_iter().map(|(_, unit)| unit).collect();
    let vouched = store::chains::units_of(tx, Way::Vouched, removed).await?;
    for passage in store::chains::passages(tx, removed).await?.into_values() {
        waves.note(&passage, -1);
    }
    store::chains::remove(tx, removed).await?;
    waves.units.extend(made.iter().copied().chain(vouched.into_iter().map(|(_, unit)| unit)));
    Ok(made)
}

async fn put_in(tx: &DatabaseTransaction, added: &[Passing], waves: &mut Waves) -> Result<(), QualityError> {
    let links: Vec<_> = added.iter().flat_map(|of| of.links.units.iter().map(|link| (link.unit, link.way, of.passage.record))).collect();
    store::chains::add_links(tx, &links).await?;
    let passages: Vec<Passage> = added.iter().map(|of| of.passage.clone()).collect();
    store::chains::add_passages(tx, &passages).await?;
    waves.records.extend(passages.iter().map(|passage| passage.record));
    waves.units.extend(links.iter().filter(|(_, way, _)| *way != Way::Used).map(|(unit, ..)| *unit));
    Ok(())
}

/// Whatever rests on a unit that has changed is complete no more, until it is looked at again.
async fn uproot(tx: &DatabaseTransaction, waves: &mut Waves) -> Result<(), QualityError> {
    let mut front = store::chains::rooted(tx, &waves.units).await?;
    while !front.is_empty() {
        store::chains::uproot(tx, &front).await?;
        waves.units.extend(&front);
        let users: Set = store::chains::records_of(tx, Way::Used, &front).await?.into_iter().map(|(_, record)| record).collect();
        let fallen: Set = waves.fall(store::chains::passages(tx, &users).await?);
        store::chains::set_complete(tx, &fallen, false).await?;
        let made: Set = store::chains::units_of(tx, Way::Made, &fallen).await?.into_iter().map(|(_, unit)| unit).collect();
        front = store::chains::rooted(tx, &made).await?;
    }
    Ok(())
}

/// Whatever can be rooted is, step by step downstream.
async fn root(tx: &DatabaseTransaction, waves: &mut Waves) -> Result<(), QualityError> {
    let (mut records, mut units) = (std::mem::take(&mut waves.records), std::mem::take(&mut waves.units));
    while !records.is_empty() || !units.is_empty() {
        let risen = rise(tx, &records, waves).await?;
        units.extend(store::chains::units_of(tx, Way::Made, &risen).await?.into_iter().map(|(_, unit)| unit));
        let rooted = take_root(tx, &units).await?;
        records = store::chains::records_of(tx, Way::Used, &rooted).await?.into_iter().map(|(_, record)| record).collect();
        units = Set::new();
    }
    Ok(())
}

/// Of these records those that become complete: they use something, and all of it is rooted.
async fn rise(tx: &DatabaseTransaction, records: &Set, waves: &mut Waves) -> Result<Set, QualityError> {
    let mut used: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (record, unit) in store::chains::units_of(tx, Way::Used, records).await? {
        used.entry(record).or_default().push(unit);
    }
    let rooted = store::chains::rooted(tx, &used.values().flatten().copied().collect()).await?;
    used.retain(|_, units| units.iter().all(|unit| rooted.contains(unit)));
    let passages = store::chains::passages(tx, &used.into_keys().collect()).await?;
    let risen: Set = passages.values().filter(|passage| !passage.is_complete).map(|passage| passage.record).collect();
    for record in &risen {
        waves.note(&Passage { is_complete: true, ..passages[record].clone() }, 1);
    }
    store::chains::set_complete(tx, &risen, true).await?;
    Ok(risen)
}

/// Of these units those that take root: somebody made them, and everybody who did is a proven first mile, or complete.
async fn take_root(tx: &DatabaseTransaction, units: &Set) -> Result<Set, QualityError> {
    let already = store::chains::rooted(tx, units).await?;
    let units: Set = units.difference(&already).copied().collect();
    let makers = store::chains::records_of(tx, Way::Made, &units).await?;
    let passages = store::chains::passages(tx, &makers.iter().map(|(_, record)| *record).collect()).await?;
    let vouched: Set = store::chains::records_of(tx, Way::Vouched, &units).await?.into_iter().map(|(unit, _)| unit).collect();
    let is_sound = |unit: &i64, record: &i64| {
        passages.get(record).is_some_and(|passage| match passage.stage {
            Stage::Between => passage.is_complete,
            Stage::Origin => vouched.contains(unit),
            Stage::ProvenOrigin => true,
        })
    };
    let made: Set = makers.iter().map(|(unit, _)| *unit).collect();
    let unsound: Set = makers.iter().filter(|(unit, record)| !is_sound(unit, record)).map(|(unit, _)| *unit).collect();
    let rooted: Set = made.difference(&unsound).copied().collect();
    store::chains::set_rooted(tx, &rooted).await?;
    Ok(rooted)
}

/// Hops that open: what these records use and nobody made, and what others use of units whose last maker is gone.
async fn open(tx: &DatabaseTransaction, added: &[Passing], unmade: &Set) -> Result<Vec<Hop>, QualityError> {
    let mut hops: Vec<Hop> = Vec::new();
    for of in added {
        hops.extend(of.units(Way::Used).map(|(unit, code)| Hop { unit, record: of.passage.record, code: code.to_owned() }));
    }
    let of_others = store::chains::records_of(tx, Way::Used, unmade).await?;
    // Its code stood on the record that is gone.
    hops.extend(of_others.into_iter().map(|(unit, record)| Hop { unit, record, code: format!("{unit:016x}") }));
    let used: Set = hops.iter().map(|hop| hop.unit).collect();
    let made: Set = store::chains::records_of(tx, Way::Made, &used).await?.into_iter().map(|(unit, _)| unit).collect();
    hops.retain(|hop| !made.contains(&hop.unit));
    hops.sort_by_key(|hop| (hop.unit, hop.record));
    hops.dedup_by_key(|hop| (hop.unit, hop.record));
    Ok(hops)
}

impl Waves {
    /// Counts a chain that is complete, or is no more.
    fn note(&mut self, passage: &Passage, difference: i64) {
        if passage.is_outgoing && passage.is_complete {
            *self.complete.entry(passage.cell).or_default() += difference;
        }
    }

    /// Those that were complete and are to be looked at again.
    fn fall(&mut self, passages: BTreeMap<i64, Passage>) -> Set {
        let fallen: Vec<Passage> = passages.into_values().filter(|passage| passage.is_complete).collect();
        fallen.iter().for_each(|passage| self.note(passage, -1));
        let fallen: Set = fallen.into_iter().map(|passage| passage.record).collect();
        self.records.extend(&fallen);
        fallen
    }
}

/// The records of hops with the cells that they count in.
async fn known(tx: &DatabaseTransaction, hops: &[Hop]) -> Result<BTreeMap<i64, (Passage, Cell)>, QualityError> {
    let passages = store::chains::passages(tx, &hops.iter().map(|hop| hop.record).collect()).await?;
    let cells = store::cells::places(tx, &passages.values().map(|passage| passage.cell).collect()).await?;
    Ok(passages.into_iter().filter_map(|(record, passage)| Some((record, (passage.clone(), cells.get(&passage.cell)?.clone())))).collect())
}

fn group(passage: &Passage, cell: &Cell) -> Group {
    Group::of(BROKEN_HOP, &[&cell.provider, &cell.subject.key.to_string(), &passage.source, &cell.day.to_string()])
}

fn observation(hop: &Hop, (passage, cell): &(Passage, Cell)) -> Observation {
    let what = format!("{}\u{1f}{}", hop.code, passage.source);
    let seen = Seen { group: group(passage, cell), side: Side::Used, amount: None, what };
    Observation { record: hop.record, cell: passage.cell, at: passage.at, subject: cell.subject.key, seen }
}
