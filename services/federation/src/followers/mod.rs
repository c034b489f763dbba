//! The journals that the gateway follows: its own node's analytics, and every child's two uplinks.

pub mod analytics;
pub mod uplink;
