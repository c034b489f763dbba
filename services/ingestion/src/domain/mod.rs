//! The hot path's meaning, in plain Rust: what a submission is at each step, who a record is, which hops it leaves, what a receipt says.

pub mod dates;
pub mod identity;
pub mod lineage_hops;
pub mod outcome;
pub mod place;
pub mod reasons;
pub mod receipt;
pub mod scope;
pub mod submission;
