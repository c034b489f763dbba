//! The dimensions that figures can be asked by.

use std::fmt;
use std::str::FromStr;

use super::cell::Cell;

/// What figures can be told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// The node that counted.
    Origin,
    Day,
    Month,
    Area,
    Category,
    Class,
    Provider,
}

impl Dimension {
    pub const ALL: [(Dimension, &str); 7] = [
        (Dimension::Origin, "origin"),
        (Dimension::Day, "day"),
        (Dimension::Month, "month"),
        (Dimension::Area, "area"),
        (Dimension::Category, "category"),
        (Dimension::Class, "class"),
        (Dimension::Provider, "provider"),
    ];

    /// Where a cell of `origin` lies in this dimension.
    pub fn of(self, origin: &str, cell: &Cell) -> String {
        match self {
            Dimension::Origin => origin.to_owned(),
            Dimension::Day => cell.day.to_string(),
            Dimension::Month => cell.month().to_string(),
            Dimension::Area => cell.area.clone(),
            Dimension::Category => cell.category.clone(),
            Dimension::Class => cell.class.clone(),
            Dimension::Provider => cell.provider.clone(),
        }
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL[*self as usize].1)
    }
}

impl FromStr for Dimension {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|(_, word)| *word == text).map(|(dimension, _)| dimension).ok_or(())
    }
}
