//! When two nodes have the same figures: SHA-256 over a month's rows in one canonical form.
//!
//! The form is fixed for good, as versions of the software meet over a link: texts in UTF-8 after their length as 32-bit big-endian, numbers
//! as 64-bit big-endian, lists after their length; rows in the order of their keys, groupings by days before those by the month. A later
//! version that counts more gives it a hash of its own.

use sha2::{Digest, Sha256};

use super::cell::{Cell, Counts};
use super::sheet::Sheet;
use super::subjects::SubjectGroup;

pub fn digest(sheet: &Sheet) -> [u8; 32] {
    let mut form = Form(Sha256::new());
    form.text("tracemesh figures 1");
    form.text(&sheet.origin);
    form.text(&sheet.month.to_string());
    form.number(sheet.cells.len() as i64);
    for (cell, counts) in &sheet.cells {
        form.cell(cell, counts);
    }
    form.number(sheet.subjects.len() as i64);
    for (group, subjects) in &sheet.subjects {
        form.subjects(group, *subjects);
    }
    form.0.finalize().into()
}

struct Form(Sha256);

impl Form {
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u32).to_be_bytes());
        self.0.update(text);
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    fn cell(&mut self, cell: &Cell, counts: &Counts) {
        self.text(&cell.day.to_string());
        for word in [&cell.area, &cell.category, &cell.class, &cell.provider] {
            self.text(word);
        }
        self.number(counts.records);
        self.number(counts.late);
        self.number(counts.measures.len() as i64);
        for (unit, amount) in &counts.measures {
            self.text(unit);
            self.text(&amount.to_string());
        }
    }

    /// An area or category that does not matter is `*`, which no area and no category is called.
    fn subjects(&mut self, group: &SubjectGroup, subjects: i64) {
        self.text(&group.period.to_string());
        self.text(group.area.as_deref().unwrap_or("*"));
        self.text(group.category.as_deref().unwrap_or("*"));
        self.number(subjects);
    }
}

#[cfg(test)]
mod tests {
    use tracemesh_model::Amount;

    use super::*;
    use crate::domain::version::{AsOf, Place};

    fn sheet() -> Sheet {
        let (day, area) = ("2026-01-01".parse().unwrap(), "370602".to_owned());
        let cell = Cell { day, area, category: "FOOD".into(), class: "RETAIL".into(), provider: "acme".into() };
        let counts = Counts { records: 2, late: 1, measures: [("kg".to_owned(), Amount::parse("12.5").unwrap())].into() };
        let group = SubjectGroup { period: "2026-01".parse().unwrap(), area: None, category: Some("FOOD".into()) };
        Sheet {
            origin: "yantai".into(),
            month: "2026-01".parse().unwrap(),
            version: Place::default(),
            as_of: AsOf::default(),
            cells: [(cell, counts)].into(),
            subjects: [(group, 1)].into(),
        }
    }

    /// Both sides of a link compute it, also when they run different versions: it may not change.
    #[test]
    fn the_form_is_fixed() {
        assert_eq!(hex::encode(digest(&sheet())), "04dd1134d269132ae4db2113747ef77ceb370fbca0580c618d55da9a3739f652");
    }

    #[test]
    fn every_figure_enters_and_the_version_does_not() {
        let known = digest(&sheet());
        let changed = |change: fn(&mut Sheet)| {
            let mut sheet = sheet();
            change(&mut sheet);
            digest(&sheet)
        };
        assert_eq!(changed(|sheet| sheet.version = Place { epoch: 9, seq: 9 }), known);
        assert_ne!(changed(|sheet| sheet.origin = "weihai".into()), known);
        assert_ne!(changed(|sheet| sheet.cells.values_mut().for_each(|counts| counts.late = 0)), known);
        assert_ne!(
            changed(|sheet| sheet.cells.values_mut().for_each(|counts| counts.add_measure("kg", Amount::from_billionths(1)))),
            known
        );
        assert_ne!(changed(|sheet| sheet.subjects.values_mut().for_each(|subjects| *subjects = 2)), known);
        assert_ne!(changed(|sheet| sheet.subjects.clear()), known);
    }
}
