//! What the figures are narrowed to and sorted by. It lives in the address, so that a view can be sent to a colleague and bookmarked.

use serde::Deserialize;

use crate::views::candidates;

/// The Overview's part of the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// An area id: its subtree alone.
    pub area: String,
    /// A category: it alone.
    pub category: String,
    pub sort: Sort,
    /// None is today, or the week as long as today has no records.
    #[serde(deserialize_with = "days")]
    pub days: Option<Days>,
}

/// The days that are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Days {
    #[default]
    Today,
    /// Today and the six days before it.
    Week,
}

impl Days {
    /// How many there are.
    pub fn count(self) -> i64 {
        match self {
            Self::Today => 1,
            Self::Week => 7,
        }
    }
}

/// A number of days that is not offered is as good as none.
fn days<'de, D: serde::Deserializer<'de>>(written: D) -> Result<Option<Days>, D::Error> {
    let written = String::deserialize(written)?;
    Ok([Days::Today, Days::Week].into_iter().find(|days| days.count().to_string() == written))
}

/// The column that rows are ordered by; numbers from the largest, names from the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Sort {
    #[default]
    Records,
    Name,
    Weight,
    Late,
}

/// An order that nobody knows is the usual one: an old bookmark still opens.
impl From<String> for Sort {
    fn from(written: String) -> Self {
        [Self::Name, Self::Weight, Self::Late].into_iter().find(|sort| sort.as_str() == written).unwrap_or_default()
    }
}

impl Sort {
    fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Name => "name",
            Self::Weight => "weight",
            Self::Late => "late",
        }
    }
}

impl Filter {
    /// The same with another area.
    pub fn in_area(&self, area: &str) -> Self {
        Self { area: area.into(), ..self.clone() }
    }

    /// The same with another category.
    pub fn in_category(&self, category: &str) -> Self {
        Self { category: category.into(), ..self.clone() }
    }

    /// The same over other days.
    pub fn over(&self, days: Days) -> Self {
        Self { days: Some(days), ..self.clone() }
    }

    /// The same in another order.
    pub fn sorted(&self, sort: Sort) -> Self {
        Self { sort, ..self.clone() }
    }

    /// Where the Overview with this filter is, at the figures.
    pub fn href(&self) -> String {
        format!("/console{}#figures", self.query())
    }

    /// Where the rows are as CSV.
    pub fn csv(&self) -> String {
        format!("/console/figures.csv{}", self.query())
    }

    /// `?area=…&category=…`, without what is not set.
    pub fn query(&self) -> String {
        let sort = if self.sort == Sort::default() { "" } else { self.sort.as_str() };
        let days = self.days.map_or_else(String::new, |days| days.count().to_string());
        let pairs = [("area", self.area.as_str()), ("category", self.category.as_str()), ("sort", sort), ("days", &days)];
        let set = pairs.iter().filter(|(_, value)| !value.is_empty());
        let written: Vec<_> = set.map(|(name, value)| format!("{name}={}", candidates::escaped(value))).collect();
        if written.is_empty() { String::new() } else { format!("?{}", written.join("&")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_set_is_in_the_address() {
        assert_eq!(Filter::default().href(), "/console#figures");
        let narrowed = Filter::default().in_area("370600").in_category("A&B").sorted(Sort::Late);
        assert_eq!(narrowed.href(), "/console?area=370600&category=A%26B&sort=late#figures");
        assert_eq!(narrowed.over(Days::Week).query(), "?area=370600&category=A%26B&sort=late&days=7");
    }
}
