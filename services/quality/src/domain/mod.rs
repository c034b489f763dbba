//! What quality says of records, in plain Rust: what a record contributes, what is doubtful about some of them together, and what becomes of it.

pub mod cell;
pub mod chain;
pub mod contribution;
pub mod days;
pub mod deadline;
pub mod detect;
pub mod dimension;
pub mod finding;
pub mod indicators;
pub mod mismatch;
pub mod observation;
pub mod place;
pub mod question;
pub mod rules;
pub mod species;
pub mod table;
