//! An answer as it fills: cells of any origin go in, rows by the dimensions asked for come out, and the total over all of them.

use std::collections::BTreeMap;

use tracemesh_model::AreaTree;

use super::cell::{Cell, Counts};
use super::question::Question;
use super::sheet::Sheet;
use super::subjects::{Extent, Extents, Period};

/// What one answer holds at most: a message of a few megabytes.
pub const ROWS_MOST: usize = 50_000;

/// The question has more than [`ROWS_MOST`] rows: it is to be narrowed, or asked by fewer dimensions.
#[derive(Debug, PartialEq, Eq)]
pub struct TooManyRows;

/// The figures of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub counts: Counts,
    /// Distinct responsible subjects; `None` where such a number does not exist.
    pub subjects: Option<i64>,
    /// More than one origin is in it, so that a subject of two origins counts twice.
    pub is_over_origins: bool,
    origin: String,
}

/// Which row of the table; `None` is the total.
type RowKey = Option<Vec<String>>;

pub struct Table<'a> {
    question: &'a Question,
    tree: &'a AreaTree,
    pub rows: BTreeMap<Vec<String>, Sums>,
    pub total: Sums,
}

impl<'a> Table<'a> {
    pub fn new(question: &'a Question, tree: &'a AreaTree) -> Self {
        let total = Sums::of(question.days.period());
        Self { question, tree, rows: BTreeMap::new(), total }
    }

    /// Counts a cell, unless the question is not about it.
    pub fn count(&mut self, origin: &str, cell: &Cell, counts: &Counts) -> Result<(), TooManyRows> {
        if !self.takes(cell) {
            return Ok(());
        }
        self.total.add(origin, counts);
        if self.question.by.is_empty() {
            return Ok(());
        }
        let period = self.question.period_of(cell.day);
        self.rows.entry(self.question.row_of(origin, cell)).or_insert_with(|| Sums::of(period)).add(origin, counts);
        if self.rows.len() > ROWS_MOST { Err(TooManyRows) } else { Ok(()) }
    }

    /// Adds distinct subjects that an origin counted for exactly this row; one that it has no row for is not asked about.
    pub fn add_subjects(&mut self, row: RowKey, subjects: Option<i64>) {
        let sums = match row {
            None => Some(&mut self.total),
            Some(row) => self.rows.get_mut(&row),
        };
        if let Some(sums) = sums {
            sums.subjects = sums.subjects.zip(subjects).map(|(before, more)| before.saturating_add(more));
        }
    }

    /// Counts all of another origin's month.
    pub fn add_sheet(&mut self, sheet: &Sheet) -> Result<(), TooManyRows> {
        let mut extents: BTreeMap<RowKey, Extent<'_>> = BTreeMap::new();
        for (cell, counts) in sheet.cells.iter().filter(|(cell, _)| self.takes(cell)).collect::<Vec<_>>() {
            self.count(&sheet.origin, cell, counts)?;
            for (row, period) in self.rows_with_subjects(&sheet.origin, cell) {
                extents.entry(row).and_modify(|extent| extent.add(cell)).or_insert_with(|| Extent::of(period, cell));
            }
        }
        if extents.is_empty() {
            return Ok(());
        }
        let whole = Extents::new(sheet.cells.keys());
        for (row, extent) in extents {
            let group = whole.grouping(&extent);
            self.add_subjects(row, group.map(|group| sheet.subjects.get(&group).copied().unwrap_or(0)));
        }
        Ok(())
    }

    fn takes(&self, cell: &Cell) -> bool {
        self.question.days.contain(cell.day) && self.question.sees(self.tree, &cell.area, &cell.category)
    }

    /// The rows that a cell counts in, the total included, as far as they are of a period that has distinct subjects.
    fn rows_with_subjects(&self, origin: &str, cell: &Cell) -> Vec<(RowKey, Period)> {
        let total = self.question.days.period().map(|period| (None, period));
        let row = (!self.question.by.is_empty()).then(|| self.question.row_of(origin, cell));
        let row = row.zip(self.question.period_of(cell.day)).map(|(row, period)| (Some(row), period));
        total.into_iter().chain(row).collect()
    }
}

impl Sums {
    fn of(period: Option<Period>) -> Self {
        Self { subjects: period.map(|_| 0), ..Self::default() }
    }

