//! Outbreak tracing: cases resolved to units, one walk upstream of all of them, and what `tracemesh_lineage` finds that explains them.
//!
//! Units are found anywhere in the mesh. What came to a subject or a place, and what else lay where goods mix, is found in our own index alone,
//! which has no order by subject or place: it is read from end to end, for a question that is asked a few times a year. The verdict says so.

mod ranking;

use std::collections::BTreeSet;

use tracemesh_codes::{Identified, Scheme, classify};
use tracemesh_lineage::{self as lineage, Assumptions, Direction, Establishments, Limits, Walk};
use tracemesh_proto::ingestion::v1::{OutbreakAssumptions, OutbreakKnown, OutbreakResponse, Verdict};

use super::candidates::readings;
use super::{Found, answer, key};
use crate::app::Ingestion;
use crate::domain::dates::Dates;
use crate::error::IngestionError;
use crate::store;
use ranking::Ranking;

/// Units that one place may stand for, and that mixing may bring in.
const MOST_UNITS: usize = 20_000;
/// Each one more follows what lay beside what lay beside a case's goods.
const MIXING_ROUNDS: usize = 3;

/// What is asked.
pub struct Suspicion {
    pub cases: Vec<Case>,
    pub assumed: Assumed,
    pub local: bool,
    /// Candidates at most.
    pub most: usize,
}

pub struct Case {
    pub number: u32,
    pub weight: u32,
    pub codes: Vec<String>,
    pub places: Vec<Place>,
}

/// In unix microseconds, both ends included.
pub struct Place {
    pub at: Where,
    pub from: i64,
    pub to: i64,
}

pub enum Where {
    /// By the spelling of holders.
    Subject(String),
    Area(String),
}

impl Where {
    fn name(&self) -> &str {
        match self {
            Where::Subject(name) | Where::Area(name) => name,
        }
    }
}

pub struct Assumed {
    pub mixing: Option<Mixing>,
    pub killing: BTreeSet<String>,
    pub window: Option<(i64, i64)>,
    /// Codes of units, and subjects.
    pub without: Vec<String>,
    pub dates: Dates,
    /// As it was asked for.
    pub asked: OutbreakAssumptions,
}

pub struct Mixing {
    /// None = everybody.
    pub at: Option<BTreeSet<String>>,
    pub within: Option<i64>,
}

impl Ingestion {
    pub async fn explain(&self, asked: &Suspicion) -> Result<OutbreakResponse, IngestionError> {
        let (mut codes, mut owners) = (Vec::new(), Vec::new());
        for (n, case) in asked.cases.iter().enumerate() {
            codes.extend(case.codes.iter().enumerate().map(|(c, code)| (format!("cases[{n}].codes[{c}]"), code.as_str())));
            owners.resize(codes.len(), n);
        }
        let tried = self.candidates_of_all(&codes, asked.local).await?;
        let mut units = vec![BTreeSet::new(); asked.cases.len()];
        for (case, tried) in owners.into_iter().zip(&tried).filter(|(_, tried)| tried.is_known()) {
            units[case].extend(tried.starts());
        }
        let mut near = Vec::with_capacity(asked.cases.len());
        for case in &asked.cases {
            near.push(self.units_near(case).await?);
        }
        let starts = units.iter().chain(&near).flatten().copied().collect();
        let (found, is_cut) = self.upstream(starts, asked).await?;
        if found.is_nothing() {
            let places = asked.cases.iter().flat_map(|case| &case.places).map(|place| place.at.name());
            let named: Vec<&str> = codes.iter().map(|(_, code)| *code).chain(places).collect();
            return Err(IngestionError::NoTrace(named.join(", ")));
        }
        let unknown = codes.iter().zip(&tried).filter(|(_, tried)| !tried.is_known()).map(|((_, code), _)| *code).collect();
        let known = |(case, (units, near)): (&Case, (&BTreeSet<u64>, &BTreeSet<u64>))| OutbreakKnown {
            number: case.number,
            weight: case.weight,
            units: units.union(near).count() as u32,
        };
        let known = asked.cases.iter().zip(units.iter().zip(&near)).map(known).collect();
        Ok(compose(asked, known, &units, &found, Gaps { unknown, is_cut }))
    }

    /// What came to the places of a case, as our own records say.
    async fn units_near(&self, case: &Case) -> Result<BTreeSet<u64>, IngestionError> {
        let mut units = BTreeSet::new();
        for Place { at, from, to } in &case.places {
            units.extend(match at {
                Where::Subject(name) => self.units_with(&[name], *from, *to).await?,
                Where::Area(area) => store::hops::units_found(self.db.read(), store::hops::Found::In(area), *from, *to, MOST_UNITS).await?,
            });
        }
        Ok(units)
    }

    async fn units_with(&self, holders: &[&str], from: i64, to: i64) -> Result<Vec<u64>, IngestionError> {
        Ok(store::hops::units_found(self.db.read(), store::hops::Found::With(holders), from, to, MOST_UNITS).await?)
    }

