//! Until when a record is to be here after what it tells of happened. A day everywhere is our own figure; jurisdictions and categories have
//! others.

use serde::{Deserialize, Serialize};
use tracemesh_model::AreaTree;

/// One exception.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Deadline {
    /// Empty = every one.
    pub category: String,
    /// A subtree of the table of regions; empty = everywhere. Areas of the registry's own tree lie in none: what is late must not change with
    /// the moment at which an area was registered.
    pub area: String,
    pub after_s: u64,
}

/// All of them: the first that fits holds, else the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    pub usual_s: u64,
    pub exceptions: Vec<Deadline>,
}

impl Deadlines {
    /// In microseconds.
    pub fn of(&self, area: &str, category: &str) -> i64 {
        let fits = |deadline: &&Deadline| {
            (deadline.category.is_empty() || deadline.category == category)
                && (deadline.area.is_empty() || AreaTree::default().lies_in(area, &deadline.area))
        };
        let seconds = self.exceptions.iter().find(fits).map_or(self.usual_s, |deadline| deadline.after_s);
        i64::try_from(seconds.saturating_mul(1_000_000)).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_exception_that_fits_holds() {
        let exception = |category: &str, area: &str, after_s| Deadline { category: category.into(), area: area.into(), after_s };
        let deadlines = Deadlines { usual_s: 86_400, exceptions: vec![exception("DRUG", "370600", 3_600), exception("", "370000", 7_200)] };
        let hours = |area, category| deadlines.of(area, category) / 3_600_000_000;
        assert_eq!([hours("370602", "DRUG"), hours("370602", "FOOD"), hours("350203", "DRUG")], [1, 2, 24]);
    }
}
