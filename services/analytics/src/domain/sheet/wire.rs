//! A sheet as it travels: `tracemesh.analytics.v1.MonthFigures`. What comes from another node is read as strictly as anything from outside.

use std::collections::BTreeMap;

use tracemesh_proto::analytics::v1 as wire;
use tracemesh_proto::time::{micros, timestamp};

use super::Sheet;
use crate::domain::cell::{Cell, Counts, KILOGRAM, read_sum};
use crate::domain::month::{Month, day};
use crate::domain::subjects::{Period, SubjectGroup};
use crate::domain::version::{AsOf, Place};

/// Stands for "over all of them" where a grouping has no area or no category.
const ALL: &str = "*";

/// One thing that is wrong with somebody's figures, by its path in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetFault {
    pub field: String,
    pub value: String,
    /// What should stand there.
    pub expected: &'static str,
}

impl From<&Sheet> for wire::MonthFigures {
    fn from(sheet: &Sheet) -> Self {
        Self {
            version: Some(wire::MonthVersion {
                origin: sheet.origin.clone(),
                month: sheet.month.to_string(),
                epoch: sheet.version.epoch,
                seq: sheet.version.seq,
                hash: sheet.digest().to_vec().into(),
            }),
            as_of: Some((&sheet.as_of).into()),
            rows: sheet.cells.iter().map(row).collect(),
            subjects: sheet.subjects.iter().map(subject_row).collect(),
        }
    }
}

impl From<&AsOf> for wire::AsOf {
    fn from(as_of: &AsOf) -> Self {
        let AsOf { place: Place { epoch, seq }, recorded_at, journal } = as_of;
        let time = (*recorded_at != 0).then(|| timestamp(*recorded_at));
        Self { journal: journal.clone(), epoch: *epoch, seq: *seq, time }
    }
}

impl From<wire::AsOf> for AsOf {
    fn from(as_of: wire::AsOf) -> Self {
        let wire::AsOf { journal, epoch, seq, time } = as_of;
        Self { place: Place { epoch, seq }, recorded_at: micros(time.as_ref()), journal }
    }
}

/// Weight apart, other measures by name.
pub fn amounts(counts: &Counts) -> (String, Vec<wire::Measure>) {
    let weight = counts.measures.get(KILOGRAM).copied().unwrap_or_default();
    let others = counts.measures.iter().filter(|(unit, _)| *unit != KILOGRAM);
    (weight.to_string(), others.map(|(unit, amount)| wire::Measure { unit: unit.clone(), value: amount.to_string() }).collect())
}

fn row((cell, counts): (&Cell, &Counts)) -> wire::FigureRow {
    let (weight_kg, measures) = amounts(counts);
    wire::FigureRow {
        day: cell.day.to_string(),
        area: cell.area.clone(),
        category: cell.category.clone(),
        class: cell.class.clone(),
        provider: cell.provider.clone(),
        records: counts.records,
        late: counts.late,
        weight_kg,
        measures,
    }
}

fn subject_row((group, subjects): (&SubjectGroup, &i64)) -> wire::SubjectRow {
    let or_all = |word: &Option<String>| word.clone().unwrap_or_else(|| ALL.to_owned());
    let (area, category) = (or_all(&group.area), or_all(&group.category));
    wire::SubjectRow { period: group.period.to_string(), area, category, subjects: *subjects }
}

/// Reads figures that somebody handed over. Whether they have the hash that they claim is for the caller to see.
///
/// # Errors
/// All faults at once.
pub fn read(figures: wire::MonthFigures) -> Result<Sheet, Vec<SheetFault>> {
    let mut reader = Reader::default();
    let version = figures.version.unwrap_or_default();
    let month = version.month.parse::<Month>();
    let month = month.unwrap_or_else(|_| reader.fault("version.month", &version.month, "YYYY-MM", Month::of(jiff::civil::Date::ZERO)));
    let sheet = Sheet {
        month,
        version: Place { epoch: version.epoch, seq: version.seq },
        as_of: figures.as_of.unwrap_or_default().into(),
        cells: reader.cells(month, figures.rows),
        subjects: reader.subjects(month, figures.subjects),
        origin: version.origin,
    };
    if reader.faults.is_empty() { Ok(sheet) } else { Err(reader.faults) }
}

/// Goes on after a fault with something in its place, so that all are found.
#[derive(Default)]
struct Reader {
    faults: Vec<SheetFault>,
}

impl Reader {
    fn fault<T>(&mut self, field: &str, value: &str, expected: &'static str, instead: T) -> T {
        self.faults.push(SheetFault { field: format!("figures.{field}"), value: value.to_owned(), expected });
        instead
    }

