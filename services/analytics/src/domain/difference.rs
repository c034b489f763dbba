//! Where what is kept and what is recounted part.

use std::collections::BTreeSet;

use super::cell::{Cell, Counts, Presence};
use super::recount::Cells;

/// A figure that is not what a recount says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `DAY AREA CATEGORY CLASS PROVIDER: FIGURE`
    pub key: String,
    pub kept: String,
    pub recounted: String,
}

/// In the order of cells, and within one records first.
pub fn first_difference(kept: &Cells, recounted: &Cells) -> Option<Difference> {
    let cells: BTreeSet<&Cell> = kept.keys().chain(recounted.keys()).collect();
    let cell = cells.into_iter().find(|cell| kept.get(*cell) != recounted.get(*cell))?;
    let (kept, recounted) = (figures(kept.get(cell)), figures(recounted.get(cell)));
    let name = kept.iter().chain(&recounted).map(|(name, _)| name).find(|name| value(&kept, name) != value(&recounted, name))?;
    let Cell { day, area, category, class, provider } = cell;
    let key = format!("{day} {area} {category} {class} {provider}: {name}");
    Some(Difference { key, kept: value(&kept, name), recounted: value(&recounted, name) })
}

/// A cell's figures by name, as people read them.
fn figures(content: Option<&(Counts, Presence)>) -> Vec<(String, String)> {
    let Some((counts, presence)) = content else { return Vec::new() };
    let numbers = [("records".to_owned(), counts.records.to_string()), ("late".to_owned(), counts.late.to_string())];
    let measures = counts.measures.iter().map(|(unit, amount)| (format!("amount in {unit:?}"), amount.to_string()));
    let subjects = presence.iter().map(|(subject, records)| (format!("records of subject {subject:016x}"), records.to_string()));
    numbers.into_iter().chain(measures).chain(subjects).collect()
}

fn value(figures: &[(String, String)], name: &str) -> String {
    figures.iter().find(|(known, _)| known == name).map_or_else(|| "0".to_owned(), |(_, value)| value.clone())
}

#[cfg(test)]
mod tests {
    use tracemesh_model::Amount;

    use super::*;

    fn cells(day: &str, records: i64, kilograms: &str, subject: i64) -> Cells {
        let [area, category, class, provider] = ["370602", "FOOD", "RETAIL", "acme"].map(str::to_owned);
        let cell = Cell { day: day.parse().unwrap(), area, category, class, provider };
        let counts = Counts { records, late: 0, measures: [("kg".to_owned(), Amount::parse(kilograms).unwrap())].into() };
        [(cell, (counts, [(subject, records)].into()))].into()
    }

    fn between(kept: &Cells, recounted: &Cells) -> Option<String> {
        let Difference { key, kept, recounted } = first_difference(kept, recounted)?;
        Some(format!("{key} {kept} {recounted}"))
    }

    #[test]
    fn the_first_figure_that_differs_is_named() {
        let kept = cells("2026-01-02", 2, "5", 7);
        let against = |other: Cells| between(&kept, &other);
        assert_eq!(against(kept.clone()), None);
        assert_eq!(against(cells("2026-01-02", 3, "6", 7)).unwrap(), "2026-01-02 370602 FOOD RETAIL acme: records 2 3");
        assert_eq!(against(cells("2026-01-02", 2, "6.5", 7)).unwrap(), "2026-01-02 370602 FOOD RETAIL acme: amount in \"kg\" 5 6.5");
        let other_subject = against(cells("2026-01-02", 2, "5", 8)).unwrap();
        assert_eq!(other_subject, "2026-01-02 370602 FOOD RETAIL acme: records of subject 0000000000000007 2 0");
        assert_eq!(against(cells("2026-01-01", 1, "1", 7)).unwrap(), "2026-01-01 370602 FOOD RETAIL acme: records 0 1");
        assert_eq!(against(Cells::new()).unwrap(), "2026-01-02 370602 FOOD RETAIL acme: records 2 0");
    }
}
