//! The journals that ingestion follows.

pub mod quality;
pub mod receipts;
pub mod registry;
