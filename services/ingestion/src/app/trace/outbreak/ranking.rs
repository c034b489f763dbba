//! Candidates in the order in which somebody should look at them: by the share of cases that they explain, then by how near they are to some case.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use tracemesh_lineage::{Case, CaseSet, Granularity, Reading};
use tracemesh_proto::ingestion::v1::{OutbreakCandidate, RecordLine};

use super::Suspicion;
use crate::app::trace::Found;
use crate::app::trace::scope::{names, told_products};

pub struct Ranking<'a> {
    asked: &'a Suspicion,
    cases: &'a [Case<'a>],
    found: &'a Found,
    products: BTreeMap<u64, &'a RecordLine>,
    candidates: Vec<Ranked>,
}

struct Ranked {
    /// Of the cases that it explains.
    weight: u64,
    /// Steps to the nearest case.
    distance: u32,
    candidate: OutbreakCandidate,
}

impl<'a> Ranking<'a> {
    pub fn of(asked: &'a Suspicion, cases: &'a [Case<'a>], found: &'a Found) -> Ranking<'a> {
        Ranking { asked, cases, found, products: told_products(found), candidates: Vec::new() }
    }

    pub fn rank_units(&mut self, units: &BTreeMap<u64, CaseSet>, codes: &BTreeMap<u64, BTreeSet<String>>) {
        for unit in &self.found.chain.units {
            let Some(set) = units.get(&unit.unit) else { continue };
            let kind = if unit.granularity == Some(Granularity::Item) { "unit" } else { "batch" };
            let code = codes.get(&unit.unit).and_then(|codes| codes.first()).cloned().unwrap_or_default();
            let name = self.products.get(&unit.unit).map_or("", |line| line.product.as_str());
            self.add(set, unit.distance, kind, code, name.to_owned());
        }
    }

    /// All units of one product together.
    pub fn rank_products(&mut self, units: &BTreeMap<u64, CaseSet>) {
        let mut sets: BTreeMap<(&str, &str), (CaseSet, u32)> = BTreeMap::new();
        for unit in &self.found.chain.units {
            let (Some(set), Some(line)) = (units.get(&unit.unit), self.products.get(&unit.unit)) else { continue };
            let known = sets.entry((&line.product_code, &line.product)).or_insert_with(|| (set.clone(), unit.distance));
            known.0.unite(set);
            known.1 = known.1.min(unit.distance);
        }
        for ((code, name), (set, distance)) in sets {
            let code = if code.is_empty() { name } else { code };
            self.add(&set, distance, "product", code.to_owned(), name.to_owned());
        }
    }

    pub fn rank_subjects(&mut self, subjects: &BTreeMap<&str, CaseSet>) {
        let mut nearest: BTreeMap<&str, u32> = BTreeMap::new();
        for record in &self.found.chain.records {
            let parties = self.found.heard.parties(&record.record);
            let holder = record.hops.first().map_or("", |hop| hop.holder.as_str());
            for name in [parties.responsible, parties.source, holder] {
                let known = nearest.entry(name).or_insert(record.distance);
                *known = record.distance.min(*known);
            }
        }
        let names = names(&self.found.heard);
        for (subject, set) in subjects {
            let distance = nearest.get(subject).copied().unwrap_or(u32::MAX);
            self.add(set, distance, "subject", (*subject).to_owned(), names.get(subject).copied().unwrap_or_default().to_owned());
        }
    }

    fn add(&mut self, set: &CaseSet, distance: u32, kind: &str, code: String, name: String) {
        let (weight, all) = (set.weight(self.cases), self.cases.iter().map(|case| u64::from(case.weight)).sum::<u64>());
        let explains = set.iter().map(|case| self.asked.cases[case].number).collect();
        let score = weight as f64 / all.max(1) as f64;
        let candidate = OutbreakCandidate { kind: kind.into(), code, name, score, explains, common: weight == all };
        self.candidates.push(Ranked { weight, distance, candidate });
    }

    /// The best, and how many there are.
    pub fn best(mut self, most: usize) -> (Vec<OutbreakCandidate>, usize) {
        let count = self.candidates.len();
        let order = |Ranked { weight, distance, candidate: it }: &Ranked| (Reverse(*weight), *distance, it.kind.clone(), it.code.clone());
        self.candidates.sort_by_cached_key(order);
        (self.candidates.into_iter().take(most).map(|ranked| ranked.candidate).collect(), count)
    }
}
