//! What a scorecard can be told apart by.

use std::str::FromStr;

use super::cell::Cell;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// The node that counted.
    Origin,
    Day,
    Provider,
    Subject,
    Area,
    Category,
}

impl Dimension {
    pub const ALL: [(Dimension, &str); 6] = [
        (Dimension::Origin, "origin"),
        (Dimension::Day, "day"),
        (Dimension::Provider, "provider"),
        (Dimension::Subject, "subject"),
        (Dimension::Area, "area"),
        (Dimension::Category, "category"),
    ];

    /// Where a cell of `origin` lies in this dimension.
    pub fn of(self, origin: &str, cell: &Cell) -> String {
        match self {
            Dimension::Origin => origin.to_owned(),
            Dimension::Day => cell.day.to_string(),
            Dimension::Provider => cell.provider.clone(),
            Dimension::Subject => cell.subject.shown.clone(),
            Dimension::Area => cell.area.clone(),
            Dimension::Category => cell.category.clone(),
        }
    }
}

impl FromStr for Dimension {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|(_, word)| *word == text).map(|(dimension, _)| dimension).ok_or(())
    }
}
