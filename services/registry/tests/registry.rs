//! The registry as it runs, in a process of its own: what its callers get, and what its journal then says.

#[path = "registry/node.rs"]
mod node;
#[path = "registry/racing.rs"]
mod racing;
