//! How far a walk goes at most. Time is the caller's: who runs out of it stops feeding, and the verdict says what was not looked at.

use std::fmt;

/// The most that a walk takes. A limit that was reached stands in the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Records looked at, in each direction: those too that turn out not to belong.
    pub records: usize,
    /// Units asked for, in both directions together.
    pub units: usize,
    /// Edges of the chain.
    pub edges: usize,
    /// Steps from the start to a record; none = to the ends.
    pub depth: Option<u32>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { records: 200_000, units: 1_000_000, edges: 1_000_000, depth: None }
    }
}

/// What kept a walk from its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    Records(usize),
    Units(usize),
    Edges(usize),
    Depth(u32),
    /// The caller finished before it had answered everything that was wanted.
    Unanswered {
        units: usize,
        records: usize,
    },
}

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reached::Records(most) => write!(f, "{most} records"),
            Reached::Units(most) => write!(f, "{most} units"),
            Reached::Edges(most) => write!(f, "{most} edges"),
            Reached::Depth(most) => write!(f, "{most} steps"),
            Reached::Unanswered { units, records } => write!(f, "{units} units and {records} records not answered in time"),
        }
    }
}
