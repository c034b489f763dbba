//! Rules of a node over those of the node above: it may add and sharpen, never weaken.

use std::fmt;

use crate::rule::Rule;
use crate::written::Written;

/// A rule of the node above that would hold less here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakened {
    /// Its id.
    pub rule: String,
    /// In what.
    pub how: Weaker,
}

/// In what a rule is weaker than the one above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weaker {
    /// It is not there.
    Missing,
    /// It warns where the other blocks, or informs where the other warns.
    Severity,
    /// It is about fewer categories, classes or areas.
    Scope,
    /// It holds for a shorter time.
    Period,
    /// It asks for less, or for something that cannot be compared.
    Test,
}

impl fmt::Display for Weaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Severity => "severity",
            Self::Scope => "scope",
            Self::Period => "period",
            Self::Test => "test",
        })
    }
}

/// Everything in which `child` is weaker than `parent`.
pub fn weakens(parent: &[Rule], child: &[Rule]) -> Vec<Weakened> {
    let weakened = |above: &Rule| match child.iter().find(|rule| rule.id == above.id) {
        Some(rule) => weaker(above, rule),
        None => vec![Weaker::Missing],
    };
    parent.iter().flat_map(|above| weakened(above).into_iter().map(|how| Weakened { rule: above.id.clone(), how })).collect()
}

/// The rules of the node above with the node's own over them: an own rule stands in for the one of its id, unless it is weaker.
pub fn layer(parent: &[Rule], own: &[Rule]) -> Vec<Rule> {
    let sharper = |above: &Rule| own.iter().find(|rule| rule.id == above.id && weaker(above, rule).is_empty());
    let of_parent = parent.iter().map(|above| sharper(above).unwrap_or(above));
    let added = own.iter().filter(|rule| !parent.iter().any(|above| above.id == rule.id));
    of_parent.chain(added).cloned().collect()
}

fn weaker(above: &Rule, rule: &Rule) -> Vec<Weaker> {
    let narrower = |above: &[String], own: &[String]| !own.is_empty() && (above.is_empty() || above.iter().any(|name| !own.contains(name)));
    let later = rule.valid_from.is_some_and(|own| above.valid_from.is_none_or(|from| own > from));
    let shorter = rule.valid_to.is_some_and(|own| above.valid_to.is_none_or(|to| own < to));
    let elsewhere = !rule.jurisdiction.is_empty() && rule.jurisdiction != above.jurisdiction;
    let scope = narrower(&above.categories, &rule.categories) || narrower(&above.classes, &rule.classes) || elsewhere;
    let all = [
        (rule.severity < above.severity, Weaker::Severity),
        (scope, Weaker::Scope),
        (later || shorter, Weaker::Period),
        (!asks_as_much(above, rule), Weaker::Test),
    ];
    all.into_iter().filter_map(|(weaker, how)| weaker.then_some(how)).collect()
}

/// The same test, or one that can be seen to ask for more.
fn asks_as_much(above: &Rule, rule: &Rule) -> bool {
    if (&above.kind, &above.test) == (&rule.kind, &rule.test) {
        return true;
    }
    match (Written::read(&above.kind, &above.test), Written::read(&rule.kind, &rule.test)) {
        (Ok(Written::Required { fields: above }), Ok(Written::Required { fields })) => above.iter().all(|field| fields.contains(field)),
        (Ok(Written::OneOf { field: of, values: above }), Ok(Written::OneOf { field, values })) => {
            of == field && values.iter().all(|value| above.contains(value))
        }
        (above, rule) => above.is_ok() && above == rule,
    }
}
