//! The chain as a drawing: columns from the farthest upstream to the farthest downstream, a box for the records of one stage, place and
//! platform, lines for the units that went from one to the next, with how much. A line that crosses from one platform to another is
//! dashed; a missing hop is a box of its own, drawn as such.
//!
//! However many records there are, a column has at most [`MAX_BOXES`] boxes: the rest of it is one box with their number.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use tracemesh_proto::ingestion::v1::{ChainRecord, ChainRole, TraceResponse};

use crate::views::figures::sums::Decimal;
use crate::views::moment;
use crate::views::number::grouped;
use crate::views::reader::Reader;

/// Boxes of one column.
const MAX_BOXES: usize = 8;
/// Missing hops that are drawn; the verdict tells them all.
const MAX_GAPS: usize = 6;
/// Columns on each side; what lies farther is in the last.
const MAX_SIDE: i64 = 12;
const BOX_WIDTH: i64 = 176;
const BOX_HEIGHT: i64 = 64;
const COLUMN: i64 = 232;
const ROW: i64 = 96;
const MARGIN: i64 = 16;
/// Widest text of a box, in half characters: Chinese ones count two.
const TEXT_WIDTH: usize = 24;

/// The drawing, ready to be written.
#[derive(Debug)]
pub struct Graph {
    pub width: i64,
    pub height: i64,
    pub label: String,
    pub boxes: Vec<BoxView>,
    pub lines: Vec<LineView>,
}

/// A box with up to three lines of text.
#[derive(Debug)]
pub struct BoxView {
    pub x: i64,
    pub y: i64,
    pub class: &'static str,
    pub title: String,
    pub texts: Vec<(i64, String)>,
}

/// A line between two boxes.
#[derive(Debug)]
pub struct LineView {
    pub path: String,
    pub class: &'static str,
    pub label: Option<(i64, i64, String)>,
}

/// What stands in one box.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind<'a> {
    column: i64,
    class: &'a str,
    area: &'a str,
    node: &'a str,
}

#[derive(Debug, Default)]
struct Group<'a> {
    records: Vec<usize>,
    first: Option<Timestamp>,
    kind: Option<Kind<'a>>,
    here: bool,
}

/// What went from one box to another.
#[derive(Debug, Default)]
struct Flow<'a> {
    units: BTreeSet<&'a str>,
    /// By measure; None once a sum could not be made.
    sums: BTreeMap<&'a str, Option<Decimal>>,
}

/// The drawing of an answer.
pub fn graph(answer: &TraceResponse, reader: &Reader) -> Graph {
    let groups = groups(&answer.records);
    let columns: BTreeSet<i64> = groups.iter().map(|(column, _)| *column).collect();
    let first = columns.first().copied().unwrap_or_default();
    let gaps = gaps(answer, &groups);
    let shift = i64::from(gaps.iter().any(|(column, _)| *column == first));
    let place = |column: i64, row: i64| (MARGIN + (column - first + shift) * COLUMN, MARGIN + row * ROW);
    let mut rows: HashMap<i64, i64> = HashMap::new();
    let mut next = |column: i64| {
        let row = rows.entry(column).or_default();
        *row += 1;
        *row - 1
    };
    let at: Vec<(i64, i64)> = groups.iter().map(|(column, _)| place(*column, next(*column))).collect();
    let mut boxes: Vec<BoxView> = groups.iter().zip(&at).map(|((_, group), at)| draw(group, *at, reader)).collect();
    let mut lines: Vec<LineView> = flows(&answer.records, &groups)
        .iter()
        .map(|((from, to), flow)| line(at[*from], at[*to], flow, crosses(&groups, *from, *to), reader))
        .collect();
    for (column, group) in gaps {
        let spot = place(column - 1, next(column - 1));
        boxes.push(gap(spot, reader));
        lines.push(LineView { path: path(spot, at[group]), class: "flow missing", label: None });
    }
    let most = boxes.iter().map(|drawn| (drawn.x + BOX_WIDTH, drawn.y + BOX_HEIGHT)).fold((0, 0), |(x, y), (a, b)| (x.max(a), y.max(b)));
    let label = reader.text().trace.drawn.of(answer.records.len() as u64);
    Graph { width: most.0 + MARGIN, height: most.1 + MARGIN, label, boxes, lines }
}

fn column(record: &ChainRecord) -> i64 {
    let distance = i64::from(record.distance).min(MAX_SIDE);
    match record.direction.as_str() {
        "up" => -distance,
        "down" => distance,
        _ => 0,
    }
}

/// The boxes, column by column, each column in the order of time; the last of a full one gathers the rest.
fn groups(records: &[ChainRecord]) -> Vec<(i64, Group<'_>)> {
    let mut by_kind: BTreeMap<Kind, Group> = BTreeMap::new();
    for (index, record) in records.iter().enumerate() {
        let kind = Kind { column: column(record), class: &record.class, area: &record.area, node: &record.node };
        let group = by_kind.entry(kind.clone()).or_default();
        group.first = [group.first, moment::claimed(&record.event_time)].into_iter().flatten().min();
        group.here |= record.direction == "self";
        group.kind = Some(kind);
        group.records.push(index);
    }
    let mut columns: BTreeMap<i64, Vec<Group>> = BTreeMap::new();
    by_kind.into_iter().for_each(|(kind, group)| columns.entry(kind.column).or_default().push(group));
    columns.into_iter().flat_map(|(column, groups)| cut(groups).into_iter().map(move |group| (column, group))).collect()
}

