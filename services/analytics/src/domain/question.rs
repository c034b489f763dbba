//! What figures are asked for: a range of days, what to stay within, and by which dimensions.

use jiff::civil::Date;
use tracemesh_access::Scope;
use tracemesh_model::AreaTree;

use super::cell::Cell;
use super::days::Days;
use super::dimension::Dimension;
use super::month::{Month, day};
use super::subjects::Period;

/// One thing that is wrong with a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuestionFault {
    /// Neither empty nor a day of the calendar.
    Date { field: &'static str, value: String },
    /// The range ends before it begins.
    Reversed { from: Date, to: Date },
    /// None of [`Dimension::ALL`].
    Dimension { index: usize, value: String },
}

/// A range as it is asked for: days of the calendar, or nothing for an open end.
pub fn days(from: &str, to: &str) -> Result<Days, Vec<QuestionFault>> {
    let mut faults = Vec::new();
    let mut read = |field, text: &str, open| match text {
        "" => open,
        _ => day(text).unwrap_or_else(|| {
            faults.push(QuestionFault::Date { field, value: text.to_owned() });
            open
        }),
    };
    let days = Days { first: read("from", from, Days::ALL.first), last: read("to", to, Days::ALL.last) };
    if days.first > days.last && faults.is_empty() {
        faults.push(QuestionFault::Reversed { from: days.first, to: days.last });
    }
    if faults.is_empty() { Ok(days) } else { Err(faults) }
}

/// What somebody may see, or wants to see.
#[derive(Clone, Debug)]
pub struct View {
    /// Subtrees of areas.
    pub areas: Scope,
    pub categories: Scope,
}

impl View {
    /// What a request narrows itself to; empty = everything.
    pub fn asked(area: &str, category: &str) -> Self {
        let only = |word: &str| if word.is_empty() { Scope::Everything } else { Scope::from_words([word]) };
        Self { areas: only(area), categories: only(category) }
    }

    pub fn is_everything(&self) -> bool {
        self.areas == Scope::Everything && self.categories == Scope::Everything
    }

    fn sees(&self, tree: &AreaTree, area: &str, category: &str) -> bool {
        self.areas.covers_area(area, |area, root| tree.lies_in(area, root)) && self.categories.names(category)
    }
}

/// A question for figures, sound.
#[derive(Clone, Debug)]
pub struct Question {
    pub days: Days,
    /// Without repetition, in the order asked for. None: the total alone.
    pub by: Vec<Dimension>,
    /// All of them hold: what is asked for, and what the asker may see.
    pub views: Vec<View>,
}

impl Question {
    /// Reads a request; the views are added by who knows the asker.
    ///
    /// # Errors
    /// All faults at once.
    pub fn read(from: &str, to: &str, by: &[String], views: Vec<View>) -> Result<Self, Vec<QuestionFault>> {
        let mut faults = Vec::new();
        let days = days(from, to).unwrap_or_else(|wrong| {
            faults.extend(wrong);
            Days::ALL
        });
        let mut dimensions = Vec::new();
        for (index, word) in by.iter().enumerate() {
            match word.parse() {
                Ok(dimension) if dimensions.contains(&dimension) => {}
                Ok(dimension) => dimensions.push(dimension),
                Err(()) => faults.push(QuestionFault::Dimension { index, value: word.clone() }),
            }
        }
        if faults.is_empty() { Ok(Self { days, by: dimensions, views }) } else { Err(faults) }
    }

    pub fn is_by(&self, dimension: Dimension) -> bool {
        self.by.contains(&dimension)
    }

    pub fn sees(&self, tree: &AreaTree, area: &str, category: &str) -> bool {
        self.views.iter().all(|view| view.sees(tree, area, category))
    }

    /// The row that a cell of `origin` counts in.
    pub fn row_of(&self, origin: &str, cell: &Cell) -> Vec<String> {
        self.by.iter().map(|dimension| dimension.of(origin, cell)).collect()
    }

    /// Whether any row can be of a period that has distinct subjects.
    pub fn may_have_subjects(&self) -> bool {
        self.is_by(Dimension::Day) || self.is_by(Dimension::Month) || self.days.period().is_some()
    }

    /// The period of the row that a day counts in, where it is one of which distinct subjects exist.
    pub fn period_of(&self, day: Date) -> Option<Period> {
        if self.is_by(Dimension::Day) {
            Some(Period::Day(day))
        } else if self.is_by(Dimension::Month) {
            self.days.within(Month::of(day)).period()
        } else {
            self.days.period()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: &str, to: &str, by: &[&str]) -> Result<Question, Vec<QuestionFault>> {
        let by: Vec<String> = by.iter().map(|word| (*word).to_owned()).collect();
        Question::read(from, to, &by, vec![])
    }

    fn period(from: &str, to: &str, by: &[&str], day: &str) -> String {
        read(from, to, by).unwrap().period_of(day.parse().unwrap()).map_or_else(String::new, |period| period.to_string())
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = read("2026-02-30", "x", &["day", "weight", "day", "Area"]).unwrap_err();
        let date = |field, value: &str| QuestionFault::Date { field, value: value.into() };
        let unknown = |index, value: &str| QuestionFault::Dimension { index, value: value.into() };
        assert_eq!(faults, [date("from", "2026-02-30"), date("to", "x"), unknown(1, "weight"), unknown(3, "Area")]);
        let (from, to) = (jiff::civil::date(2026, 1, 2), jiff::civil::date(2026, 1, 1));
        assert_eq!(read("2026-01-02", "2026-01-01", &[]).unwrap_err(), [QuestionFault::Reversed { from, to }]);
    }

    #[test]
    fn an_open_range_has_every_day_and_a_repeated_dimension_counts_once() {
        let question = read("", "", &["area", "day", "area"]).unwrap();
        assert_eq!((question.days, question.by), (Days::ALL, vec![Dimension::Area, Dimension::Day]));
    }

    #[test]
    fn distinct_subjects_exist_for_a_day_and_for_a_whole_month() {
        assert_eq!(period("2026-01-05", "2026-01-05", &[], "2026-01-05"), "2026-01-05");
        assert_eq!(period("2026-02-01", "2026-02-28", &["area"], "2026-02-03"), "2026-02");
        assert_eq!(period("2026-02-01", "2026-02-27", &[], "2026-02-03"), "");
        assert_eq!(period("", "", &[], "2026-02-03"), "");
        assert_eq!(period("", "", &["day"], "2026-02-03"), "2026-02-03");
        assert_eq!(period("2025-12-15", "2026-01-31", &["month"], "2026-01-03"), "2026-01");
        assert_eq!(period("2025-12-15", "2026-01-31", &["month"], "2025-12-20"), "");
        assert_eq!(period("2025-12-31", "2026-01-31", &["month"], "2025-12-31"), "2025-12-31");
    }

    #[test]
    fn a_view_is_a_subtree_and_views_narrow_each_other() {
        let mut question = read("", "", &[]).unwrap();
        question.views =
            vec![View::asked("370600", ""), View { areas: Scope::from_words(["370602", "350200"]), categories: Scope::Everything }];
        let sees = |area| question.sees(&AreaTree::default(), area, "FOOD");
        assert_eq!([sees("370602"), sees("370600"), sees("370611"), sees("350203")], [true, false, false, false]);
        let food = Question { views: vec![View::asked("", "FOOD")], ..question };
        assert!(food.sees(&AreaTree::default(), "UNKNOWN", "FOOD") && !food.sees(&AreaTree::default(), "370602", "DRUG"));
    }
}
