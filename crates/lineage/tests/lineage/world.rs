//! Made-up records, and the hops that a node writes for them.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use tracemesh_lineage::{Granularity, Hop, Member, Neighbours, Packing, RecordRef, Role, Stage};

/// More neighbours than this are left in the record; a real node has 256.
pub const LISTED: usize = 2;

#[derive(Clone, Debug)]
pub struct Record {
    pub node: usize,
    pub id: i64,
    pub time: i64,
    pub stage: Stage,
    pub packing: Packing,
    pub parts: Vec<(u64, Role)>,
    pub holder: String,
    /// A correction took it back.
    pub retracted: bool,
}

/// Units that end in 9 are classes of things, those that end in 1, 4 or 7 single ones.
pub fn granularity(unit: u64) -> Granularity {
    match unit % 10 {
        9 => Granularity::Class,
        1 | 4 | 7 => Granularity::Item,
        _ => Granularity::Batch,
    }
}

impl Record {
    pub fn record_ref(&self) -> RecordRef {
        RecordRef { node: node_name(self.node).into(), record: self.id }
    }

    /// The units in a role through which a walk may go.
    pub fn walkable(&self, role: Role) -> impl Iterator<Item = u64> {
        self.parts.iter().filter(move |part| part.1 == role && granularity(part.0) != Granularity::Class).map(|part| part.0)
    }

    pub fn has(&self, unit: u64, role: Role) -> bool {
        self.parts.contains(&(unit, role))
    }

    pub fn members(&self) -> Vec<Member> {
        self.parts.iter().map(|(unit, role)| Member { unit: *unit, role: *role, granularity: granularity(*unit) }).collect()
    }

    /// A row for each part, and where the record was taken back, a retraction of each.
    pub fn hops(&self) -> Vec<Hop> {
        let rows = self.parts.iter().map(|(unit, role)| self.hop(*unit, *role));
        let retractions = rows.clone().filter(|_| self.retracted).map(|row| Hop { record: self.id + 1000, retracts: self.id, ..row });
        rows.chain(retractions).collect()
    }

    fn hop(&self, unit: u64, role: Role) -> Hop {
        let neighbours: Vec<u64> = role.across().map(|across| self.walkable(across).collect()).unwrap_or_default();
        let takes_out_classes = (self.packing, role) == (Packing::Unpack, Role::Container)
            && neighbours.is_empty()
            && self.parts.iter().any(|part| part.1 == Role::Content);
        Hop {
            node: node_name(self.node).into(),
            unit,
            event_time: self.time,
            role,
            packing: self.packing,
            stage: self.stage,
            granularity: granularity(unit),
            record: self.id,
            retracts: 0,
            area: format!("area-{}", self.node),
            category: "FOOD".to_owned(),
            holder: self.holder.clone(),
            quantity: format!("{}.{unit}{}", self.id, role.code()),
            measure: "kg".to_owned(),
            neighbours: match neighbours.len() {
                0 if takes_out_classes => Neighbours::InRecord,
                0..=LISTED => Neighbours::Listed(neighbours),
                _ => Neighbours::InRecord,
            },
        }
    }
}

pub fn node_name(node: usize) -> String {
    format!("node-{node}")
}

/// A few records over few units and fewer moments, so that they meet often: made, split, merged, packed, nested, unpacked, repacked, seen,
/// taken back, in cycles and at equal times.
pub fn records(nodes: usize) -> impl Strategy<Value = Vec<Record>> {
    vec(record(nodes), 1..28).prop_map(|mut records| {
        records.iter_mut().enumerate().for_each(|(n, record)| record.id = n as i64 + 1);
        records
    })
}

fn record(nodes: usize) -> impl Strategy<Value = Record> {
    (0..nodes, 0i64..9, content(), select(vec!["", "a", "b", "c"]), prop::bool::weighted(0.12)).prop_map(
        |(node, time, (stage, packing, mut parts), holder, retracted)| {
            parts.sort_unstable();
            parts.dedup();
            Record { node, id: 0, time, stage, packing, parts, holder: holder.to_owned(), retracted }
        },
    )
}

type Content = (Stage, Packing, Vec<(u64, Role)>);

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        5 => (stage(), units(0..4), units(1..4)).prop_map(|(stage, inputs, outputs)| (stage, Packing::None, [all(inputs, Role::Input), all(outputs, Role::Output)].concat())),
        5 => packed(Packing::Pack, 1..4),
        3 => packed(Packing::Unpack, 0..3),
        1 => packed(Packing::None, 0..3),
        2 => units(1..3).prop_map(|units| (Stage::Other, Packing::None, all(units, Role::Observed))),
        1 => (stage(), packing(), vec((unit(), role()), 1..6)),
    ]
}

fn packed(packing: Packing, contents: std::ops::Range<usize>) -> impl Strategy<Value = Content> {
    (unit(), units(contents)).prop_map(move |(container, contents)| {
        (Stage::Other, packing, [all(vec![container], Role::Container), all(contents, Role::Content)].concat())
    })
}

fn all(units: Vec<u64>, role: Role) -> Vec<(u64, Role)> {
    units.into_iter().map(|unit| (unit, role)).collect()
}

pub fn unit() -> impl Strategy<Value = u64> {
    0u64..11
}

fn units(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<u64>> {
    vec(unit(), count)
}

fn stage() -> impl Strategy<Value = Stage> {
    select(vec![Stage::Produce, Stage::Slaughter, Stage::Import, Stage::Use, Stage::Other, Stage::Other, Stage::Other])
}

fn packing() -> impl Strategy<Value = Packing> {
    select(vec![Packing::None, Packing::Pack, Packing::Unpack])
}

fn role() -> impl Strategy<Value = Role> {
    select(vec![Role::Input, Role::Output, Role::Observed, Role::Container, Role::Content, Role::Mentioned])
}
