//! Gateways as their operators, their services and each other meet them: real processes with SQLite in folders of their own, TLS on loopback, and
//! real journals. Analytics and ingestion are stood in for by a clerk who counts what the test tells him.

#[path = "federation/clerk.rs"]
mod clerk;
#[path = "federation/dispatcher.rs"]
mod dispatcher;
#[path = "federation/site.rs"]
mod site;

#[path = "federation/away.rs"]
mod away;
#[path = "federation/certificates.rs"]
mod certificates;
#[path = "federation/enrolment.rs"]
mod enrolment;
#[path = "federation/figures.rs"]
mod figures;
#[path = "federation/history.rs"]
mod history;
#[path = "federation/orders.rs"]
mod orders;
#[path = "federation/questions.rs"]
mod questions;
#[path = "federation/unknown_kinds.rs"]
mod unknown_kinds;
