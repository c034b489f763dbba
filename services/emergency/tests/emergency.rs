//! Emergency as it runs, in processes of its own, a whole node apart from the others. Ingestion, the registry and the gateway are stood in for by a clerk,
//! and a courier carries entries between nodes as links do.

#[path = "emergency/clerk.rs"]
mod clerk;
#[path = "emergency/node.rs"]
mod node;
#[path = "emergency/region.rs"]
mod region;

#[path = "emergency/answering.rs"]
mod answering;
#[path = "emergency/golden.rs"]
mod golden;
#[path = "emergency/incidents.rs"]
mod incidents;
#[path = "emergency/inspecting.rs"]
mod inspecting;
#[path = "emergency/issuing.rs"]
mod issuing;
#[path = "emergency/limits.rs"]
mod limits;
#[path = "emergency/public.rs"]
mod public;
#[path = "emergency/refusing.rs"]
mod refusing;
#[path = "emergency/releasing.rs"]
mod releasing;
