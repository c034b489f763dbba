//! The journals that quality follows.

pub mod ingestion;
pub mod registry;
