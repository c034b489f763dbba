//! The rules of a walk, read from the prose and done the slow way: every state by itself, every record looked at for every state, nothing
//! sorted, merged or remembered but which states were seen. It works on records; the walk works on hops.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_lineage::{Direction, Granularity, Packing, Role, Stage};

use crate::world::{Record, granularity, node_name};

pub type Ref = (String, i64);

/// A chain, reduced to what can be compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Distance, side, and whether it belongs by an equal time alone.
    pub records: BTreeMap<Ref, (u32, &'static str, bool)>,
    /// Distance, side, and whether it only carries.
    pub units: BTreeMap<u64, (u32, &'static str, bool)>,
    pub edges: BTreeSet<(Ref, u64, u64)>,
    /// By unit: holder, record, container.
    pub holders: BTreeMap<u64, Vec<(String, Ref, Option<u64>)>>,
    pub no_origin: BTreeSet<(u64, Option<Ref>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Through { unit: u64, from: i64, to: i64 },
    Aboard { container: u64, packed: i64, from: i64, to: i64 },
}

/// Record, from, to, and the unit gone through or the container boarded at the far end.
type Step = (Ref, u64, u64, Option<u64>, Option<u64>);

/// One direction, all states that it comes to.
struct Way<'a> {
    records: &'a [&'a Record],
    up: bool,
    starts: &'a [u64],
    depth: u32,
    seen: BTreeSet<State>,
    taken: BTreeMap<Ref, u32>,
    sure: BTreeSet<Ref>,
    through: BTreeMap<u64, u32>,
    /// The windows of a unit add up to one: when it begins.
    since: BTreeMap<u64, i64>,
    /// Packings of what was in a container before the walk came there: record, container, when it left.
    inside: BTreeSet<(Ref, u64, i64)>,
    aboard: BTreeMap<u64, u32>,
    /// An edge if the far end belongs: a unit gone through, or a container boarded.
    steps: BTreeSet<Step>,
    /// What of a unit was taken, and by which records it was led to.
    own: BTreeMap<u64, BTreeSet<(i64, Ref, usize)>>,
    led: BTreeMap<u64, BTreeSet<(u32, i64, Ref, bool)>>,
}

pub fn walk(all: &[Record], starts: &[u64], direction: Direction, depth: Option<u32>) -> Answer {
    let records: Vec<&Record> = all.iter().filter(|record| !record.retracted).collect();
    let ups: &[bool] = match direction {
        Direction::Up => &[true],
        Direction::Down => &[false],
        Direction::Both => &[true, false],
    };
    let ways: Vec<Way> = ups.iter().map(|up| Way::walk(&records, starts, *up, depth.unwrap_or(u32::MAX))).collect();
    let mut answer = Answer::default();
    let refs: BTreeSet<Ref> = ways.iter().flat_map(|way| way.taken.keys().cloned()).collect();
    for record in refs {
        let (distance, side) = nearest(&ways, |way| way.taken.get(&record).copied());
        let sure = ways.iter().any(|way| way.sure.contains(&record));
        answer.records.insert(record, (distance, side, !sure));
    }
    let units: BTreeSet<u64> = ways.iter().flat_map(|way| way.through.keys().chain(way.aboard.keys()).copied()).collect();
    for unit in units {
        let (distance, side) = nearest(&ways, |way| way.through.get(&unit).into_iter().chain(way.aboard.get(&unit)).min().copied());
        let only_carries = !ways.iter().any(|way| way.through.contains_key(&unit));
        answer.units.insert(unit, (distance, side, only_carries));
    }
    for way in &ways {
        answer.edges.extend(way.edges());
        answer.no_origin.extend(way.no_origin());
    }
    for unit in answer.units.keys() {
        let held = holders(&records, &answer, *unit);
        if !held.is_empty() {
            answer.holders.insert(*unit, held);
        }
    }
    answer
}

fn nearest(ways: &[Way], distance: impl Fn(&Way) -> Option<u32>) -> (u32, &'static str) {
    let up = ways.iter().filter(|way| way.up).find_map(&distance).unwrap_or(u32::MAX);
    let down = ways.iter().filter(|way| !way.up).find_map(&distance).unwrap_or(u32::MAX);
    let side = match up.cmp(&down) {
        _ if up.min(down) == 0 => "self",
        std::cmp::Ordering::Less => "up",
        std::cmp::Ordering::Equal => "self",
        std::cmp::Ordering::Greater => "down",
    };
    (up.min(down), side)
}

