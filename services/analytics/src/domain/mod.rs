//! What figures are, in plain Rust: what a record adds to them, how they are asked for, and when two months of them are the same.

pub mod cell;
pub mod change;
pub mod contribution;
pub mod days;
pub mod difference;
pub mod digest;
pub mod dimension;
pub mod month;
pub mod question;
pub mod recount;
pub mod sheet;
pub mod standing;
pub mod subjects;
pub mod table;
pub mod version;