fn cut(mut groups: Vec<Group>) -> Vec<Group> {
    groups.sort_by_key(|group| (!group.here, group.first.unwrap_or(Timestamp::MAX)));
    if groups.len() > MAX_BOXES {
        let rest = groups.split_off(MAX_BOXES - 1);
        groups.push(Group { records: rest.into_iter().flat_map(|group| group.records).collect(), ..Group::default() });
    }
    groups
}

/// The boxes whose units have no origin, with their column.
fn gaps(answer: &TraceResponse, groups: &[(i64, Group)]) -> Vec<(i64, usize)> {
    let lacking = answer.verdict.iter().flat_map(|verdict| &verdict.missing).filter(|missing| missing.kind == "no_origin");
    let units: BTreeSet<&str> = lacking.map(|missing| missing.unit.as_str()).collect();
    let touches = |record: &ChainRecord| record.roles.iter().any(|role| units.contains(role.unit.as_str()));
    let found = |unit: &&str| {
        groups
            .iter()
            .position(|(_, group)| group.records.iter().any(|record| answer.records[*record].roles.iter().any(|role| role.unit == **unit)))
    };
    let mut places: BTreeSet<usize> = units.iter().filter_map(found).collect();
    if places.is_empty() && !units.is_empty() && !answer.records.iter().any(touches) {
        places.insert(0);
    }
    places.into_iter().take(MAX_GAPS).map(|group| (groups[group].0, group)).collect()
}

/// For every unit, a line to each of its boxes from the nearest column before that has it.
fn flows<'a>(records: &'a [ChainRecord], groups: &[(i64, Group)]) -> BTreeMap<(usize, usize), Flow<'a>> {
    let mut of_unit: BTreeMap<&str, BTreeMap<usize, Vec<&ChainRole>>> = BTreeMap::new();
    for (index, (_, group)) in groups.iter().enumerate() {
        for role in group.records.iter().flat_map(|record| &records[*record].roles) {
            of_unit.entry(&role.unit).or_default().entry(index).or_default().push(role);
        }
    }
    let mut flows: BTreeMap<(usize, usize), Flow> = BTreeMap::new();
    for (unit, stops) in &of_unit {
        for (to, roles) in stops {
            let before = stops.keys().filter(|from| groups[**from].0 < groups[*to].0).max_by_key(|from| groups[**from].0);
            if let Some(from) = before {
                flows.entry((*from, *to)).or_default().add(unit, roles);
            }
        }
    }
    flows
}

impl<'a> Flow<'a> {
    fn add(&mut self, unit: &'a str, roles: &[&'a ChainRole]) {
        self.units.insert(unit);
        for role in roles.iter().filter(|role| !role.quantity.is_empty()) {
            let sum = self.sums.entry(&role.unit_of_measure).or_insert_with(|| Decimal::read("0"));
            *sum = sum.zip(Decimal::read(&role.quantity)).and_then(|(a, b)| a.plus(b));
        }
    }

    /// The sum where all is of one measure, else the number of units where there are several.
    fn label(&self, reader: &Reader) -> Option<String> {
        match self.sums.iter().next().filter(|_| self.sums.len() == 1) {
            Some((measure, Some(sum))) => {
                Some(format!("{} {}", grouped(sum), reader.word(reader.text().words.units, measure)).trim().to_owned())
            }
            _ if self.units.len() > 1 => Some(format!("× {}", grouped(self.units.len()))),
            _ => None,
        }
    }
}

fn crosses(groups: &[(i64, Group)], from: usize, to: usize) -> bool {
    let node = |group: usize| groups[group].1.kind.as_ref().map(|kind| kind.node);
    node(from).zip(node(to)).is_some_and(|(from, to)| from != to)
}