impl<'a> Way<'a> {
    fn walk(records: &'a [&'a Record], starts: &'a [u64], up: bool, depth: u32) -> Way<'a> {
        let mut way = Way {
            records,
            up,
            starts,
            depth,
            seen: BTreeSet::new(),
            taken: BTreeMap::new(),
            sure: BTreeSet::new(),
            through: BTreeMap::new(),
            since: BTreeMap::new(),
            inside: BTreeSet::new(),
            aboard: BTreeMap::new(),
            steps: BTreeSet::new(),
            own: BTreeMap::new(),
            led: BTreeMap::new(),
        };
        let mut level: BTreeSet<State> = starts.iter().map(|unit| State::Through { unit: *unit, from: i64::MIN, to: i64::MAX }).collect();
        let mut distance = 0;
        while !level.is_empty() && distance <= way.depth {
            let mut next = BTreeSet::new();
            for state in level {
                if way.seen.insert(state) {
                    match state {
                        State::Through { unit, from, to } => way.go_through(unit, from, to, distance, &mut next),
                        State::Aboard { container, packed, from, to } => way.go_aboard(container, packed, from, to, distance, &mut next),
                    }
                }
            }
            level = next;
            distance += 1;
        }
        for (record, container, left) in &way.inside {
            let since = way.since[container];
            if find(records, record).time < since && since < *left {
                way.sure.insert(record.clone());
            }
        }
        way
    }

    fn take(&mut self, record: &Record, distance: u32, surely: bool) {
        self.taken.entry(name(record)).or_insert(distance);
        if surely {
            self.sure.insert(name(record));
        }
    }

    fn go_through(&mut self, unit: u64, from: i64, to: i64, distance: u32, next: &mut BTreeSet<State>) {
        self.through.entry(unit).or_insert(distance);
        let since = self.since.entry(unit).or_insert(from);
        *since = from.min(*since);
        let is_class = granularity(unit) == Granularity::Class;
        if is_class && !self.starts.contains(&unit) {
            return;
        }
        for record in self.records.iter().filter(|record| from <= record.time && record.time <= to) {
            for (at, role) in record.parts.iter().enumerate().filter(|(_, part)| part.0 == unit).map(|(at, part)| (at, part.1)) {
                if self.up && role == Role::Input {
                    continue;
                }
                self.take(record, distance, from < record.time && record.time < to);
                self.own.entry(unit).or_default().insert((record.time, name(record), at));
                if is_class {
                    continue;
                }
                let onward = match role {
                    Role::Output if self.up => Some(Role::Input),
                    Role::Input if !self.up => Some(Role::Output),
                    Role::Container => Some(Role::Content),
                    _ => None,
                };
                for other in onward.into_iter().flat_map(|role| record.walkable(role)) {
                    let (from, to) = if self.up { (i64::MIN, record.time) } else { (record.time, i64::MAX) };
                    next.insert(State::Through { unit: other, from, to });
                    let edge = if self.up { (other, unit) } else { (unit, other) };
                    self.steps.insert((name(record), edge.0, edge.1, Some(other), None));
                    let first_mile = matches!(record.stage, Stage::Produce | Stage::Import);
                    self.led.entry(other).or_default().insert((self.taken[&name(record)], record.time, name(record), first_mile));
                }
                if role == Role::Content && record.packing == Packing::Pack {
                    for container in record.walkable(Role::Container) {
                        let leaves = leaves(self.records, unit, container, record.time);
                        let state = State::Aboard { container, packed: record.time, from: record.time, to: leaves.min(to) };
                        next.insert(state);
                        self.steps.insert((name(record), unit, container, None, Some(container)));
                    }
                }
            }
        }
        if !is_class {
            self.go_inside(unit, from, to, distance, next);
        }
    }

