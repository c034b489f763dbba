//! The figures of today: totals, and two tables, by area and by category, made from the same rows so that they add up to the same.
//!
//! Areas are gathered under the area that is looked at, one level down: a nation sees provinces, and each row leads one level deeper. An
//! area whose node does not answer keeps its row, hatched and named: its figures are old or absent, and the page says which.

pub mod csv;
pub mod lines;
pub mod silence;
pub mod sums;
pub mod table;

use jiff::Timestamp;
use tracemesh_proto::analytics::v1::{AsOf, Figures, GetAggregatesResponse};
use tracemesh_proto::federation::v1::GetLinkStatusResponse;

use crate::language::Language;
use crate::text::{fill, word};
use crate::views::figures::table::{Chip, Table};
use crate::views::filter::{Days, Filter};
use crate::views::moment::{self, Moment};
use crate::views::number::{Weight, grouped, share, weight};
use crate::views::places::{Below, Places};

/// What the figures are looked at with.
pub struct Look<'a> {
    pub now: Timestamp,
    /// The area of the node itself: where an unfiltered look starts.
    pub home: &'a str,
    pub filter: &'a Filter,
    /// The days that the figures are of.
    pub days: Days,
    pub places: &'a Places,
    /// The nodes below, for their names and areas; without them a silent node is called by its id.
    pub links: Option<&'a GetLinkStatusResponse>,
    pub language: Language,
}

impl Look<'_> {
    fn base(&self) -> &str {
        if self.filter.area.is_empty() { self.home } else { &self.filter.area }
    }

    fn below(&self, area: &str) -> Below {
        self.places.below(self.base(), area)
    }

    pub(super) fn node_name(&self, node: &str) -> String {
        let area = silence::find(self.links, node).map_or("", |link| &link.area);
        self.places.node_name(node, area, self.language)
    }
}

/// The panel.
#[derive(Debug)]
pub struct FiguresView {
    pub title: &'static str,
    pub days: String,
    pub choices: [DaysChoice; 2],
    /// Why it is not today that is shown.
    pub instead: Option<&'static str>,
    pub none: &'static str,
    pub records: String,
    pub weight: Weight,
    /// Amounts in other units of measure, each with its unit.
    pub other_units: Vec<String>,
    pub subjects: String,
    pub subjects_summed: bool,
    pub late: String,
    pub late_share: String,
    pub empty: bool,
    /// By area, by category.
    pub tables: [Table; 2],
    pub chips: Vec<Chip>,
    pub warnings: Vec<String>,
    pub as_of: Option<Moment>,
    /// Journal, epoch and entry that the figures are true of.
    pub entry: String,
    pub csv: String,
}

/// Days that can be looked at instead.
#[derive(Debug)]
pub struct DaysChoice {
    pub name: &'static str,
    pub href: String,
    pub current: bool,
}

/// The figures as they are looked at.
pub fn figures(answer: &GetAggregatesResponse, look: &Look) -> FiguresView {
    let text = look.language.text();
    let total = answer.total.clone().unwrap_or_default();
    let (records, late) = (total.records.max(0) as u64, total.late.max(0) as u64);
    let (by_area, by_category) = (lines::by_area(answer, look), lines::by_category(&answer.rows, look));
    let as_of = answer.as_of.clone().unwrap_or_default();
    FiguresView {
        title: if look.days == Days::Today { text.figures.title } else { text.figures.title_week },
        days: moment::span(look.days.count(), look.now, text),
        choices: [(Days::Today, text.figures.today), (Days::Week, text.figures.week)].map(|(days, name)| choice(days, name, look)),
        instead: (look.filter.days.is_none() && look.days == Days::Week).then_some(text.figures.instead),
        none: if look.days == Days::Today { text.figures.none } else { text.figures.none_week },
        records: grouped(records),
        weight: weight(&total.weight_kg),
        other_units: other_units(&total, look.language),
        subjects: if total.subjects < 0 { "–".into() } else { grouped(total.subjects) },
        subjects_summed: total.subjects_summed,
        late: grouped(late),
        late_share: share(late, records),
        empty: by_area.is_empty(),
        tables: [
            table::table(text.figures.by_area, text.figures.area, &by_area, look),
            table::table(text.figures.by_category, text.figures.category, &by_category, look),
        ],
        chips: table::chips(look),
        warnings: silence::warnings(answer, look),
        as_of: moment::from_wire(as_of.time.as_ref()).map(|at| moment::second(at, look.now, text)),
        entry: entry(&as_of, look.language),
        csv: look.filter.csv(),
    }
}

fn choice(days: Days, name: &'static str, look: &Look) -> DaysChoice {
    DaysChoice { name, href: look.filter.over(days).href(), current: days == look.days }
}

fn other_units(total: &Figures, language: Language) -> Vec<String> {
    let unit = |unit: &str| word(language.text().words.units, unit).unwrap_or(unit).to_owned();
    total.measures.iter().map(|measure| format!("{} {}", grouped(&measure.value), unit(&measure.unit))).collect()
}

fn entry(as_of: &AsOf, language: Language) -> String {
    let (epoch, seq) = (as_of.epoch.to_string(), grouped(as_of.seq));
    fill(language.text().intake.up_to_entry, &[("journal", &as_of.journal), ("epoch", &epoch), ("seq", &seq)])
}

#[cfg(test)]
mod tests;
