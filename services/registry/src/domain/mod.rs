//! What the registry knows about, in plain Rust.

pub mod provider;
pub mod subject;
