//! Quality as it runs: in a process of its own, following a journal that the tests write as ingestion would.

#[path = "quality/callers.rs"]
mod callers;
#[path = "quality/chains.rs"]
mod chains;
#[path = "quality/detectors.rs"]
mod detectors;
#[path = "quality/findings.rs"]
mod findings;
#[path = "quality/ledger.rs"]
mod ledger;
#[path = "quality/mismatches.rs"]
mod mismatches;
#[path = "quality/node.rs"]
mod node;
#[path = "quality/rebuilding.rs"]
mod rebuilding;
#[path = "quality/rules.rs"]
mod rules;
#[path = "quality/scorecard.rs"]
mod scorecard;
#[path = "quality/world.rs"]
mod world;
