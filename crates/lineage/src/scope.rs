//! What a recall has to reach: the affected units, and who has, or had, how much of them.
//!
//! A chain says where goods went; a scope adds up what the chain's records say of quantities, in the order of time, as a storekeeper would who
//! reads them one after another. It works on hops. Two things that hops do not say are asked of a [`Reading`]: how much a quantity is in a
//! measure that can be added up, and who else took part in a record. The rules stand in the crate's README, section "What a recall has to reach".
//!
//! Absent: what things are worth, and any guess at a quantity that no record states.

mod account;
mod book;
mod stock;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::chain::{Chain, ChainUnit};
use crate::hop::{Hop, RecordRef};
use crate::scope::book::Book;

/// What hops do not say by themselves.
pub trait Reading {
    /// How much a hop speaks of; none where it does not say.
    fn measured<'a>(&'a self, hop: &'a Hop) -> Option<Measured<'a>>;

    /// Who takes part in a record.
    fn parties(&self, record: &RecordRef) -> Parties<'_>;
}

/// An exact amount of something that can be added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured<'a> {
    /// Billionths of one.
    pub billionths: i128,
    /// Of what: quantities of one measure are added up, others stand in rows of their own.
    pub measure: &'a str,
}

/// Who takes part in a record besides the holder of its hops, spelled as holders are; empty where that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parties<'a> {
    /// Who answers for it.
    pub responsible: &'a str,
    /// One step back.
    pub source: &'a str,
}

/// What a recall has to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope<'a> {
    /// By key. One that is `carrier_only` is not affected itself: something affected lay in it.
    pub units: &'a [ChainUnit],
    /// By subject, node, area, category and measure.
    pub holdings: Vec<Holding<'a>>,
    pub totals: Totals<'a>,
}

/// What one party has, or had, of what is affected, as far as one node's records of one area and category say, in one measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding<'a> {
    /// As holders are spelled; empty where no record says who.
    pub subject: &'a str,
    pub node: &'a str,
    pub area: &'a str,
    pub category: &'a str,
    /// Empty for what no record states a quantity of: the figures are nothing then.
    pub measure: &'a str,
    pub figures: Figures,
    /// Some of its records state no quantity, so that the figures are not all.
    pub partial: bool,
    /// Units that it took in or made.
    pub units: usize,
    /// Keys of the units that it was the last to take in, ascending.
    pub last_of: Vec<u64>,
}

/// Amounts in billionths. `made + received = passed_on + used + sold + destroyed + held − over`, always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub made: i128,
    pub received: i128,
    pub passed_on: i128,
    /// Made into something else, or used up.
    pub used: i128,
    pub sold: i128,
    pub destroyed: i128,
    /// What is still there, by the records.
    pub held: i128,
    /// What went out beyond what had come in.
    pub over: i128,
}

/// Over all holdings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals<'a> {
    /// Affected units, without what merely carried them.
    pub units: usize,
    pub records: usize,
    /// Parties that are known.
    pub subjects: usize,
    /// Nodes whose records say something of the chain.
    pub nodes: usize,
    /// By measure.
    pub by_measure: Vec<(&'a str, Figures)>,
}

/// The scope of what lies downstream of a walk's starts. Of a chain that goes upstream too it says more than a recall should reach.
pub fn scope<'a>(chain: &'a Chain, reading: &'a impl Reading) -> Scope<'a> {
    let mut book = Book::new(reading);
    chain.records.iter().for_each(|record| book.enter(record));
    let holdings = book.holdings();
    let totals = totals(chain, &holdings);
    Scope { units: &chain.units, holdings, totals }
}

fn totals<'a>(chain: &Chain, holdings: &[Holding<'a>]) -> Totals<'a> {
    let subjects: BTreeSet<&str> = holdings.iter().map(|holding| holding.subject).filter(|subject| !subject.is_empty()).collect();
    let nodes: BTreeSet<&Arc<str>> = chain.records.iter().map(|record| &record.record.node).collect();
    let mut by_measure: Vec<(&str, Figures)> = Vec::new();
    for holding in holdings.iter().filter(|holding| !holding.measure.is_empty()) {
        let at = by_measure.binary_search_by_key(&holding.measure, |(measure, _)| measure);
        let at = at.unwrap_or_else(|at| {
            by_measure.insert(at, (holding.measure, Figures::default()));
            at
        });
        by_measure[at].1.add(&holding.figures);
    }
    Totals {
        units: chain.units.iter().filter(|unit| !unit.carrier_only).count(),
        records: chain.records.len(),
        subjects: subjects.len(),
        nodes: nodes.len(),
        by_measure,
    }
}

impl Figures {
    fn add(&mut self, more: &Figures) {
        self.made += more.made;
        self.received += more.received;
        self.passed_on += more.passed_on;
        self.used += more.used;
        self.sold += more.sold;
        self.destroyed += more.destroyed;
        self.held += more.held;
        self.over += more.over;
    }
}
