//! Use cases: each asks some of the other services and puts the answers together, before anything is drawn.

pub mod chains;
pub mod here;
pub mod overview;
