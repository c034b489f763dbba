//! Goods as a graph: which arrival of a unit at a party goes into which later one.

use std::collections::HashMap;

pub(super) use super::timeline::Point;

use super::Assumptions;
use super::timeline::{Graph, Timeline};
use super::unfold::Line;
use crate::hop::Stage;
use crate::scope::Reading;

/// A unit comes to a party, or is seen with it again.
pub(super) struct Arrival<'a> {
    pub unit: u64,
    pub holder: &'a str,
    pub area: &'a str,
    pub time: i64,
    pub point: Point,
    /// The record that says so.
    pub line: usize,
}

pub(super) struct Goods<'a> {
    pub graph: Graph,
    /// By line.
    pub arrivals: Vec<Arrival<'a>>,
    /// Who is named by each line: the likelier giver, the other one, and the holder.
    pub named: Vec<[&'a str; 3]>,
    by_unit: HashMap<u64, Vec<usize>>,
    by_holder: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Goods<'a> {
    pub fn of(lines: &[Line<'a>], reading: &'a impl Reading, assumptions: &Assumptions) -> Goods<'a> {
        let mut goods =
            Goods { graph: Graph::default(), arrivals: Vec::new(), named: Vec::new(), by_unit: HashMap::new(), by_holder: HashMap::new() };
        for (number, line) in lines.iter().enumerate() {
            let parties = reading.parties(&line.record.record);
            // A carrier never had the goods to mix, heat or send.
            let givers =
                if line.stage == Stage::Transport { [parties.source, parties.responsible] } else { [parties.responsible, parties.source] };
            goods.named.push([givers[0], givers[1], line.holder]);
            goods.arrive(number, line);
        }
        let drawn = Drawn::of(&mut goods, assumptions);
        drawn.connect(&mut goods, lines, assumptions);
        goods
    }

    pub fn of_unit(&self, unit: u64) -> impl Iterator<Item = &Arrival<'a>> {
        self.by_unit.get(&unit).into_iter().flatten().map(|at| &self.arrivals[*at])
    }

    pub fn at_subject(&self, name: &str) -> impl Iterator<Item = &Arrival<'a>> {
        self.by_holder.get(name).into_iter().flatten().map(|at| &self.arrivals[*at])
    }

    fn arrive(&mut self, number: usize, line: &Line<'a>) {
        let into = line.packed.iter().map(|(_, container)| container);
        let mut units: Vec<u64> = line.outputs.iter().chain(&line.seen).chain(into).copied().collect();
        units.sort_unstable();
        units.dedup();
        for unit in units {
            let point = self.graph.point();
            self.by_unit.entry(unit).or_default().push(self.arrivals.len());
            self.by_holder.entry(line.holder).or_default().push(self.arrivals.len());
            let (holder, area, time) = (line.holder, line.area, line.record.event_time);
            self.arrivals.push(Arrival { unit, holder, area, time, point, line: number });
        }
    }
}

