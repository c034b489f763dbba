//! The recall scope: several codes walked downstream as one, and what `tracemesh_lineage` adds up of it, with names and codes from the records.

use std::collections::BTreeMap;

use tracemesh_lineage::{self as lineage, Direction, Figures, Hop, Limits, Measured, Parties, Reading, RecordRef, Walk};
use tracemesh_model::{Amount, Quantity};
use tracemesh_proto::ingestion::v1::{Holding, MeasuredTotal, RecordLine, ScopeHead, ScopeTotals, ScopeUnit, Verdict};

use super::mesh::Heard;
use super::{Found, Tried, answer};
use crate::app::Ingestion;
use crate::domain::dates::Dates;
use crate::error::IngestionError;

/// What a recall has to reach, in the shape of the contract.
pub struct RecallScope {
    pub head: ScopeHead,
    pub units: Vec<ScopeUnit>,
    pub holdings: Vec<Holding>,
}

impl Ingestion {
    /// Of at least one code.
    pub async fn recall_scope(&self, codes: &[String], local: bool) -> Result<RecallScope, IngestionError> {
        let places: Vec<(String, &str)> = codes.iter().enumerate().map(|(n, code)| (format!("codes[{n}]"), code.as_str())).collect();
        let tried = self.candidates_of_all(&places, local).await?;
        // What is not known anywhere is told, and not walked from.
        let starts = tried.iter().filter(|tried| tried.is_known()).flat_map(Tried::starts);
        let found = self.follow(Walk::new(starts, Direction::Down, Limits::default()), local, Dates::Moment).await?;
        if found.is_nothing() {
            return Err(IngestionError::NoTrace(codes.join(", ")));
        }
        Ok(compose(codes, &tried, &found))
    }
}

fn compose(asked: &[String], tried: &[Tried], found: &Found) -> RecallScope {
    let Found { chain, heard } = found;
    let scope = lineage::scope(chain, heard);
    let codes = answer::codes(chain, heard);
    let (names, products) = (names(heard), products(found));
    let unknown = asked.iter().zip(tried).filter(|(_, tried)| !tried.is_known());
    let mut missing = answer::missing(chain, heard, &codes, |_| true, true);
    missing.extend(unknown.map(|(code, _)| answer::told("unknown_code", "", "", code, "")));
    let unit = |unit: &lineage::ChainUnit| ScopeUnit {
        key: unit.unit,
        code: codes.get(&unit.unit).and_then(|codes| codes.first()).cloned().unwrap_or_default(),
        granularity: answer::granularity(unit.granularity).into(),
        product: products.get(&unit.unit).copied().unwrap_or_default().into(),
        carrier: unit.carrier_only,
    };
    RecallScope {
        head: ScopeHead {
            candidates: tried.iter().flat_map(|tried| tried.to_wire(true)).collect(),
            totals: Some(totals(&scope.totals)),
            verdict: Some(Verdict { complete: missing.is_empty(), missing }),
            segments: heard.segments(&chain.records_by_node()),
        },
        units: scope.units.iter().map(unit).collect(),
        holdings: scope.holdings.into_iter().map(|holding| shown(holding, &names)).collect(),
    }
}

fn totals(totals: &lineage::Totals) -> ScopeTotals {
    let measured = |(measure, figures): &(&str, Figures)| MeasuredTotal {
        unit_of_measure: (*measure).into(),
        made: decimal(figures.made),
        held: decimal(figures.held),
        sold: decimal(figures.sold),
        destroyed: decimal(figures.destroyed),
        used: decimal(figures.used),
        over: decimal(figures.over),
    };
    ScopeTotals {
        units: totals.units as u32,
        records: totals.records as u32,
        subjects: totals.subjects as u32,
        nodes: totals.nodes as u32,
        by_measure: totals.by_measure.iter().map(measured).collect(),
    }
}

fn shown(holding: lineage::Holding, names: &BTreeMap<&str, &str>) -> Holding {
    let figures = holding.figures;
    let amount = |billionths| if holding.measure.is_empty() { String::new() } else { decimal(billionths) };
    Holding {
        subject: holding.subject.into(),
        name: names.get(holding.subject).copied().unwrap_or_default().into(),
        node: holding.node.into(),
        area: holding.area.into(),
        category: holding.category.into(),
        units: holding.units as u32,
        unit_of_measure: holding.measure.into(),
        made: amount(figures.made),
        received: amount(figures.received),
        passed_on: amount(figures.passed_on),
        used: amount(figures.used),
        sold: amount(figures.sold),
        destroyed: amount(figures.destroyed),
        held: amount(figures.held),
        over: amount(figures.over),
        partial: holding.partial,
        last_of: holding.last_of,
    }
}

fn decimal(billionths: i128) -> String {
    Amount::from_billionths(billionths).to_string()
}

/// Subjects' names, as the records have them.
pub(super) fn names(heard: &Heard) -> BTreeMap<&str, &str> {
    let mut names = BTreeMap::new();
    for line in heard.lines() {
        let parties =
            [(&line.responsible_code, &line.responsible), (&line.source_code, &line.source), (&line.destination_code, &line.destination)];
        // a party without a name is shown by its code
        for (code, name) in parties.into_iter().filter(|(code, name)| code != name) {
            let subject = if code.is_empty() { name } else { code };
            names.entry(subject.as_str()).or_insert(name.as_str());
        }
    }
    names
}

/// What each unit is.
fn products(found: &Found) -> BTreeMap<u64, &str> {
    told_products(found).into_iter().map(|(unit, line)| (unit, line.product.as_str())).collect()
}

/// The line that tells what a unit is: of the first record that made it, else of the first that names any product.
pub(super) fn told_products(found: &Found) -> BTreeMap<u64, &RecordLine> {
    let (mut made, mut named) = (BTreeMap::new(), BTreeMap::new());
    for record in &found.chain.records {
        let Some(line) = found.heard.line(&record.record).filter(|line| !line.product.is_empty()) else { continue };
        for hop in &record.hops {
            named.entry(hop.unit).or_insert(line);
            if hop.role == lineage::Role::Output {
                made.entry(hop.unit).or_insert(line);
            }
        }
    }
    named.extend(made);
    named
}

impl Reading for Heard {
    fn measured<'a>(&'a self, hop: &'a Hop) -> Option<Measured<'a>> {
        measured(hop)
    }

    fn parties(&self, record: &RecordRef) -> Parties<'_> {
        let Some(line) = self.line(record) else { return Parties::default() };
        let RecordLine { responsible, responsible_code, source, source_code, .. } = line;
        let spelled = |code, name| if str::is_empty(code) { name } else { code };
        Parties { responsible: spelled(responsible_code, responsible), source: spelled(source_code, source) }
    }
}

/// In kilograms where it is a mass. A number of nothing in particular is no quantity.
pub fn measured(hop: &Hop) -> Option<Measured<'_>> {
    if hop.measure.is_empty() {
        return None;
    }
    let quantity = Quantity { value: Amount::parse(&hop.quantity).ok()?, unit: hop.measure.clone() };
    let (value, measure) = quantity.mass_kg().map_or((quantity.value, hop.measure.as_str()), |mass| (mass, "kg"));
    Some(Measured { billionths: value.billionths(), measure })
}
