//! The answer: the chain with its records' lines, in the shape of the contract, and without what the reader may not see.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::Offset;
use prost_types::Timestamp;
use tracemesh_access::{Principal, Role};
use tracemesh_catalogue as catalogue;
use tracemesh_lineage::{Chain, ChainRecord, Granularity, Holder, Missing, RecordRef, Silent};
use tracemesh_proto::ingestion::v1 as wire;
use tracemesh_proto::ingestion::v1::{RecordLine, TraceResponse};

use super::mesh::Heard;
use super::{Found, Tried};
use crate::app::directory::Directory;

/// Who reads, here, and how far he sees.
pub struct Sight<'a> {
    pub node: &'a str,
    pub reader: &'a Principal,
    pub directory: &'a Directory,
}

pub fn compose(tried: Tried, found: Found, sight: &Sight<'_>) -> TraceResponse {
    let Found { chain, heard } = found;
    let codes = codes(&chain, &heard);
    let mut records: Vec<wire::ChainRecord> = chain.records.iter().map(|record| shown(record, heard.line(&record.record))).collect();
    let open = chain.records.iter().zip(&records).filter(|(_, shown)| sight.sees(shown));
    let open: BTreeSet<&RecordRef> = open.map(|(record, _)| &record.record).collect();
    for (record, shown) in chain.records.iter().zip(&mut records) {
        if !open.contains(&record.record) && !is_own(shown, sight.node, sight.reader) {
            hide(shown);
        }
    }
    let missing = missing(&chain, &heard, &codes, |record| open.contains(record), sight.is_staff());
    TraceResponse {
        candidates: tried.to_wire(!chain.records.is_empty()),
        records,
        units: units(&chain, &codes, &open),
        edges: edges(&chain),
        verdict: Some(wire::Verdict { complete: missing.is_empty(), missing }),
        segments: heard.segments(&chain.records_by_node()),
    }
}

impl Sight<'_> {
    fn is_staff(&self) -> bool {
        [Role::Regulator, Role::SystemAdministrator, Role::Service].iter().any(|role| self.reader.has(*role))
    }

    /// Whether the reader sees all of a record, whoever submitted it: the staff within its areas and categories.
    fn sees(&self, record: &wire::ChainRecord) -> bool {
        self.is_staff() && self.directory.sees(self.reader, &record.area, &record.category)
    }
}

fn shown(record: &ChainRecord, line: Option<&RecordLine>) -> wire::ChainRecord {
    let line = line.cloned().unwrap_or_default();
    wire::ChainRecord {
        node: record.record.node.to_string(),
        seq: line.seq,
        provider: line.provider,
        record_id: line.record_id,
        revision: line.revision,
        class: line.class,
        category: line.category,
        event_time: line.event_time,
        distance: record.distance,
        direction: record.side.as_str().into(),
        area: line.area,
        responsible: line.responsible,
        source: line.source,
        destination: line.destination,
        product: line.product,
        inspection: line.inspection,
        evidence: line.evidence,
        roles: record.hops.iter().map(role).collect(),
    }
}

fn role(hop: &tracemesh_lineage::Hop) -> wire::ChainRole {
    let role = tracemesh_model::Role::ALL.get(usize::from(hop.role.code()) - 1).map_or("MENTIONED", |(_, name)| name);
    wire::ChainRole { role: role.into(), unit: hex(hop.unit), quantity: hop.quantity.clone(), unit_of_measure: hop.measure.clone() }
}

/// The codes behind each key, as text.
pub fn codes(chain: &Chain, heard: &Heard) -> BTreeMap<u64, BTreeSet<String>> {
    let mut codes: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    let lines = chain.records.iter().filter_map(|record| heard.line(&record.record));
    for unit in lines.flat_map(|line| &line.units) {
        codes.entry(unit.unit).or_default().insert(unit.code.clone());
    }
    codes
}

/// Who has a unit, and how much of it, is for whoever sees the record that says so.
fn units(chain: &Chain, codes: &BTreeMap<u64, BTreeSet<String>>, open: &BTreeSet<&RecordRef>) -> Vec<wire::ChainUnit> {
    let is_open = |holder: &&Holder| chain.records.get(holder.record as usize).is_some_and(|record| open.contains(&record.record));
    let unit = |unit: &tracemesh_lineage::ChainUnit| {
        let last = chain.holders.iter().find(|holder| holder.unit == unit.unit).filter(is_open);
        let granularity = granularity(unit.granularity);
        wire::ChainUnit {
            key: hex(unit.unit),
            code: codes.get(&unit.unit).and_then(|codes| codes.first()).cloned().unwrap_or_default(),
            granularity: granularity.into(),
            holder: last.map_or_else(String::new, |last| last.holder.clone()),
            quantity: last.map_or_else(String::new, |last| last.quantity.clone()),
            unit_of_measure: last.map_or_else(String::new, |last| last.measure.clone()),
        }
    };
    chain.units.iter().map(unit).collect()
}

