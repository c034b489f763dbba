//! What the registry knows about, in plain Rust.

pub mod account;
pub mod contact;
pub mod provider;
pub mod subject;
