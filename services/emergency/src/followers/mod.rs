//! The journals that emergency follows.

pub mod federation;
pub mod inbox;
pub mod ingestion;
pub mod registry;