    fn cells(&mut self, month: Month, rows: Vec<wire::FigureRow>) -> BTreeMap<Cell, Counts> {
        let mut cells = BTreeMap::new();
        for (index, row) in rows.into_iter().enumerate() {
            let at = format!("rows.{index}");
            let counts = self.counts(&at, &row);
            let Some(day) = day(&row.day).filter(|day| Month::of(*day) == month) else {
                self.fault(&format!("{at}.day"), &row.day, "a day of the month", ());
                continue;
            };
            let cell = Cell { day, area: row.area, category: row.category, class: row.class, provider: row.provider };
            if cells.insert(cell, counts).is_some() {
                self.fault(&at, &row.day, "one row for each cell", ());
            }
        }
        cells
    }

    fn counts(&mut self, at: &str, row: &wire::FigureRow) -> Counts {
        if row.records < 1 || row.late < 0 || row.late > row.records {
            self.fault(at, &format!("{} records, {} late", row.records, row.late), "at least one record, and no more late ones", ());
        }
        let mut counts = Counts { records: row.records, late: row.late, ..Counts::default() };
        let weight = wire::Measure { unit: KILOGRAM.to_owned(), value: row.weight_kg.clone() };
        for wire::Measure { unit, value } in row.measures.iter().chain([&weight]) {
            match read_sum(value) {
                Some(amount) => counts.add_measure(unit, amount),
                None => self.fault(at, value, "a plain decimal", ()),
            }
        }
        counts
    }

    fn subjects(&mut self, month: Month, rows: Vec<wire::SubjectRow>) -> BTreeMap<SubjectGroup, i64> {
        let mut subjects = BTreeMap::new();
        let unless_all = |word: String| (word != ALL).then_some(word);
        for (index, row) in rows.into_iter().enumerate() {
            let at = format!("subjects.{index}");
            let Some(period) = row.period.parse::<Period>().ok().filter(|period| period.month() == month) else {
                self.fault(&format!("{at}.period"), &row.period, "the month, or a day of it", ());
                continue;
            };
            let group = SubjectGroup { period, area: unless_all(row.area), category: unless_all(row.category) };
            if row.subjects < 1 || subjects.insert(group, row.subjects).is_some() {
                self.fault(&at, &row.subjects.to_string(), "one row for each grouping that has a subject", ());
            }
        }
        subjects
    }
}

#[cfg(test)]
mod tests {
    use tracemesh_model::Amount;

    use super::*;

    fn sheet() -> Sheet {
        let cell = |day: &str| Cell {
            day: day.parse().unwrap(),
            area: "370602".into(),
            category: "FOOD".into(),
            class: "RETAIL".into(),
            provider: "acme".into(),
        };
        let measures = [
            ("kg".to_owned(), Amount::from_billionths(12_500_000_000_000_000_000_000_000_001)),
            ("head".to_owned(), Amount::parse("3").unwrap()),
        ];
        let counts = Counts { records: 2, late: 1, measures: measures.into() };
        let group =
            |period: &str, area: Option<&str>| SubjectGroup { period: period.parse().unwrap(), area: area.map(Into::into), category: None };
        Sheet {
            origin: "yantai".into(),
            month: "2026-01".parse().unwrap(),
            version: Place { epoch: 1, seq: 7 },
            as_of: AsOf { place: Place { epoch: 1, seq: 9 }, recorded_at: 1_767_312_000_000_000, journal: "yantai.ingestion".into() },
            cells: [(cell("2026-01-01"), counts.clone()), (cell("2026-01-31"), Counts { records: 1, ..Counts::default() })].into(),
            subjects: [(group("2026-01", None), 2), (group("2026-01-01", Some("370602")), 1)].into(),
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let written = wire::MonthFigures::from(&sheet());
        assert_eq!(written.rows[0].weight_kg, "12500000000000000000.000000001");
        assert_eq!(written.rows[1].weight_kg, "0");
        assert_eq!((written.subjects[1].area.as_str(), written.subjects[1].category.as_str()), ("*", "*"));
        assert_eq!(read(written), Ok(sheet()));
    }

    #[test]
    fn everything_that_is_wrong_is_found() {
        let mut written = wire::MonthFigures::from(&sheet());
        written.rows[0].weight_kg = "1e3".into();
        written.rows[1].day = "2026-02-01".into();
        written.rows.push(wire::FigureRow { records: 0, ..written.rows[0].clone() });
        written.subjects[0].period = "2026-02".into();
        let fields: Vec<String> = read(written).unwrap_err().into_iter().map(|fault| fault.field).collect();
        assert_eq!(
            fields,
            ["rows.0", "rows.1.day", "rows.2", "rows.2", "rows.2", "subjects.0.period"].map(|field| format!("figures.{field}"))
        );
    }
}
