//! Distinct subjects. They cannot be added up: a stall that sells on two days is one stall. So they exist where somebody counted them, which
//! is at their origin, for a day or a month; what a node hands on is one number for each of four groupings, [`SubjectGroup`].
//!
//! A row of an answer may be one of those groupings or something between them. [`Extents`] finds out: a row's cells lie within the smallest
//! grouping that holds them all, and are all of it exactly when there are as many.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::cell::Cell;
use super::month::{Month, day};

/// A time for which subjects are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    Day(Date),
    Month(Month),
}

impl Period {
    pub fn month(self) -> Month {
        match self {
            Period::Day(day) => Month::of(day),
            Period::Month(month) => month,
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Day(day) => day.fmt(f),
            Period::Month(month) => month.fmt(f),
        }
    }
}

impl FromStr for Period {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        day(text).map(Period::Day).or_else(|| text.parse().ok().map(Period::Month)).ok_or(())
    }
}

/// A grouping for which distinct subjects are handed on. None = over all areas, over all categories.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectGroup {
    pub period: Period,
    pub area: Option<String>,
    pub category: Option<String>,
}

/// How many cells of a month each grouping holds.
#[derive(Debug, Default)]
pub struct Extents<'a>(HashMap<(Period, Option<&'a str>, Option<&'a str>), usize>);

/// The cells of one row so far.
#[derive(Clone, Copy, Debug)]
pub struct Extent<'a> {
    period: Period,
    area: Option<&'a str>,
    category: Option<&'a str>,
    cells: usize,
}

impl<'a> Extents<'a> {
    pub fn new(cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut extents = Self::default();
        for cell in cells {
            extents.count(Period::Day(cell.day), cell);
            extents.count(Period::Month(cell.month()), cell);
        }
        extents
    }

    fn count(&mut self, period: Period, cell: &'a Cell) {
        for area in [None, Some(cell.area.as_str())] {
            for category in [None, Some(cell.category.as_str())] {
                *self.0.entry((period, area, category)).or_default() += 1;
            }
        }
    }

    /// The grouping whose cells are exactly those of the row; `None` where the row is a part of every grouping that holds it.
    pub fn grouping(&self, row: &Extent<'a>) -> Option<SubjectGroup> {
        let candidates = [(None, None), (row.area, None), (None, row.category), (row.area, row.category)];
        let whole = |(area, category): &(Option<&'a str>, Option<&'a str>)| self.0.get(&(row.period, *area, *category)) == Some(&row.cells);
        let (area, category) = candidates.into_iter().find(whole)?;
        Some(SubjectGroup { period: row.period, area: area.map(str::to_owned), category: category.map(str::to_owned) })
    }
}

impl<'a> Extent<'a> {
    pub fn of(period: Period, cell: &'a Cell) -> Self {
        Self { period, area: Some(&cell.area), category: Some(&cell.category), cells: 1 }
    }

    pub fn add(&mut self, cell: &'a Cell) {
        self.area = self.area.filter(|area| *area == cell.area);
        self.category = self.category.filter(|category| *category == cell.category);
        self.cells += 1;
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn cell(area: &str, category: &str, class: &str) -> Cell {
        Cell { day: date(2026, 1, 1), area: area.into(), category: category.into(), class: class.into(), provider: "p".into() }
    }

    /// The grouping that those of the cells are which `row` picks.
    fn grouping(row: &[usize]) -> Option<(Option<String>, Option<String>)> {
        let cells = [cell("a", "x", "k"), cell("a", "x", "l"), cell("a", "y", "k"), cell("b", "x", "k"), cell("c", "z", "k")];
        let period = Period::Month("2026-01".parse().unwrap());
        let mut extent = Extent::of(period, &cells[row[0]]);
        row[1..].iter().for_each(|at| extent.add(&cells[*at]));
        let group = Extents::new(&cells).grouping(&extent)?;
        Some((group.area, group.category))
    }

    #[test]
    fn a_row_is_a_grouping_if_it_holds_all_of_it() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(grouping(&[0, 1, 2, 3, 4]), Some((None, None)));
        assert_eq!(grouping(&[0, 1, 2]), Some((some("a"), None)));
        assert_eq!(grouping(&[0, 1, 3]), Some((None, some("x"))));
        assert_eq!(grouping(&[0, 1]), Some((some("a"), some("x"))));
        assert_eq!(grouping(&[4]), Some((some("c"), None)), "the whole of c is that of z as well");
    }

    #[test]
    fn a_part_of_a_grouping_is_none() {
        assert_eq!(grouping(&[0]), None, "one class of two");
        assert_eq!(grouping(&[0, 1, 4]), None, "two areas of three");
        assert_eq!(grouping(&[0, 2]), None);
    }

    #[test]
    fn periods_read_back() {
        for text in ["2026-01-31", "2026-01"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        assert_eq!(["", "*", "2026", "2026-01-32"].map(|text| text.parse::<Period>().ok()), [None; 4]);
    }
}
