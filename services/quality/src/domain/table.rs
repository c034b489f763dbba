//! An answer as it fills: cells, doubtful records, findings and establishments go in, rows by the dimensions asked for come out, and the total.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_model::{AreaTree, china_day};

use super::cell::{Cell, Counts, Subject};
use super::detect;
use super::dimension::Dimension;
use super::finding::Finding;
use super::indicators::Score;
use super::question::Question;

/// What one answer holds at most: a message of a few megabytes.
pub const ROWS_MOST: usize = 50_000;

/// The question has more than [`ROWS_MOST`] rows: it is to be narrowed, or asked by fewer dimensions.
#[derive(Debug, PartialEq, Eq)]
pub struct TooManyRows;

/// A subject of the registry that is an establishment in its normal state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Establishment {
    pub subject: Subject,
    pub area: String,
    /// None = every one.
    pub categories: Vec<String>,
}

pub struct Table<'a> {
    origin: &'a str,
    question: &'a Question,
    tree: &'a AreaTree,
    rows: BTreeMap<Vec<String>, Sums>,
    total: Sums,
}

/// A row with the subjects that answer for its records.
#[derive(Default)]
struct Sums {
    score: Score,
    seen: BTreeSet<i64>,
}

impl<'a> Table<'a> {
    pub fn new(origin: &'a str, question: &'a Question, tree: &'a AreaTree) -> Self {
        Self { origin, question, tree, rows: BTreeMap::new(), total: Sums::default() }
    }

    /// Counts a cell and those of its records that are doubtful, unless the question is not about it.
    pub fn count(&mut self, cell: &Cell, counts: Counts, anomalous: i64) -> Result<(), TooManyRows> {
        self.each_row(cell, |sums| {
            sums.score.counts += counts;
            sums.score.anomalous += anomalous;
            if counts.records > 0 && cell.subject.key != 0 {
                sums.seen.insert(cell.subject.key);
            }
        })
    }

    /// Counts a finding on the day on which it was found.
    pub fn raise(&mut self, finding: &Finding) -> Result<(), TooManyRows> {
        let subject = Subject { key: finding.subject, shown: finding.subject_shown.clone() };
        let (provider, area, category) = (finding.provider.clone(), finding.area.clone(), finding.category.clone());
        let cell = Cell { day: china_day(finding.found_at), provider, subject, area, category };
        let dimension = detect::named(&finding.kind).map(|detector| detector.dimension);
        self.each_row(&cell, |sums| {
            sums.score.raised += 1;
            sums.score.closed_in_time += i64::from(finding.is_closed_in_time());
            if let Some(dimension) = dimension {
                sums.score.dimensions[dimension as usize] += 1;
            }
        })
    }

    fn each_row(&mut self, cell: &Cell, add: impl Fn(&mut Sums)) -> Result<(), TooManyRows> {
        if !self.question.days.contain(cell.day) || !self.question.sees(self.tree, &cell.provider, &cell.area, &cell.category) {
            return Ok(());
        }
        add(&mut self.total);
        if !self.question.by.is_empty() {
            add(self.rows.entry(self.question.row_of(self.origin, cell)).or_default());
        }
        if self.rows.len() > ROWS_MOST { Err(TooManyRows) } else { Ok(()) }
    }

    /// The total and the rows, with those establishments that each of them is about.
    pub fn finish(mut self, establishments: &[Establishment]) -> (Score, BTreeMap<Vec<String>, Score>) {
        for of in establishments.iter().filter(|of| is_asked_about(self.question, self.tree, of)) {
            self.total.expect(of);
            for (row, sums) in &mut self.rows {
                if self.question.by.iter().zip(row).all(|(dimension, word)| belongs(of, *dimension, word)) {
                    sums.expect(of);
                }
            }
        }
        (self.total.score, self.rows.into_iter().map(|(row, sums)| (row, sums.score)).collect())
    }
}

impl Sums {
    fn expect(&mut self, of: &Establishment) {
        self.score.establishments += 1;
        self.score.active += i64::from(self.seen.contains(&of.subject.key));
    }
}

fn is_asked_about(question: &Question, tree: &AreaTree, of: &Establishment) -> bool {
    question.views.iter().all(|view| {
        let in_category = of.categories.is_empty() || of.categories.iter().any(|category| view.categories.names(category));
        in_category && view.sees_area(tree, &of.area)
    })
}

/// Whether an establishment is one of a row's, whether or not it has a record there. Nothing says of which day or provider it is to be expected.
fn belongs(of: &Establishment, dimension: Dimension, word: &str) -> bool {
    match dimension {
        Dimension::Area => of.area == word,
        Dimension::Category => of.categories.is_empty() || of.categories.iter().any(|category| category == word),
        Dimension::Subject => of.subject.shown == word,
        Dimension::Origin | Dimension::Day | Dimension::Provider => true,
    }
}
