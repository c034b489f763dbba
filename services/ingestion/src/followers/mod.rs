//! The journals that ingestion follows.

pub mod receipts;
pub mod registry;
