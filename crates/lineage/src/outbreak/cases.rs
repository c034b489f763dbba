//! Cases, and sets of them.

use super::goods::{Goods, Point};

/// Something that somebody fell ill of, or may have. Who that was is nobody's business here: a case is its place in a list.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// Any of these will do.
    pub places: Vec<Place<'a>>,
    /// How much it counts.
    pub weight: u32,
}

/// Where the goods of a case were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    Unit(u64),
    /// All that came to a party from one moment to another, both included.
    Subject {
        name: &'a str,
        from: i64,
        to: i64,
    },
    /// All that arrived by records of an area, as they name it, meanwhile.
    Area {
        area: &'a str,
        from: i64,
        to: i64,
    },
}

/// Some of the cases, by their places in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSet(Box<[u64]>);

impl CaseSet {
    pub(crate) fn empty(cases: usize) -> CaseSet {
        CaseSet(vec![0; words(cases)].into())
    }

    pub(crate) fn insert(&mut self, case: usize) {
        self.0[case / 64] |= 1 << (case % 64);
    }

    pub(crate) fn join(&mut self, words: &[u64]) {
        self.0.iter_mut().zip(words).for_each(|(own, more)| *own |= more);
    }

    /// Takes in those of another set of the same list.
    pub fn unite(&mut self, other: &CaseSet) {
        self.join(&other.0);
    }

    pub fn contains(&self, case: usize) -> bool {
        self.0.get(case / 64).is_some_and(|word| word >> (case % 64) & 1 == 1)
    }

    /// Ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        (0..self.0.len() * 64).filter(|case| self.contains(*case))
    }

    /// What these cases count together.
    pub fn weight(&self, cases: &[Case]) -> u64 {
        self.iter().map(|case| u64::from(cases[case].weight)).sum()
    }
}

/// Of 64 bits each.
pub(super) fn words(cases: usize) -> usize {
    cases.div_ceil(64)
}

/// Where in the graph each case lies.
pub(super) fn marks(goods: &Goods, cases: &[Case]) -> Vec<(Point, usize)> {
    let mut marks = Vec::new();
    for (case, places) in cases.iter().map(|case| &case.places).enumerate() {
        for place in places {
            match *place {
                Place::Unit(unit) => marks.extend(goods.of_unit(unit).map(|arrival| (arrival.point, case))),
                Place::Subject { name, from, to } => {
                    let came = goods.at_subject(name).filter(|arrival| from <= arrival.time && arrival.time <= to);
                    marks.extend(came.map(|arrival| (arrival.point, case)));
                }
                Place::Area { area, from, to } => {
                    let came = goods.arrivals.iter().filter(|arrival| from <= arrival.time && arrival.time <= to && arrival.area == area);
                    marks.extend(came.map(|arrival| (arrival.point, case)));
                }
            }
        }
    }
    marks
}