/// What there is to draw from: by unit, by unit and party, and where establishments mix, by party.
struct Drawn<'a> {
    anywhere: HashMap<u64, Timeline>,
    with: HashMap<(u64, &'a str), Timeline>,
    mixed: HashMap<(&'a str, i64), Block>,
}

/// What came to an establishment during one stretch of time, which is as long as it mixes: since its beginning, and until its end.
struct Block {
    since_begin: Timeline,
    /// On the negative of time.
    until_end: Timeline,
}

impl<'a> Drawn<'a> {
    fn of(goods: &mut Goods<'a>, assumptions: &Assumptions) -> Drawn<'a> {
        let (mut anywhere, mut with, mut mixed): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        for Arrival { unit, holder, time, point, .. } in &goods.arrivals {
            let came = (*time, *point);
            anywhere.entry(*unit).or_default().push(came);
            with.entry((*unit, *holder)).or_default().push(came);
            if let Some(mixing) = assumptions.mixing.as_ref().filter(|mixing| mixing.at.contain(holder)) {
                mixed.entry((*holder, block(*time, mixing.within))).or_default().push(came);
            }
        }
        let graph = &mut goods.graph;
        let backwards = |came: &[(i64, Point)]| came.iter().map(|(time, point)| (time.saturating_neg(), *point)).collect();
        Drawn {
            anywhere: anywhere.into_iter().map(|(key, came)| (key, Timeline::of(graph, came))).collect(),
            with: with.into_iter().map(|(key, came)| (key, Timeline::of(graph, came))).collect(),
            mixed: mixed
                .into_iter()
                .map(|(key, came)| {
                    let until_end = Timeline::of(graph, backwards(&came));
                    (key, Block { since_begin: Timeline::of(graph, came), until_end })
                })
                .collect(),
        }
    }

    fn connect(&self, goods: &mut Goods<'a>, lines: &[Line<'a>], assumptions: &Assumptions) {
        let mut arrivals = goods.arrivals.chunk_by(|a, b| a.line == b.line).peekable();
        for (number, line) in lines.iter().enumerate() {
            let Some(came) = arrivals.next_if(|came| came[0].line == number) else { continue };
            let named = goods.named[number];
            let station = named.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
            if assumptions.without_subjects.contains(station) || assumptions.killing.contains(station) {
                continue;
            }
            let (graph, time) = (&mut goods.graph, line.record.event_time);
            let at = |unit: u64| came.binary_search_by_key(&unit, |arrival| arrival.unit).ok().map(|at| came[at].point);
            let mut flow = |from: Option<Point>, to: Option<Point>| from.zip(to).into_iter().for_each(|(from, to)| graph.join(from, to));
            line.seen.iter().for_each(|unit| flow(self.unit(*unit, named, time), at(*unit)));
            line.packed.iter().for_each(|(content, container)| flow(self.unit(*content, named, time), at(*container)));
            if !line.outputs.is_empty() && !line.inputs.is_empty() {
                let making = graph.point();
                let inputs = line.inputs.iter().filter_map(|unit| self.unit(*unit, named, time));
                inputs.for_each(|from| graph.join(from, making));
                line.outputs.iter().filter_map(|unit| at(*unit)).for_each(|to| graph.join(making, to));
            }
            let mixed = self.mixed(station, time, assumptions);
            if !mixed.is_empty() {
                let mixing = graph.point();
                mixed.into_iter().for_each(|from| graph.join(from, mixing));
                came.iter().for_each(|arrival| graph.join(mixing, arrival.point));
            }
        }
    }

    /// What a record has of a unit: from the first party that it names who had any by then, else from whoever had. The holder had it before,
    /// or it is only now that it comes to the holder.
    fn unit(&self, unit: u64, named: [&'a str; 3], time: i64) -> Option<Point> {
        let by = |name| if name == named[2] { time.saturating_sub(1) } else { time };
        let known = named.into_iter().filter(|name| !name.is_empty()).find_map(|name| self.with.get(&(unit, name))?.until(by(name)));
        known.or_else(|| self.anywhere.get(&unit)?.until(time))
    }

    /// What came to an establishment that mixes, and may be in what leaves it at a moment.
    fn mixed(&self, station: &str, time: i64, assumptions: &Assumptions) -> Vec<Point> {
        let Some(mixing) = assumptions.mixing.as_ref().filter(|mixing| mixing.at.contain(station)) else { return Vec::new() };
        let this = block(time, mixing.within);
        let now = self.mixed.get(&(station, this)).and_then(|block| block.since_begin.until(time));
        let before = mixing.within.and_then(|within| {
            let block = self.mixed.get(&(station, this.saturating_sub(1)))?;
            block.until_end.until(time.saturating_sub(within).saturating_neg())
        });
        now.into_iter().chain(before).collect()
    }
}

/// Which stretch of time a moment is in: from `within` before it until then lies in this stretch and in the one before.
fn block(time: i64, within: Option<i64>) -> i64 {
    within.map_or(0, |within| time.div_euclid(within.max(0).saturating_add(1)))
}
