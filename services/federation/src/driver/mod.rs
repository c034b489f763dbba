//! What moves the bytes that the state machines decide about: `up` for the link to the parent, `down` for each child's.

pub mod children;
mod down;
mod errands;
pub mod inbox;
mod orders;
mod proofs;
mod pulls;
pub mod tunnel;
pub mod up;

/// Entries of a link in one transaction: where a database has one writer, an urgent entry waits for no more than these.
const ENTRIES_AT_ONCE: usize = 1_000;