    /// "A container leads on to what lies in it within the window."
    fn go_inside(&mut self, container: u64, from: i64, to: i64, distance: u32, next: &mut BTreeSet<State>) {
        for record in self.records.iter().filter(|record| record.packing == Packing::Pack && record.has(container, Role::Container)) {
            for content in record.walkable(Role::Content) {
                let left = leaves(self.records, content, container, record.time).min(emptied(self.records, container, record.time));
                let (first, last) = (record.time.max(from), left.min(to));
                if first > last {
                    continue;
                }
                if self.up {
                    next.insert(State::Through { unit: content, from: i64::MIN, to: last });
                    continue;
                }
                next.insert(State::Through { unit: content, from: first, to: i64::MAX });
                if record.time < from {
                    self.take(record, distance, false);
                    self.inside.insert((name(record), container, left));
                    self.steps.insert((name(record), container, content, Some(content), None));
                }
            }
        }
    }

    fn go_aboard(&mut self, container: u64, packed: i64, from: i64, to: i64, distance: u32, next: &mut BTreeSet<State>) {
        let emptied = emptied(self.records, container, packed);
        let to = to.min(emptied);
        if from > to {
            return;
        }
        self.aboard.entry(container).or_insert(distance);
        for record in self.records.iter().filter(|record| from <= record.time && record.time <= to) {
            if record.parts.iter().any(|part| part.0 == container) {
                let ends_it = record.time == emptied && names_nothing(record, container);
                self.take(record, distance, (from < record.time && record.time < to) || ends_it);
            }
            if !self.up && record.has(container, Role::Input) {
                for made in record.walkable(Role::Output) {
                    next.insert(State::Through { unit: made, from: record.time, to: i64::MAX });
                    self.steps.insert((name(record), container, made, Some(made), None));
                }
            }
        }
        for record in self.records.iter().filter(|record| record.packing == Packing::Pack && record.has(container, Role::Content)) {
            for outer in record.walkable(Role::Container) {
                let until = to.min(leaves(self.records, container, outer, record.time));
                let since = from.max(record.time);
                if since <= until {
                    next.insert(State::Aboard { container: outer, packed: record.time, from: since, to: until });
                }
                if from <= record.time && record.time <= to {
                    self.steps.insert((name(record), container, outer, None, Some(outer)));
                }
            }
        }
    }

    fn edges(&self) -> BTreeSet<(Ref, u64, u64)> {
        let is_here = |through: &Option<u64>, aboard: &Option<u64>| {
            through.is_none_or(|unit| self.through.contains_key(&unit)) && aboard.is_none_or(|unit| self.aboard.contains_key(&unit))
        };
        self.steps.iter().filter(|step| is_here(&step.3, &step.4)).map(|step| (step.0.clone(), step.1, step.2)).collect()
    }

    /// "Upstream is complete where every end of the walk is a first-mile record."
    fn no_origin(&self) -> BTreeSet<(u64, Option<Ref>)> {
        let mut missing = BTreeSet::new();
        for unit in self.through.keys().filter(|_| self.up) {
            let own: Vec<(i64, &Record, Role)> = self
                .own
                .get(unit)
                .into_iter()
                .flatten()
                .map(|(time, record, at)| (*time, find(self.records, record), find(self.records, record).parts[*at].1))
                .collect();
            let explains = |record: &Record, role: Role| {
                let goes_on = granularity(*unit) != Granularity::Class
                    && ((role == Role::Output && record.walkable(Role::Input).next().is_some())
                        || (role == Role::Container && record.walkable(Role::Content).next().is_some()));
                let first_mile = match record.stage {
                    Stage::Produce | Stage::Import => role != Role::Mentioned,
                    Stage::Slaughter | Stage::Use => role == Role::Output && record.walkable(Role::Input).next().is_none(),
                    _ => false,
                };
                goes_on || first_mile
            };
            let explained = own.iter().filter(|(_, record, role)| explains(record, *role)).map(|(time, ..)| *time).min();
            let claim = own
                .iter()
                .filter(|(_, record, role)| *role == Role::Output && !explains(record, *role))
                .map(|own| (own.0, name(own.1)))
                .min();
            let first = own.iter().map(|own| (own.0, name(own.1))).min();
            match (explained, claim, first) {
                (Some(known), Some((time, record)), _) if time < known => drop(missing.insert((*unit, Some(record)))),
                (Some(_), ..) => {}
                (None, Some((_, record)), _) | (None, None, Some((_, record))) => drop(missing.insert((*unit, Some(record)))),
                (None, None, None) => match self.led.get(unit) {
                    None => drop(missing.insert((*unit, None))),
                    Some(led) => missing.extend(led.iter().find(|led| !led.3).map(|led| (*unit, Some(led.2.clone())))),
                },
            }
        }
        missing
    }
}

