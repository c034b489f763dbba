//! What a record adds to chains, and when a chain is complete (链条合格率, K6).
//!
//! A record *makes* units: its OUTPUT, and the container of a packing. It *uses* units: its INPUT, the contents of a packing, and what is sold under
//! the code that it came with, which is OBSERVED in an outgoing record without input. A unit is **rooted** where somebody made it and every record
//! that made it is either a first mile whose evidence is valid, or uses something and all of it is rooted. Evidence counts on the record of the first
//! mile itself, or on an INSPECT record of what it made. An **outgoing** record (WHOLESALE RETAIL GROUP_PURCHASE USE EXPORT) is complete where it
//! uses something and all of that is rooted.
//!
//! Only what this node knows counts. A unit that nobody here made leaves the chain open, and the record that used it is a broken hop which names
//! its source. The mesh is not asked: an answer from elsewhere may be another one tomorrow, and a figure has to come out the same from the same
//! journal. Units that are classes are in no chain, as nobody can tell one from another.

use jiff::civil::Date;
use tracemesh_codes::resident_id;
use tracemesh_model::{Class, Evidence, EvidenceResult, Granularity, Packing, Role, TraceRecord, Unit};

/// What a record has to do with a unit of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    Made,
    Used,
    /// Inspected, with evidence that is valid.
    Vouched,
}

impl Way {
    pub fn number(self) -> i64 {
        self as i64
    }
}

/// Where a record stands in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Between,
    /// The first mile, and nothing says that it is in order.
    Origin,
    /// The first mile with valid evidence.
    ProvenOrigin,
}

impl Stage {
    const ALL: [Stage; 3] = [Stage::Between, Stage::Origin, Stage::ProvenOrigin];

    pub fn number(self) -> i64 {
        self as i64
    }

    pub fn of_number(number: i64) -> Option<Self> {
        usize::try_from(number).ok().and_then(|at| Self::ALL.get(at).copied())
    }
}

/// A record as a part of chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    pub stage: Stage,
    pub is_outgoing: bool,
    /// Without repetition, in order.
    pub units: Vec<Link>,
}

/// A unit as a part of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub unit: i64,
    pub way: Way,
    /// As it is shown.
    pub code: String,
}

impl Links {
    /// `None` where the record says nothing of any chain.
    pub fn of(record: &TraceRecord) -> Option<Self> {
        let is_outgoing = is_outgoing(record.class);
        let link = |unit: &Unit| Some(Link { unit: unit.key.as_i64(), way: way(record, unit)?, code: shown(unit) });
        let mut units: Vec<Link> = record.units.iter().filter_map(link).collect();
        units.sort_unstable();
        units.dedup_by_key(|link| (link.unit, link.way));
        (is_outgoing || !units.is_empty()).then(|| Self { stage: stage(record), is_outgoing, units })
    }
}

/// By which goods leave somebody's hands.
pub fn is_outgoing(class: Class) -> bool {
    matches!(class, Class::Wholesale | Class::Retail | Class::GroupPurchase | Class::Use | Class::Export)
}

/// A unit's code and batch, with whatever may be a person's number in it masked.
pub fn shown(unit: &Unit) -> String {
    let batch = if unit.batch.is_empty() { String::new() } else { format!("#{}", unit.batch) };
    resident_id::mask(&format!("{}{batch}", unit.code)).into_owned()
}

fn way(record: &TraceRecord, unit: &Unit) -> Option<Way> {
    if unit.granularity == Granularity::Class {
        return None;
    }
    match unit.role {
        Role::Output => Some(Way::Made),
        Role::Input => Some(Way::Used),
        Role::Container => (record.packing == Packing::Pack).then_some(Way::Made),
        Role::Content => (record.packing == Packing::Pack).then_some(Way::Used),
        Role::Observed if record.class == Class::Inspect => has_valid_evidence(record).then_some(Way::Vouched),
        Role::Observed => (is_outgoing(record.class) && !has(record, Role::Input)).then_some(Way::Used),
    }
}

/// PRODUCE and IMPORT; an output without input of SLAUGHTER or USE, where the animal or the stock was never recorded.
fn stage(record: &TraceRecord) -> Stage {
    let is_origin = match record.class {
        Class::Produce | Class::Import => true,
        Class::Slaughter | Class::Use => has(record, Role::Output) && !has(record, Role::Input),
        _ => false,
    };
    match (is_origin, has_valid_evidence(record)) {
        (false, _) => Stage::Between,
        (true, false) => Stage::Origin,
        (true, true) => Stage::ProvenOrigin,
    }
}

fn has(record: &TraceRecord, role: Role) -> bool {
    record.units.iter().any(|unit| unit.role == role)
}

fn has_valid_evidence(record: &TraceRecord) -> bool {
    record.evidence.iter().any(|evidence| is_valid(evidence, record.event_time.day()))
}

/// It has a number, found nothing, and was not out of date when the record's event happened.
fn is_valid(evidence: &Evidence, day: Date) -> bool {
    !evidence.number.is_empty() && evidence.result != Some(EvidenceResult::Fail) && evidence.valid_until.is_none_or(|last| last >= day)
}
