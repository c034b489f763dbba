//! The journals that quality follows.

pub mod inbox;
pub mod ingestion;
pub mod registry;
