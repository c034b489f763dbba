//! The journals that analytics follows.

pub mod ingestion;
pub mod registry;
