//! Is the chain complete, and if not, what is missing and why.
//!
//! Upstream is complete where every end of the walk is a first-mile record. Downstream is complete whatever is unsold. Both need every node
//! that was asked to have answered, and no limit reached. Two units with one key (`collision`) are found by whoever compares their codes as
//! text, and are added there.

use std::sync::Arc;

use crate::hop::RecordRef;
use crate::limits::Reached;

/// A node that was asked and did not answer, or may not be asked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Silent {
    pub node: Arc<str>,
    /// For people: a deadline, a refusal, a link that is down.
    pub why: String,
}

/// What a chain lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Nothing is missing.
    pub complete: bool,
    /// Silent nodes, then ends without origin by unit, then limits.
    pub missing: Vec<Missing>,
}

/// One thing that a chain lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Upstream the walk ends at a unit that no first-mile record explains. The record is the last one on the way there (none where nothing
    /// at all is known of a start); the source that it names is who may know more.
    NoOrigin {
        unit: u64,
        record: Option<RecordRef>,
    },
    NodeSilent(Silent),
    Limit(Reached),
}

impl Missing {
    /// The word on interfaces.
    pub fn kind(&self) -> &'static str {
        match self {
            Missing::NoOrigin { .. } => "no_origin",
            Missing::NodeSilent(_) => "node_silent",
            Missing::Limit(_) => "limit",
        }
    }
}

impl Verdict {
    pub(crate) fn of(missing: Vec<Missing>) -> Verdict {
        Verdict { complete: missing.is_empty(), missing }
    }
}