/// The word of the contract; empty where no record tells.
pub fn granularity(granularity: Option<Granularity>) -> &'static str {
    match granularity {
        Some(Granularity::Item) => "ITEM",
        Some(Granularity::Batch) => "BATCH",
        Some(Granularity::Class) => "CLASS",
        None => "",
    }
}

fn edges(chain: &Chain) -> Vec<wire::ChainEdge> {
    chain.edges.iter().map(|edge| wire::ChainEdge { from: hex(edge.from), to: hex(edge.to), record: edge.record }).collect()
}

/// What the walk lacks, and keys behind which stand different codes: a 63-bit key meets its double once in three billion units.
///
/// Who delivered is for whoever sees the record that names him, and what one machine said to another for the staff: people are told since when a node
/// is silent.
pub fn missing(
    chain: &Chain,
    heard: &Heard,
    codes: &BTreeMap<u64, BTreeSet<String>>,
    is_open: impl Fn(&RecordRef) -> bool,
    staff: bool,
) -> Vec<wire::Missing> {
    let of_walk = chain.verdict.missing.iter().map(|missing| match missing {
        Missing::NoOrigin { unit, record } => {
            let source = record.as_ref().and_then(|record| heard.line(record)).map_or("", |line| line.source.as_str());
            let named = record.as_ref().map_or(staff, &is_open);
            let (text, source) = if named { ("no_origin", source) } else { ("no_origin.unnamed", "") };
            let node = record.as_ref().map_or("", |record| &record.node);
            wire::Missing { kind: "no_origin".into(), ..told(text, &first_code(codes, *unit), node, source, "") }
        }
        Missing::NodeSilent(Silent { node, why }) => {
            let why = if staff { why } else { "" };
            told("node_silent", "", node, why, &heard.last_seen(node).map_or("–".into(), minute))
        }
        Missing::Limit(reached) => told("limit", "", "", &reached.to_string(), ""),
    });
    let doubles = codes.iter().filter(|(_, codes)| codes.len() > 1);
    let doubles = doubles.map(|(unit, codes)| {
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        told("collision", &hex(*unit), "", &codes.join(", "), "")
    });
    of_walk.chain(doubles).collect()
}

/// In China Standard Time.
fn minute(at: Timestamp) -> String {
    let at = jiff::Timestamp::new(at.seconds, at.nanos).unwrap_or_default();
    Offset::constant(8).to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

pub fn told(kind: &str, unit: &str, node: &str, detail: &str, when: &str) -> wire::Missing {
    let blanks = [("unit", unit), ("node", node), ("detail", detail), ("when", when)];
    let texts = catalogue::lookup(&format!("missing.{kind}")).map(|message| message.render(&blanks));
    let (message_zh, message_en) = texts.map_or_else(Default::default, |texts| (texts.message_zh, texts.message_en));
    wire::Missing { kind: kind.into(), unit: unit.into(), node: node.into(), detail: detail.into(), message_zh, message_en }
}

fn first_code(codes: &BTreeMap<u64, BTreeSet<String>>, unit: u64) -> String {
    codes.get(&unit).and_then(|codes| codes.first()).cloned().unwrap_or_else(|| hex(unit))
}

fn hex(key: u64) -> String {
    format!("{key:016x}")
}

/// What the reader submitted itself, here: another node may have a provider of the same name.
fn is_own(record: &wire::ChainRecord, node: &str, reader: &Principal) -> bool {
    record.node == node && reader.provider_id() == Some(&record.provider)
}

/// For the public, for providers beyond their own records, and for the staff beyond its scope: stages, places, products and inspections stay; who
/// dealt with whom, how much, and under which number goes.
fn hide(record: &mut wire::ChainRecord) {
    for text in [&mut record.provider, &mut record.record_id, &mut record.source, &mut record.destination, &mut record.responsible] {
        text.clear();
    }
    record.seq = 0;
    record.evidence.clear();
    for role in &mut record.roles {
        role.quantity.clear();
        role.unit_of_measure.clear();
    }
}

#[cfg(test)]
mod tests {
    use tracemesh_access::Scope;

    use super::*;

    #[test]
    fn a_namesake_on_another_node_is_somebody_else() {
        let reader = Principal::provider("local", Scope::Everything, Scope::Everything).unwrap();
        let record = |node: &str, provider: &str| wire::ChainRecord { node: node.into(), provider: provider.into(), ..Default::default() };
        let own = [("jinan", "local"), ("yantai", "local"), ("jinan", "acme")]
            .map(|(node, provider)| is_own(&record(node, provider), "jinan", &reader));
        assert_eq!(own, [true, false, false]);
    }
}
