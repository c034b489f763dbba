//! The broker at the border, where other organisations are: how we speak to it, what its topics are called, and what troubles us there.
//!
//! What comes in by it is read by `sources::kafka`; what goes out is written by `followers::receipts`.

pub mod client;
pub mod topics;
pub mod troubles;
