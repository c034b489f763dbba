//! What `demo` prints at the end: every node with its counts, and every check with what was expected.

use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct Summary {
    pub ok: bool,
    pub seconds: f64,
    pub nodes: Vec<NodeSummary>,
    pub checks: Vec<Check>,
}

#[derive(Debug, Serialize)]
pub struct NodeSummary {
    pub node: String,
    pub tier: String,
    pub area: String,
    pub parent: String,
    pub submissions: u64,
    pub accepted: u64,
    pub duplicate: u64,
    pub rejected: u64,
    /// Of the node's process.
    pub peak_rss_bytes: u64,
}

#[derive(Debug, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub ok: bool,
    pub expected: String,
    pub actual: String,
    /// Where it differs.
    pub detail: String,
}

impl Check {
    /// Right where both are the same.
    pub fn equal(name: &'static str, expected: impl ToString, actual: impl ToString, detail: Vec<String>) -> Self {
        let (expected, actual) = (expected.to_string(), actual.to_string());
        Self { name, ok: expected == actual && detail.is_empty(), expected, actual, detail: detail.join("; ") }
    }
}