fn draw(group: &Group, (x, y): (i64, i64), reader: &Reader) -> BoxView {
    let text = &reader.text().trace;
    let count = group.records.len() as u64;
    let Some(kind) = &group.kind else {
        let others = text.others.of(count);
        return BoxView { x, y, class: "box others", title: others.clone(), texts: vec![(38, others)] };
    };
    let stage = reader.word(reader.text().words.stages, kind.class);
    let first = if count > 1 { format!("{stage} × {}", grouped(count)) } else { stage };
    let place = reader.places.name(kind.area, reader.language);
    let when = group.first.map_or_else(String::new, |at| moment::day(at, reader.text()).text().to_owned());
    let last = [kind.node, when.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let title = format!("{first} {} {last}", reader.place(kind.area).plain());
    let texts = [(20, first), (38, place), (55, last)].map(|(down, text)| (down, fit(&text))).to_vec();
    BoxView { x, y, class: if group.here { "box here" } else { "box" }, title, texts }
}

fn gap((x, y): (i64, i64), reader: &Reader) -> BoxView {
    let text = reader.text().trace.gap.to_owned();
    BoxView { x, y, class: "box missing", title: text.clone(), texts: vec![(38, text)] }
}

/// As much of a text as a box has room for.
fn fit(text: &str) -> String {
    let mut width = 0;
    for (at, character) in text.char_indices() {
        width += if character.is_ascii() { 1 } else { 2 };
        if width > TEXT_WIDTH {
            return format!("{}…", &text[..at]);
        }
    }
    text.to_owned()
}

fn line(from: (i64, i64), to: (i64, i64), flow: &Flow, crosses: bool, reader: &Reader) -> LineView {
    let middle = ((from.0 + BOX_WIDTH + to.0) / 2, (from.1 + to.1 + BOX_HEIGHT) / 2 - 6);
    let label = flow.label(reader).map(|label| (middle.0, middle.1, label));
    LineView { path: path(from, to), class: if crosses { "flow border" } else { "flow" }, label }
}

fn path(from: (i64, i64), to: (i64, i64)) -> String {
    let (x1, y1, x2, y2) = (from.0 + BOX_WIDTH, from.1 + BOX_HEIGHT / 2, to.0, to.1 + BOX_HEIGHT / 2);
    let bend = (x2 - x1) / 2;
    format!("M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}", x1 + bend, x2 - bend)
}

#[cfg(test)]
mod tests {
    use tracemesh_access::Principal;
    use tracemesh_proto::ingestion::v1::{Missing, Verdict};

    use super::*;
    use crate::language::Language;
    use crate::views::places::Places;

    fn record(class: &str, direction: &str, distance: u32, node: &str, units: &[(&str, &str)]) -> ChainRecord {
        let role = |(unit, quantity): &(&str, &str)| ChainRole {
            unit: (*unit).into(),
            quantity: (*quantity).into(),
            unit_of_measure: "kg".into(),
            ..ChainRole::default()
        };
        ChainRecord {
            class: class.into(),
            direction: direction.into(),
            distance,
            node: node.into(),
            event_time: "2026-11-20T07:00:00+08:00".into(),
            roles: units.iter().map(role).collect(),
            ..ChainRecord::default()
        }
    }

    fn drawn(records: Vec<ChainRecord>, missing: &[&str]) -> Graph {
        let missing = missing.iter().map(|unit| Missing { kind: "no_origin".into(), unit: (*unit).into(), ..Missing::default() }).collect();
        let answer = TraceResponse { records, verdict: Some(Verdict { complete: false, missing }), ..TraceResponse::default() };
        let reader = Reader {
            principal: &Principal::public(),
            node: "",
            now: Timestamp::UNIX_EPOCH,
            language: Language::English,
            places: &Places::default(),
        };
        graph(&answer, &reader)
    }

    #[test]
    fn quantities_of_one_measure_are_summed_and_borders_are_seen() {
        let graph = drawn(
            vec![
                record("PRODUCE", "up", 1, "fujian", &[("a", "10.5"), ("b", "2")]),
                record("PROCESS", "self", 0, "yantai", &[("a", "10.5"), ("b", "2"), ("c", "12")]),
                record("RETAIL", "down", 1, "yantai", &[("c", "4.25")]),
                record("RETAIL", "down", 1, "yantai", &[("c", "7.75")]),
            ],
            &[],
        );
        let lines: Vec<_> = graph.lines.iter().map(|line| (line.class, line.label.as_ref().map(|(_, _, label)| label.as_str()))).collect();
        assert_eq!(lines, [("flow border", Some("12.5 kg")), ("flow", Some("12 kg"))]);
        let boxes: Vec<_> = graph.boxes.iter().map(|drawn| (drawn.class, drawn.texts[0].1.as_str())).collect();
        assert_eq!(boxes, [("box", "Production"), ("box here", "Processing"), ("box", "Retail × 2")]);
    }

    #[test]
    fn a_hundred_thousand_records_stay_a_drawing() {
        let many =
            (0..100_000u32).map(|n| ChainRecord { area: format!("{}", n % 300), ..record("RETAIL", "down", 1, "yantai", &[("c", "1")]) });
        let graph = drawn([record("PROCESS", "self", 0, "yantai", &[("c", "100000")])].into_iter().chain(many).collect(), &[]);
        assert_eq!(graph.boxes.len(), 1 + MAX_BOXES);
        assert_eq!(graph.boxes[MAX_BOXES].class, "box others");
    }

    #[test]
    fn a_missing_hop_is_a_box_in_front_of_what_lacks_it() {
        let graph = drawn(vec![record("PROCESS", "self", 0, "yantai", &[("a", "1")])], &["a"]);
        let boxes: Vec<_> = graph.boxes.iter().map(|drawn| (drawn.class, drawn.x)).collect();
        assert_eq!(boxes, [("box here", MARGIN + COLUMN), ("box missing", MARGIN)]);
        assert_eq!(graph.lines[0].class, "flow missing");
    }
}
