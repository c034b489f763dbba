//! A table of figures as it is written: heads that sort, rows with a bar, and the filters that are set.

use crate::text::{fill, word};
use crate::views::figures::Look;
use crate::views::figures::lines::Line;
use crate::views::filter::Sort;
use crate::views::number::{Weight, grouped, share, weight, width};

/// Rows of a table on the page; the CSV has all.
const MAX_ROWS: usize = 40;

/// One table.
#[derive(Debug)]
pub struct Table {
    pub caption: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<FigureRow>,
    /// How many rows are not shown.
    pub more: Option<String>,
}

/// A column head that sorts.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub href: String,
    pub label: String,
    /// The value of `aria-sort`, where the table is sorted by it.
    pub sorted: Option<&'static str>,
    pub is_number: bool,
}

/// One row; what is not known is a dash.
#[derive(Debug)]
pub struct FigureRow {
    pub name: String,
    pub href: Option<String>,
    pub records: String,
    /// The bar behind the records, in per cent of the longest.
    pub width: u64,
    pub weight: Weight,
    pub late: String,
    pub late_share: Option<String>,
    /// Why the row is hatched.
    pub silent: Option<String>,
}

/// A filter that is set, and the address without it.
#[derive(Debug)]
pub struct Chip {
    pub name: String,
    pub label: String,
    pub href: String,
}

/// The table of some lines; `first` heads the column of names.
pub fn table(caption: &'static str, first: &'static str, lines: &[Line], look: &Look) -> Table {
    let largest = lines.iter().map(|line| line.sums.records).max().unwrap_or_default();
    // a silent row is never among those that are left out
    let shown = lines.iter().enumerate().filter(|(index, line)| *index < MAX_ROWS || line.silent.is_some());
    let rows: Vec<_> = shown.map(|(_, line)| row(line, largest)).collect();
    let left_out = (lines.len() - rows.len()) as u64;
    let more = (left_out > 0).then(|| look.language.text().figures.more.of(left_out));
    Table { caption, columns: columns(first, look), rows, more }
}

fn row(line: &Line, largest: u64) -> FigureRow {
    let dash = || "–".to_owned();
    let known = line.is_known();
    let weighed = line.sums.weight.filter(|_| known).map(|sum| weight(&sum.to_string()));
    FigureRow {
        name: line.name.clone(),
        href: line.href.clone(),
        records: if known { grouped(line.sums.records) } else { dash() },
        width: width(line.sums.records, largest),
        weight: weighed.unwrap_or(Weight { text: dash(), exact: dash() }),
        late: if known { grouped(line.sums.late) } else { dash() },
        late_share: known.then(|| share(line.sums.late, line.sums.records)),
        silent: line.silent.clone(),
    }
}

fn columns(first: &'static str, look: &Look) -> Vec<Column> {
    let text = &look.language.text().figures;
    let all = [(first, Sort::Name), (text.records_column, Sort::Records), (text.weight, Sort::Weight), (text.late_column, Sort::Late)];
    let column = |(name, sort)| Column {
        name,
        href: look.filter.sorted(sort).href(),
        label: fill(text.sort_by, &[("name", name)]),
        sorted: (look.filter.sort == sort).then_some(if sort == Sort::Name { "ascending" } else { "descending" }),
        is_number: sort != Sort::Name,
    };
    all.into_iter().map(column).collect()
}

/// The filters that are set.
pub fn chips(look: &Look) -> Vec<Chip> {
    let (text, filter) = (look.language.text(), look.filter);
    let chip = |name: String, href: String| Chip { label: fill(text.figures.clear, &[("name", &name)]), name, href };
    let area = look.places.full_name(&filter.area, look.language).map(|name| chip(name, filter.in_area("").href()));
    let category = (!filter.category.is_empty()).then(|| {
        let name = word(text.words.categories, &filter.category).unwrap_or(&filter.category);
        chip(name.to_owned(), filter.in_category("").href())
    });
    area.into_iter().chain(category).collect()
}