/// "u leaves at the first later record that unpacks C naming u …, uses u as input, or packs u elsewhere where u is one thing." Unpacking that
/// names nothing is [`emptied`].
pub fn leaves(records: &[&Record], unit: u64, container: u64, packed: i64) -> i64 {
    let ends = |record: &&&Record| {
        let content = record.has(unit, Role::Content);
        let containers: Vec<u64> = record.walkable(Role::Container).collect();
        let unpacked = record.packing == Packing::Unpack && content && containers.contains(&container);
        let packed_elsewhere = record.packing == Packing::Pack && content && !containers.is_empty() && !containers.contains(&container);
        let is_moved = packed_elsewhere && granularity(unit) == Granularity::Item;
        record.time > packed && (unpacked || is_moved || record.has(unit, Role::Input))
    };
    records.iter().filter(ends).map(|record| record.time).min().unwrap_or(i64::MAX)
}

pub fn emptied(records: &[&Record], container: u64, packed: i64) -> i64 {
    let times = records.iter().filter(|record| record.time > packed && names_nothing(record, container)).map(|record| record.time);
    times.min().unwrap_or(i64::MAX)
}

fn names_nothing(record: &Record, container: u64) -> bool {
    let names_something = record.parts.iter().any(|part| part.1 == Role::Content);
    record.packing == Packing::Unpack && record.has(container, Role::Container) && !names_something
}

/// Each party that had the unit with its latest word, in the chain's records alone: the unit's own, and of each stay the last.
fn holders(records: &[&Record], answer: &Answer, unit: u64) -> Vec<(String, Ref, Option<u64>)> {
    let in_chain: Vec<&Record> = records.iter().copied().filter(|record| answer.records.contains_key(&name(record))).collect();
    let mut words: Vec<(i64, Ref, bool, String, Option<u64>)> = Vec::new();
    for record in &in_chain {
        if record.parts.iter().any(|part| part.0 == unit && part.1 != Role::Mentioned) && !record.holder.is_empty() {
            words.push((record.time, name(record), true, record.holder.clone(), None));
        }
        if record.packing == Packing::Pack && record.has(unit, Role::Content) && granularity(unit) != Granularity::Class {
            for container in record.walkable(Role::Container) {
                let until = leaves(records, unit, container, record.time);
                let heard = heard_aboard(records, &in_chain, answer, container, (record.time, record.time, until), &[unit]);
                words.extend(heard.into_iter().max().map(|(time, at, holder, container)| (time, at, false, holder, Some(container))));
            }
        }
    }
    words.sort();
    words.reverse();
    let mut seen = BTreeSet::new();
    words.retain(|word| seen.insert(word.3.clone()));
    words.into_iter().map(|(_, record, _, holder, within)| (holder, record, within)).collect()
}

type Heard = Vec<(i64, Ref, String, u64)>;

/// What is said of who has a container, or one that it lies in, while something packed at a time lies in it.
fn heard_aboard(
    records: &[&Record],
    chain: &[&Record],
    answer: &Answer,
    container: u64,
    (packed, from, to): (i64, i64, i64),
    inside: &[u64],
) -> Heard {
    let to = to.min(emptied(records, container, packed));
    if inside.contains(&container) || !answer.units.contains_key(&container) || from > to {
        return Vec::new();
    }
    let inside = [inside, &[container]].concat();
    let own = chain.iter().filter(|r| from <= r.time && r.time <= to && !r.holder.is_empty());
    let own = own.filter(|r| r.parts.iter().any(|part| part.0 == container && part.1 != Role::Mentioned));
    let mut heard: Heard = own.map(|r| (r.time, name(r), r.holder.clone(), container)).collect();
    for record in records.iter().filter(|r| r.packing == Packing::Pack && r.has(container, Role::Content)) {
        for outer in record.walkable(Role::Container) {
            let (from, to) = (from.max(record.time), to.min(leaves(records, container, outer, record.time)));
            if from <= to {
                heard.extend(heard_aboard(records, chain, answer, outer, (record.time, from, to), &inside));
            }
        }
    }
    heard
}

fn find<'a>(records: &[&'a Record], record: &Ref) -> &'a Record {
    records.iter().find(|known| name(known) == *record).unwrap()
}

fn name(record: &Record) -> Ref {
    (node_name(record.node), record.id)
}
