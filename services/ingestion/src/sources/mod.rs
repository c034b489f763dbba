//! What ingestion fetches by itself, without being called.

pub mod kafka;