    fn add(&mut self, origin: &str, counts: &Counts) {
        if self.origin.is_empty() {
            origin.clone_into(&mut self.origin);
        }
        self.is_over_origins |= self.origin != origin;
        self.counts.add(counts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subjects::SubjectGroup;
    use crate::domain::version::{AsOf, Place};

    fn cell(day: &str, area: &str, class: &str) -> Cell {
        Cell { day: day.parse().unwrap(), area: area.into(), category: "FOOD".into(), class: class.into(), provider: "acme".into() }
    }

    fn one() -> Counts {
        Counts { records: 1, ..Counts::default() }
    }

    /// Two areas; 3 subjects in the first, 2 in the second, one of them in both.
    fn sheet(origin: &str) -> Sheet {
        let cells = [cell("2026-01-01", "370602", "RETAIL"), cell("2026-01-02", "370602", "STORE"), cell("2026-01-02", "370611", "RETAIL")];
        let group = |period: &str, area: Option<&str>, subjects| {
            (SubjectGroup { period: period.parse().unwrap(), area: area.map(Into::into), category: None }, subjects)
        };
        Sheet {
            origin: origin.into(),
            month: "2026-01".parse().unwrap(),
            version: Place::default(),
            as_of: AsOf::default(),
            cells: cells.map(|cell| (cell, one())).into(),
            subjects: [group("2026-01", None, 4), group("2026-01", Some("370602"), 3), group("2026-01", Some("370611"), 2)].into(),
        }
    }

    fn question(from: &str, to: &str, by: &[&str]) -> Question {
        let by: Vec<String> = by.iter().map(|word| (*word).to_owned()).collect();
        Question::read(from, to, &by, vec![]).unwrap()
    }

    fn shown(question: &Question, sheets: &[Sheet]) -> Vec<String> {
        let tree = AreaTree::default();
        let mut table = Table::new(question, &tree);
        sheets.iter().for_each(|sheet| table.add_sheet(sheet).unwrap());
        let show = |name: String, sums: &Sums| {
            let subjects = sums.subjects.map_or("?".into(), |subjects| subjects.to_string());
            format!("{name}: {} records, {subjects} subjects{}", sums.counts.records, if sums.is_over_origins { " summed" } else { "" })
        };
        let total = show("total".into(), &table.total);
        table.rows.iter().map(|(row, sums)| show(row.join(" "), sums)).chain([total]).collect()
    }

    #[test]
    fn subjects_of_a_month_are_those_that_the_origin_counted() {
        let question = question("2026-01-01", "2026-01-31", &["area"]);
        let one = ["370602: 2 records, 3 subjects", "370611: 1 records, 2 subjects", "total: 3 records, 4 subjects"];
        assert_eq!(shown(&question, &[sheet("a")]), one);
        let two = ["370602: 4 records, 6 subjects summed", "370611: 2 records, 4 subjects summed", "total: 6 records, 8 subjects summed"];
        assert_eq!(shown(&question, &[sheet("a"), sheet("b")]), two);
    }

    #[test]
    fn a_part_of_what_was_counted_has_no_subjects() {
        let by_class = question("2026-01-01", "2026-01-31", &["class"]);
        assert_eq!(
            shown(&by_class, &[sheet("a")]),
            ["RETAIL: 2 records, ? subjects", "STORE: 1 records, ? subjects", "total: 3 records, 4 subjects"]
        );
        let half_a_month = question("2026-01-01", "2026-01-15", &["origin"]);
        assert_eq!(shown(&half_a_month, &[sheet("a")]), ["a: 3 records, ? subjects", "total: 3 records, ? subjects"]);
    }

    #[test]
    fn a_month_within_a_longer_range_has_subjects_and_the_range_has_none() {
        let question = question("2025-12-01", "2026-01-31", &["month"]);
        assert_eq!(shown(&question, &[sheet("a")]), ["2026-01: 3 records, 4 subjects", "total: 3 records, ? subjects"]);
    }

    #[test]
    fn an_answer_has_an_end() {
        let (question, tree) = (question("", "", &["provider"]), AreaTree::default());
        let mut table = Table::new(&question, &tree);
        let of = |n: usize| Cell { provider: format!("p{n}"), ..cell("2026-01-01", "a", "RETAIL") };
        assert!((0..ROWS_MOST).all(|n| table.count("a", &of(n), &one()).is_ok()));
        assert_eq!(table.count("a", &of(ROWS_MOST), &one()), Err(TooManyRows));
    }
}