    /// The chain upstream of some units and, where goods mix, of what lay beside them. Whether there was more of that than was looked at.
    async fn upstream(&self, mut starts: BTreeSet<u64>, asked: &Suspicion) -> Result<(Found, bool), IngestionError> {
        let (dates, mut looked_at) = (asked.assumed.dates, BTreeSet::new());
        for _ in 0..MIXING_ROUNDS {
            let found = self.follow(upstream_of(&starts), asked.local, dates).await?;
            let Some(mixing) = &asked.assumed.mixing else { return Ok((found, false)) };
            let mixes = |name: &&str| mixing.at.as_ref().is_none_or(|at| at.contains(*name)) && !looked_at.contains(*name);
            let new: Vec<String> = stations(&found).into_iter().filter(mixes).map(str::to_owned).collect();
            let lay_there = self.units_with(&new.iter().map(String::as_str).collect::<Vec<_>>(), i64::MIN, i64::MAX).await?;
            let (before, is_cut) = (starts.len(), lay_there.len() >= MOST_UNITS);
            looked_at.extend(new);
            starts.extend(lay_there);
            if starts.len() == before {
                return Ok((found, is_cut));
            }
        }
        Ok((self.follow(upstream_of(&starts), asked.local, dates).await?, true))
    }
}

fn upstream_of(starts: &BTreeSet<u64>) -> Walk {
    Walk::new(starts.iter().copied(), Direction::Up, Limits::default())
}

/// Everybody whom the chain names.
fn stations(found: &Found) -> BTreeSet<&str> {
    let parties = found.chain.records.iter().map(|record| lineage::Reading::parties(&found.heard, &record.record));
    let named = parties.flat_map(|parties| [parties.responsible, parties.source]);
    let holders = found.chain.records.iter().flat_map(|record| &record.hops).map(|hop| hop.holder.as_str());
    named.chain(holders).filter(|name| !name.is_empty()).collect()
}

/// A subject as holders are spelled: by its code where the text is one.
pub fn subject(text: &str) -> String {
    let text = text.trim();
    let code = text.parse::<Identified>().ok().or_else(|| classify(text).into_iter().find(|read| read.code.scheme == Scheme::Uscc));
    code.map_or_else(|| text.to_owned(), |read| read.code.to_string())
}

/// What could not be looked at.
struct Gaps<'a> {
    unknown: Vec<&'a str>,
    is_cut: bool,
}

fn compose(asked: &Suspicion, known: Vec<OutbreakKnown>, units: &[BTreeSet<u64>], found: &Found, gaps: Gaps) -> OutbreakResponse {
    let cases: Vec<lineage::Case> = asked.cases.iter().zip(units).map(|(case, units)| as_case(case, units)).collect();
    let without: Vec<String> = asked.assumed.without.iter().map(|text| subject(text)).collect();
    let assumptions = asked.assumed.as_assumptions(&without);
    let explained = lineage::outbreak(&found.chain, &found.heard, &cases, &assumptions);
    let codes = answer::codes(&found.chain, &found.heard);
    let mut ranking = Ranking::of(asked, &cases, found);
    ranking.rank_units(&explained.units, &codes);
    ranking.rank_products(&explained.units);
    ranking.rank_subjects(&explained.subjects);
    let (candidates, count) = ranking.best(asked.most);
    let mut missing = answer::missing(&found.chain, &found.heard, &codes, |_| true, true);
    // An end of a chain is no gap here: it explains what it explains.
    missing.retain(|missing| missing.kind != "no_origin");
    missing.extend(gaps.unknown.into_iter().map(|code| answer::told("unknown_code", "", "", code, "")));
    missing.extend(gaps.is_cut.then(|| answer::told("limit", "", "", &format!("{MOST_UNITS} units beside others"), "")));
    let local_only = asked.local_only();
    missing.extend((!local_only.is_empty() && !asked.local).then(|| answer::told("here_only", "", "", &local_only.join(", "), "")));
    OutbreakResponse {
        cases: known,
        candidates,
        found: count as u32,
        verdict: Some(Verdict { complete: missing.is_empty(), missing }),
        segments: found.heard.segments(&found.chain.records_by_node()),
        assumptions: Some(asked.assumed.asked.clone()),
    }
}

fn as_case<'a>(case: &'a Case, units: &BTreeSet<u64>) -> lineage::Case<'a> {
    let places = case.places.iter().map(|place| {
        let (from, to) = (place.from, place.to);
        match &place.at {
            Where::Subject(name) => lineage::Place::Subject { name, from, to },
            Where::Area(area) => lineage::Place::Area { area, from, to },
        }
    });
    lineage::Case { places: units.iter().map(|unit| lineage::Place::Unit(*unit)).chain(places).collect(), weight: case.weight }
}

impl Suspicion {
    /// What was looked for in our own records alone.
    fn local_only(&self) -> Vec<&str> {
        let places = self.cases.iter().flat_map(|case| &case.places).map(|place| place.at.name());
        let mixing = self
            .assumed
            .mixing
            .iter()
            .flat_map(|mixing| mixing.at.as_ref().map_or(vec!["all"], |at| at.iter().map(String::as_str).collect()));
        let named: BTreeSet<&str> = places.chain(mixing).collect();
        named.into_iter().collect()
    }
}

impl Assumed {
    fn as_assumptions<'a>(&'a self, without: &'a [String]) -> Assumptions<'a> {
        let mixing = self.mixing.as_ref().map(|mixing| lineage::Mixing {
            at: mixing.at.as_ref().map_or(Establishments::All, |at| Establishments::These(at.iter().map(String::as_str).collect())),
            within: mixing.within,
        });
        Assumptions {
            mixing,
            killing: self.killing.iter().map(String::as_str).collect(),
            window: self.window,
            without_subjects: without.iter().map(String::as_str).collect(),
            without_units: self.without.iter().filter_map(|code| readings(code)).flatten().map(|read| key(&read)).collect(),
        }
    }
}
