//! What explains an outbreak: of everything upstream of some cases, which of them lie downstream of it.
//!
//! One pass over the union of the cases' chains instead of a walk for each candidate: goods become points of a graph that knows time and who had
//! them ([`goods`]), and the set of cases goes back along it, a bit for each ([`spread`]). The rules stand in the crate's README, section "What
//! explains an outbreak".
//!
//! Absent: how likely anything is. A score is a share of cases, under assumptions that whoever asks has made and can change.

mod cases;
mod goods;
mod spread;
mod timeline;
mod unfold;

use std::collections::{BTreeMap, BTreeSet};

pub use cases::{Case, CaseSet, Place};

use crate::chain::Chain;
use crate::outbreak::goods::Goods;
use crate::scope::Reading;

/// What is taken for true although no record says it.
#[derive(Clone, Debug, Default)]
pub struct Assumptions<'a> {
    /// Where goods may touch each other that no record brings together.
    pub mixing: Option<Mixing<'a>>,
    /// Who heats: what comes from it goes back to nothing that went there.
    pub killing: BTreeSet<&'a str>,
    /// Records outside of it count for nothing; unix microseconds, both ends included.
    pub window: Option<(i64, i64)>,
    /// Ruled out: it explains nothing, and nothing is looked for by way of it.
    pub without_subjects: BTreeSet<&'a str>,
    /// The same of units.
    pub without_units: BTreeSet<u64>,
}

/// Whatever came to an establishment may be in everything that leaves it later.
#[derive(Clone, Debug)]
pub struct Mixing<'a> {
    pub at: Establishments<'a>,
    /// For so long after it came, in microseconds; none = for ever.
    pub within: Option<i64>,
}

/// Which establishments.
#[derive(Clone, Debug)]
pub enum Establishments<'a> {
    All,
    These(BTreeSet<&'a str>),
}

impl Establishments<'_> {
    fn contain(&self, subject: &str) -> bool {
        match self {
            Establishments::All => !subject.is_empty(),
            Establishments::These(names) => names.contains(subject),
        }
    }
}

/// Which cases everything upstream explains; what explains none is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbreak<'a> {
    pub units: BTreeMap<u64, CaseSet>,
    pub subjects: BTreeMap<&'a str, CaseSet>,
}

/// Of a chain upstream of all cases, and where establishments mix, of all that came to them too.
///
/// Times that are known to the day or the month alone are made equal before the walk is fed: what has an equal time counts as earlier and as
/// later.
pub fn outbreak<'a>(chain: &'a Chain, reading: &'a impl Reading, cases: &[Case<'a>], assumptions: &Assumptions<'_>) -> Outbreak<'a> {
    let lines = unfold::lines(chain, assumptions);
    let goods = Goods::of(&lines, reading, assumptions);
    let marked = cases::marks(&goods, cases);
    let sets = spread::back(&goods.graph, &marked, cases.len());
    let mut found = Outbreak::default();
    for case in 0..cases.len() {
        for place in &cases[case].places {
            if let Place::Unit(unit) = place
                && !assumptions.without_units.contains(unit)
            {
                found.units.entry(*unit).or_insert_with(|| CaseSet::empty(cases.len())).insert(case);
            }
        }
    }
    for arrival in &goods.arrivals {
        let set = sets.of(arrival.point);
        if set.iter().all(|word| *word == 0) {
            continue;
        }
        found.units.entry(arrival.unit).or_insert_with(|| CaseSet::empty(cases.len())).join(set);
        let named = goods.named[arrival.line].into_iter().filter(|name| !name.is_empty() && !assumptions.without_subjects.contains(name));
        named.for_each(|name| found.subjects.entry(name).or_insert_with(|| CaseSet::empty(cases.len())).join(set));
    }
    found
}
