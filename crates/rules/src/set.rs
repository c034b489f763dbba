//! A compiled set: all rules that hold from an instant on, under the name that stands on receipts.

use std::collections::BTreeSet;
use std::ops::Range;

use tracemesh_model::{Class, TraceRecord};

use crate::case::{Case, Reception};
use crate::compile::{self, Fault, Faults, MOST_RULES};
use crate::rule::Rule;
use crate::test::Test;

/// Rules of one version, ready to be asked.
#[derive(Clone, Debug)]
pub struct RuleSet {
    version: String,
    rules: Vec<Compiled>,
    /// For each class, in the contract's order, the places of the rules that may be about it.
    by_class: Vec<Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Compiled {
    rule: Rule,
    /// Instants of receipt.
    valid: Range<i64>,
    test: Test,
}

/// A rule that a record breaks, at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken<'s> {
    /// The rule.
    pub rule: &'s Rule,
    /// The field; several that are missing together are joined by commas.
    pub field: String,
    /// What stands there, not yet masked or cut; empty where nothing does.
    pub value: String,
}

impl RuleSet {
    /// A set of these rules.
    ///
    /// # Errors
    /// Every fault of every rule.
    pub fn compile(version: impl Into<String>, rules: Vec<Rule>) -> Result<Self, Vec<Fault>> {
        if rules.len() > MOST_RULES {
            return Err(vec![Fault { place: "rules".into(), problem: format!("more than {MOST_RULES} rules") }]);
        }
        let (mut compiled, mut found, mut ids) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (index, rule) in rules.into_iter().enumerate() {
            let mut faults = Faults::of(index);
            compile::head(&rule, &mut faults);
            if !ids.insert(rule.id.clone()) {
                faults.add("id", format!("{:?} stands twice", rule.id));
            }
            let test = compile::test(&rule, &mut faults);
            found.extend(faults.into_vec());
            compiled.extend(test.map(|test| Compiled { valid: valid(&rule), rule, test }));
        }
        if !found.is_empty() {
            return Err(found);
        }
        let about = |class: &str| (0..compiled.len()).filter(|at| names(&compiled[*at].rule.classes, class)).collect();
        let by_class = Class::ALL.iter().map(|(_, class)| about(class)).collect();
        Ok(Self { version: version.into(), by_class, rules: compiled })
    }

    /// The name under which it was published.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Its rules, as published.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().map(|compiled| &compiled.rule)
    }

    /// The rule of an id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == id)
    }

    /// What a record breaks, in the order of the rules. Allocates nothing where it breaks nothing.
    pub fn evaluate<'s>(&'s self, record: &TraceRecord, reception: Reception<'_>) -> Vec<Broken<'s>> {
        let case = Case { record, reception };
        let broken = self.about(&case).filter(|compiled| compiled.test.holds(&case) == Some(false));
        let named = |it: &'s Compiled| it.test.places(&case).into_iter().map(|(field, value)| Broken { rule: &it.rule, field, value });
        broken.flat_map(named).collect()
    }

    /// Whether a rule about this record speaks instead of a warning of the form check, broken or not.
    pub fn decides(&self, code: &str, record: &TraceRecord, reception: Reception<'_>) -> bool {
        let case = Case { record, reception };
        self.about(&case).any(|compiled| compiled.rule.instead_of.iter().any(|its| its == code))
    }

    fn about<'s>(&'s self, case: &Case<'_>) -> impl Iterator<Item = &'s Compiled> {
        let places = self.by_class.get(case.record.class as usize).into_iter().flatten();
        places.map(|at| &self.rules[*at]).filter(move |compiled| compiled.is_about(case))
    }
}

impl Compiled {
    /// The cheap questions first.
    fn is_about(&self, case: &Case<'_>) -> bool {
        self.valid.contains(&case.reception.received_at)
            && names(&self.rule.categories, case.record.category.as_str())
            && (self.rule.jurisdiction.is_empty() || (case.reception.lies_in)(&self.rule.jurisdiction))
    }
}

/// Whether a list names it; an empty list names everything.
fn names(list: &[String], name: &str) -> bool {
    list.is_empty() || list.iter().any(|its| its == name)
}

fn valid(rule: &Rule) -> Range<i64> {
    let from = rule.valid_from.map_or(i64::MIN, jiff::Timestamp::as_microsecond);
    from..rule.valid_to.map_or(i64::MAX, jiff::Timestamp::as_microsecond)
}
