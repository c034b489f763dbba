//! What rules say of records, faults of rules, sets in time, and layers of nodes.

#[path = "rules/default.rs"]
mod default;
#[path = "rules/faults.rs"]
mod faults;
#[path = "rules/layers.rs"]
mod layers;
#[path = "rules/material.rs"]
mod material;
#[path = "rules/time.rs"]
mod time;
#[path = "rules/truth.rs"]
mod truth;
