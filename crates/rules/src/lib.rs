#![doc = include_str!("../README.md")]

mod case;
mod compile;
mod default;
mod field;
mod history;
mod layer;
mod rule;
mod set;
mod test;
mod value;
mod written;

pub use case::Reception;
pub use compile::{Fault, LONGEST_TEXT, MOST_RULES};
pub use default::{DEFAULT_VERSION, default_rules, default_set};
pub use history::Rules;
pub use layer::{Weakened, Weaker, layer, weakens};
pub use rule::{Dimension, Rule, Severity};
pub use set::{Broken, RuleSet};
