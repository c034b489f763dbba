//! Analytics as it runs: in a process of its own, following a journal that the tests write as ingestion would.

#[path = "analytics/announcing.rs"]
mod announcing;
#[path = "analytics/below.rs"]
mod below;
#[path = "analytics/callers.rs"]
mod callers;
#[path = "analytics/expected.rs"]
mod expected;
#[path = "analytics/figures.rs"]
mod figures;
#[path = "analytics/gateway.rs"]
mod gateway;
#[path = "analytics/ledger.rs"]
mod ledger;
#[path = "analytics/node.rs"]
mod node;
#[path = "analytics/parents.rs"]
mod parents;
#[path = "analytics/rebuilding.rs"]
mod rebuilding;
#[path = "analytics/recounting.rs"]
mod recounting;
