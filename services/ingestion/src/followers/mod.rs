//! The journals that ingestion follows.

pub mod registry;
