//! A rule as it is written and published: nothing in it is believed before it is compiled.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One rule in one version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Dotted lower-case words, the same in every version: `food.trader.fields`.
    pub id: String,
    /// From 1.
    pub version: u32,
    /// What of quality it is about.
    pub dimension: Dimension,
    /// What breaking it means.
    pub severity: Severity,
    /// Categories by name; none = every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Classes by their names in the contract; none = every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The area in whose subtree it holds; empty = everywhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub jurisdiction: String,
    /// The first instant of receipt for which it holds; open where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Timestamp>,
    /// The first instant of receipt for which it no longer holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
    /// required, format, range, one_of, comparison, deadline, expression
    pub kind: String,
    /// What the kind needs.
    pub test: Value,
    /// The broken rule for people; `{field}` and `{value}` are filled in.
    pub message_zh: String,
    /// The same in English.
    pub message_en: String,
    /// What to do about it.
    pub remedy_zh: String,
    /// The same in English.
    pub remedy_en: String,
    /// The public text that it comes from, or `ours`.
    pub source: String,
    /// The node that published it; empty for the rules that every node begins with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub publisher: String,
    /// Warnings of the form check, by their codes, for which this rule decides: of the records that it is about they are not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead_of: Vec<String>,
}

/// The six dimensions of data quality of GB/T 36344.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dimension {
    Normativity,
    Completeness,
    Accuracy,
    Consistency,
    Timeliness,
    Accessibility,
}

/// What breaking a rule means, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The record is accepted; it is worth knowing.
    Info,
    /// The record is accepted, and something is to be mended.
    Warn,
    /// The record is rejected.
    Block,
}
