//! What a scorecard is asked for: a range of days, what to stay within, whose records, and by which dimensions.

use jiff::civil::Date;
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_model::AreaTree;

use super::cell::Cell;
use super::days::{Days, day};
use super::dimension::Dimension;

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

/// What somebody may see, or wants to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Subtrees of areas.
    pub areas: Scope,
    pub categories: Scope,
    /// One provider's own; `None` = everybody's.
    pub provider: Option<String>,
}

impl View {
    /// What a request narrows itself to; empty = everything.
    pub fn asked(area: &str, category: &str) -> Self {
        let only = |word: &str| if word.is_empty() { Scope::Everything } else { Scope::from_words([word]) };
        Self { areas: only(area), categories: only(category), provider: None }
    }

    /// How far somebody sees: a provider its own, a regulator its areas and categories, an administrator and a service everything.
    pub fn of(caller: &Principal) -> Self {
        let is_of_the_node = [Role::Regulator, Role::SystemAdministrator, Role::Service].into_iter().any(|role| caller.has(role));
        let own = caller.name().strip_prefix("provider:").unwrap_or_default().to_owned();
        Self { areas: caller.areas().clone(), categories: caller.categories().clone(), provider: (!is_of_the_node).then_some(own) }
    }

    pub fn sees_area(&self, tree: &AreaTree, area: &str) -> bool {
        match &self.areas {
            Scope::Everything => true,
            Scope::Only(roots) => roots.iter().any(|root| tree.lies_in(area, root)),
        }
    }

    pub fn sees_place(&self, tree: &AreaTree, area: &str, category: &str) -> bool {
        self.sees_area(tree, area) && self.categories.names(category)
    }

    pub fn sees(&self, tree: &AreaTree, provider: &str, area: &str, category: &str) -> bool {
        self.provider.as_ref().is_none_or(|own| own == provider) && self.sees_place(tree, area, category)
    }
}

/// A question, sound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub days: Days,
    /// Without repetition, in the order asked for. None: the total alone.
    pub by: Vec<Dimension>,
    /// All of them hold: what is asked for, and what the asker may see.
    pub views: Vec<View>,
}

impl Question {
    /// # Errors
    /// All faults at once.
    pub fn read(from: &str, to: &str, by: &[String], views: Vec<View>) -> Result<Self, Vec<QuestionFault>> {
        let mut faults = Vec::new();
        let days = range(from, to, &mut faults);
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

    pub fn sees(&self, tree: &AreaTree, provider: &str, area: &str, category: &str) -> bool {
        self.views.iter().all(|view| view.sees(tree, provider, area, category))
    }

    /// The row that a cell of `origin` counts in.
    pub fn row_of(&self, origin: &str, cell: &Cell) -> Vec<String> {
        self.by.iter().map(|dimension| dimension.of(origin, cell)).collect()
    }
}

fn range(from: &str, to: &str, faults: &mut Vec<QuestionFault>) -> Days {
    let before = faults.len();
    let mut read = |field, text: &str, open| match text {
        "" => open,
        _ => day(text).unwrap_or_else(|| {
            faults.push(QuestionFault::Date { field, value: text.to_owned() });
            open
        }),
    };
    let days = Days { first: read("from", from, Days::ALL.first), last: read("to", to, Days::ALL.last) };
    if days.first > days.last && faults.len() == before {
        faults.push(QuestionFault::Reversed { from: days.first, to: days.last });
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_at_once() {
        let by: Vec<String> = ["day", "weight", "day"].map(str::to_owned).into();
        let faults = Question::read("2026-02-30", "x", &by, vec![]).unwrap_err();
        let date = |field, value: &str| QuestionFault::Date { field, value: value.into() };
        assert_eq!(faults, [date("from", "2026-02-30"), date("to", "x"), QuestionFault::Dimension { index: 1, value: "weight".into() }]);
        let reversed = Question::read("2026-01-02", "2026-01-01", &[], vec![]).unwrap_err();
        assert!(matches!(reversed[..], [QuestionFault::Reversed { .. }]));
    }

    #[test]
    fn a_provider_sees_its_own_within_what_it_asks_for() {
        let (mut view, tree) = (View::asked("370600", "FOOD"), AreaTree::default());
        view.provider = Some("acme".into());
        let sees = |provider, area, category| view.sees(&tree, provider, area, category);
        assert_eq!([sees("acme", "370602", "FOOD"), sees("bolt", "370602", "FOOD")], [true, false]);
        assert_eq!([sees("acme", "350203", "FOOD"), sees("acme", "370602", "DRUG")], [false, false]);
    }
}
