//! The answer: the graph around the start, ordered by event time, with what it lacks.
//!
//! A chain holds hops, not records: codes, parties and evidence stand in the records, which whoever shows them fetches by reference. Two
//! units may share a key once in billions, so that is also where codes are compared as text.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::hop::{Granularity, Hop, RecordRef, Role};
use crate::verdict::Verdict;

/// The chain around the start of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// By event time, then by node and record.
    pub records: Vec<ChainRecord>,
    /// By key.
    pub units: Vec<ChainUnit>,
    /// By record, then by the units.
    pub edges: Vec<Edge>,
    /// By unit, the latest first: the first one of a unit is who had it last.
    pub holders: Vec<Holder>,
    /// Of units in containers that the walk came to as well, by container and then in the order in which they began.
    pub stays: Vec<Stay>,
    pub verdict: Verdict,
}

/// A record that belongs to the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainRecord {
    pub record: RecordRef,
    /// Unix microseconds.
    pub event_time: i64,
    /// Steps from the nearest start, whose own records have 0.
    pub distance: u32,
    pub side: Side,
    /// The record belongs by having the very time at which it would cease to belong: in which order things happened then is not known.
    pub same_moment: bool,
    /// What the units of the chain do in it, by unit and role.
    pub hops: Vec<Hop>,
}

/// Where something lies as seen from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The start's own, or as near upstream as downstream: such as the journey of the container in which the start lies.
    Own,
    Up,
    Down,
}

impl Side {
    /// The word on interfaces.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Own => "self",
            Side::Up => "up",
            Side::Down => "down",
        }
    }
}

/// A unit that the walk came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainUnit {
    pub unit: u64,
    /// As its hops say, the finest where they differ; none where it has no hop.
    pub granularity: Option<Granularity>,
    pub distance: u32,
    pub side: Side,
    /// It is here only as a container that something of the chain lay in: its other contents are not.
    pub carrier_only: bool,
}

/// A record that leads from one unit to another, as things went: from input to output, from content to container and back out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Index into [`Chain::records`].
    pub record: u32,
    pub from: u64,
    pub from_role: Role,
    pub to: u64,
    pub to_role: Role,
}

/// Somebody who had a unit, with the last record that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub unit: u64,
    pub holder: String,
    pub area: String,
    pub event_time: i64,
    /// Index into [`Chain::records`].
    pub record: u32,
    /// The container that came to the holder with the unit in it; none where the record is the unit's own.
    pub within: Option<u64>,
    /// Of the unit, as its own record says (the packing, where it came in a container); empty where none does.
    pub quantity: String,
    pub measure: String,
}

/// From when to when a unit lay in a container, both included, in unix microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stay {
    pub container: u64,
    pub from: i64,
    /// The end of time where nothing says that it left.
    pub until: i64,
    pub unit: u64,
}

impl Chain {
    /// The hops at both ends of an edge: how much of `from` went in, and how much of `to` there was. None where a unit has no hop here.
    pub fn ends(&self, edge: &Edge) -> (Option<&Hop>, Option<&Hop>) {
        let record = &self.records[edge.record as usize];
        (record.hop(edge.from, edge.from_role), record.hop(edge.to, edge.to_role))
    }

    /// How many records each node contributed.
    pub fn records_by_node(&self) -> BTreeMap<Arc<str>, usize> {
        let mut count = BTreeMap::new();
        for record in &self.records {
            *count.entry(record.record.node.clone()).or_default() += 1;
        }
        count
    }
}

impl ChainRecord {
    /// What a unit does in this record.
    pub fn hop(&self, unit: u64, role: Role) -> Option<&Hop> {
        let at = self.hops.binary_search_by_key(&(unit, role), |hop| (hop.unit, hop.role)).ok()?;
        self.hops.get(at)
    }
}
