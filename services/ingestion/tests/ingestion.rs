//! Ingestion as providers, operators and strangers meet it: a real process with the registry and the journals beside it, on SQLite, behind
//! its own listeners.

#[path = "ingestion/caller.rs"]
mod caller;
#[path = "ingestion/node.rs"]
mod node;
#[path = "ingestion/records.rs"]
mod records;
#[path = "ingestion/tamper.rs"]
mod tamper;
#[path = "ingestion/web.rs"]
mod web;

#[path = "ingestion/audit.rs"]
mod audit;
#[path = "ingestion/chains.rs"]
mod chains;
#[path = "ingestion/doors.rs"]
mod doors;
#[path = "ingestion/hostile.rs"]
mod hostile;
#[path = "ingestion/identity.rs"]
mod identity;
#[path = "ingestion/large.rs"]
mod large;
#[path = "ingestion/mesh.rs"]
mod mesh;
#[path = "ingestion/outbreak.rs"]
mod outbreak;
#[path = "ingestion/recall.rs"]
mod recall;
#[path = "ingestion/redrive.rs"]
mod redrive;
#[path = "ingestion/refused.rs"]
mod refused;
#[path = "ingestion/rules.rs"]
mod rules;
#[path = "ingestion/scope.rs"]
mod scope;
