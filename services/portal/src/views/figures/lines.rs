//! Rows before they are written: the answer's rows gathered by area, one level below the area looked at, and by category.

use std::collections::BTreeMap;

use tracemesh_proto::analytics::v1::{GetAggregatesResponse, Row};

use crate::text::word;
use crate::views::figures::Look;
use crate::views::figures::silence;
use crate::views::figures::sums::Sums;
use crate::views::filter::Sort;
use crate::views::places::Below;

/// A row: what it is called, and its sums.
#[derive(Debug, Default)]
pub struct Line {
    /// An area id or a category; empty for what lies outside.
    pub id: String,
    pub name: String,
    /// One level deeper, or narrowed to this row.
    pub href: Option<String>,
    /// Why its figures are old or absent.
    pub silent: Option<String>,
    pub sums: Sums,
}

impl Line {
    /// A node that has never sent a figure has not sent a nought.
    pub fn is_known(&self) -> bool {
        self.silent.is_none() || self.sums.records > 0
    }
}

/// By area, in the order asked for. A silent node's area has a line even without figures.
pub fn by_area(answer: &GetAggregatesResponse, look: &Look) -> Vec<Line> {
    let mut lines: BTreeMap<Below, Line> = BTreeMap::new();
    for row in &answer.rows {
        lines.entry(look.below(&row.area)).or_default().sums.add(row.figures.as_ref());
    }
    for (area, why) in silence::areas(answer, look) {
        lines.entry(look.below(area)).or_default().silent = Some(why);
    }
    let named = lines.into_iter().map(|(place, line)| named_area(place, line, look));
    sorted(named.collect(), look.filter.sort)
}

fn named_area(place: Below, line: Line, look: &Look) -> Line {
    let text = &look.language.text().figures;
    match place {
        Below::In(id) => {
            let href = look.places.is_divided(&id).then(|| look.filter.in_area(&id).href());
            Line { name: look.places.name(&id, look.language), href, id, ..line }
        }
        Below::Itself => Line { name: text.own_area.into(), id: look.base().into(), ..line },
        Below::Outside => Line { name: text.outside.into(), ..line },
        Below::Unstated => Line { name: text.unstated.into(), ..line },
    }
}

/// By category, in the order asked for.
pub fn by_category(rows: &[Row], look: &Look) -> Vec<Line> {
    let mut lines: BTreeMap<&str, Sums> = BTreeMap::new();
    for row in rows {
        let category = if row.category.is_empty() { "UNKNOWN" } else { &row.category };
        lines.entry(category).or_default().add(row.figures.as_ref());
    }
    let named = lines.into_iter().map(|(id, sums)| Line {
        id: id.into(),
        name: word(look.language.text().words.categories, id).unwrap_or(id).into(),
        href: (look.filter.category != id).then(|| look.filter.in_category(id).href()),
        silent: None,
        sums,
    });
    sorted(named.collect(), look.filter.sort)
}

fn sorted(mut lines: Vec<Line>, by: Sort) -> Vec<Line> {
    lines.sort_by(|a, b| match by {
        Sort::Name => a.name.cmp(&b.name),
        Sort::Records => b.sums.records.cmp(&a.sums.records),
        Sort::Weight => b.sums.weight.cmp(&a.sums.weight),
        Sort::Late => b.sums.late.cmp(&a.sums.late),
    });
    lines
}
