//! The rules that a node begins with, from `data/default.json`: those that public texts ask for, as warnings.

use std::sync::{Arc, LazyLock};

use crate::rule::Rule;
use crate::set::RuleSet;

/// The name of the set that every node begins with; a change of the file is a new one.
pub const DEFAULT_VERSION: &str = "default/1";

static DEFAULT: LazyLock<Arc<RuleSet>> = LazyLock::new(|| {
    Arc::new(RuleSet::compile(DEFAULT_VERSION, default_rules()).expect("the rules that we ship compile, as a test holds"))
});

/// As they are written.
pub fn default_rules() -> Vec<Rule> {
    serde_json::from_str(include_str!("../data/default.json")).expect("the rules that we ship are rules, as a test holds")
}

/// As they are asked.
pub fn default_set() -> Arc<RuleSet> {
    DEFAULT.clone()
}
