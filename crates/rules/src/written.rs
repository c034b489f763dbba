//! Tests as a rule file writes them, before their fields and patterns are known to be any.

use serde::Deserialize;
use serde_json::{Map, Value};

/// One test, or several joined: `{"required": {"fields": […]}}`, `{"any": [{…}, {…}]}`.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Written {
    /// Each field has a value; `a|b` asks for one of the two.
    Required { fields: Vec<String> },
    /// Each value matches the whole pattern, or is a code of one of the schemes.
    Format {
        field: String,
        #[serde(default)]
        pattern: String,
        #[serde(default)]
        schemes: Vec<String>,
    },
    /// Each value is a decimal within the bounds, both included.
    Range { field: String, min: Option<String>, max: Option<String> },
    /// Each value is one of these.
    OneOf { field: String, values: Vec<String> },
    /// Each left value stands so to the right one; of one list, element by element.
    Comparison { left: String, is: Relation, right: String },
    /// The record is received before the term ends.
    Deadline { from: String, within: Within },
    /// All of them hold.
    All(Vec<Written>),
    /// One of them holds.
    Any(Vec<Written>),
    /// It does not hold.
    Not(Box<Written>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Relation {
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "!=")]
    Other,
}

/// How long there is time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Within {
    Minutes(u32),
    Hours(u32),
    Days(u32),
    WorkingDays(u32),
    /// Until the end of that day of the month after the one it happened in.
    DayOfNextMonth(i8),
}

impl Written {
    /// What a rule's kind and test say: an expression is a test by itself, every other kind is the name of one.
    pub(crate) fn read(kind: &str, test: &Value) -> Result<Self, String> {
        const NAMED: [&str; 6] = ["required", "format", "range", "one_of", "comparison", "deadline"];
        let whole = match kind {
            "expression" => test.clone(),
            _ if NAMED.contains(&kind) => Value::Object(Map::from_iter([(kind.to_owned(), test.clone())])),
            _ => return Err(format!("kind {kind:?} is none of {} expression", NAMED.join(" "))),
        };
        serde_json::from_value(whole).map_err(|fault| fault.to_string())
    }
}
