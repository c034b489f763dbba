//! The dated tables that a case is held to: `rules/defaults.toml`, and what a node adds. When a risk becomes known the tables of that day are frozen on
//! the case ([`InForce`]), so that a change of the law never moves a limit that is running.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use tracemesh_model::AreaTree;

use super::grade::GradeLines;

const DEFAULTS: &str = include_str!("../../rules/defaults.toml");
const ANY: &str = "*";

/// Every table of a node.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    pub grading: Vec<Grading>,
    pub reporting: Vec<Reporting>,
    pub recall: Vec<Recall>,
    pub inspection: Vec<Inspection>,
}

/// Where and from when a table applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applies {
    /// What a case says that it was held to.
    pub id: String,
    pub from: Date,
    /// Subtrees; `*` = all.
    pub areas: Vec<String>,
    pub categories: Vec<String>,
    pub source: String,
}

/// The grades, the worst first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grading {
    #[serde(flatten)]
    pub applies: Applies,
    pub grades: Vec<GradeLines>,
}

/// How soon the node above has to hear of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporting {
    #[serde(flatten)]
    pub applies: Applies,
    /// From the risk to the first node that hears of it.
    pub operator_min: u32,
    /// From there a tier up, by grade; `none` where there is no grade yet.
    pub first_min: BTreeMap<String, u32>,
}

/// The limits of a recall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    #[serde(flatten)]
    pub applies: Applies,
    /// From the issue until each tier and establishment has acknowledged, for orders of every kind.
    pub acknowledge_min: u32,
    pub classes: Vec<RecallClass>,
}

/// 0 = no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallClass {
    pub class: u32,
    /// From the risk to the issue.
    pub start_h: u32,
    /// From the issue to the end.
    #[serde(default)]
    pub complete_working_days: u32,
    /// From the issue to the first follow-up report.
    #[serde(default)]
    pub plan_days: u32,
    /// From one follow-up report to the next.
    #[serde(default)]
    pub progress_days: u32,
}

/// What a failed inspection does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    #[serde(flatten)]
    pub applies: Applies,
    /// Sale is stopped without a person, where the laboratory is authorised.
    pub automatic: bool,
}

/// The tables that one case is held to, whatever comes later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    pub grading: Option<Grading>,
    pub reporting: Option<Reporting>,
    pub recall: Option<Recall>,
    pub inspection: Option<Inspection>,
}

/// What a case is, for the choice of its tables.
#[derive(Clone, Copy, Debug)]
pub struct Matter<'a> {
    pub category: &'a str,
    pub area: &'a str,
    /// The day on which the risk became known, in China.
    pub day: Date,
}

impl Rules {
    /// The tables that come with the program.
    pub fn built_in() -> Self {
        toml::from_str(DEFAULTS).expect("the tables that come with the program can be read")
    }

    /// These and the further ones of a node.
    pub fn with(mut self, further: Self) -> Self {
        self.grading.extend(further.grading);
        self.reporting.extend(further.reporting);
        self.recall.extend(further.recall);
        self.inspection.extend(further.inspection);
        self
    }

    /// What was in force.
    pub fn in_force(&self, matter: Matter<'_>, tree: &AreaTree) -> InForce {
        InForce {
            grading: newest(&self.grading, |table| &table.applies, matter, tree),
            reporting: newest(&self.reporting, |table| &table.applies, matter, tree),
            recall: newest(&self.recall, |table| &table.applies, matter, tree),
            inspection: newest(&self.inspection, |table| &table.applies, matter, tree),
        }
    }
}

impl InForce {
    /// The limits of a recall of this class; none for an order that is no recall.
    pub fn class(&self, class: u32) -> Option<RecallClass> {
        self.recall.as_ref()?.classes.iter().copied().find(|limits| limits.class == class)
    }
}

/// A named area goes before a named category, that before `*`, and the newer before the older.
fn newest<T: Clone>(tables: &[T], applies: impl Fn(&T) -> &Applies, matter: Matter<'_>, tree: &AreaTree) -> Option<T> {
    let fits = tables.iter().filter(|table| applies(table).fits(matter, tree));
    fits.max_by_key(|table| applies(table).precedence()).cloned()
}

impl Applies {
    fn fits(&self, Matter { category, area, day }: Matter<'_>, tree: &AreaTree) -> bool {
        let in_area = |root: &String| root == ANY || tree.lies_in(area, root);
        let in_category = |named: &String| named == ANY || named == category;
        self.from <= day && self.areas.iter().any(in_area) && self.categories.iter().any(in_category)
    }

    fn precedence(&self) -> (bool, bool, Date) {
        let named = |words: &[String]| !words.iter().any(|word| word == ANY);
        (named(&self.areas), named(&self.categories), self.from)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn recall_of(category: &str, area: &str, day: Date) -> Option<String> {
        let in_force = Rules::built_in().in_force(Matter { category, area, day }, &AreaTree::default());
        in_force.recall.map(|table| table.applies.id)
    }

    #[test]
    fn a_named_category_goes_before_all_and_nothing_applies_before_its_day() {
        assert_eq!(recall_of("FOOD", "370600", date(2026, 3, 1)).unwrap(), "recall/food-2015");
        assert_eq!(recall_of("DRUG", "370600", date(2026, 3, 1)).unwrap(), "recall/drug-2007");
        assert_eq!(recall_of("FOOD", "370600", date(2015, 8, 31)), None);
    }

    #[test]
    fn a_named_area_goes_for_its_subtree() {
        let reporting = |area| {
            let matter = Matter { category: "FOOD", area, day: date(2026, 3, 1) };
            Rules::built_in().in_force(matter, &AreaTree::default()).reporting.unwrap().applies.id
        };
        assert_eq!([reporting("460100"), reporting("370600")], ["reporting/hainan", "reporting/national-plan"]);
    }

    #[test]
    fn the_classes_of_the_two_measures() {
        let class = |category, class| {
            let matter = Matter { category, area: "370600", day: date(2026, 3, 1) };
            let limits = Rules::built_in().in_force(matter, &AreaTree::default()).class(class).unwrap();
            (limits.start_h, limits.complete_working_days, limits.plan_days, limits.progress_days)
        };
        assert_eq!([1, 2, 3].map(|n| class("FOOD", n)), [(24, 10, 0, 0), (48, 20, 0, 0), (72, 30, 0, 0)]);
        assert_eq!([1, 2, 3].map(|n| class("DRUG", n)), [(24, 0, 1, 1), (48, 0, 3, 3), (72, 0, 7, 7)]);
    }
}
