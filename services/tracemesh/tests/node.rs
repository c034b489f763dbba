//! `tracemesh` as its users run it: the binary itself, a node of it as a process of its own, and its commands against that node.

#[path = "node/audit.rs"]
mod audit;
#[path = "node/collector.rs"]
mod collector;
#[path = "node/commands.rs"]
mod commands;
#[path = "node/demo.rs"]
mod demo;
#[path = "node/kafka_kill.rs"]
mod kafka_kill;
#[path = "node/kill.rs"]
mod kill;
#[path = "node/ledger.rs"]
mod ledger;
#[path = "node/link.rs"]
mod link;
#[path = "node/one_trace.rs"]
mod one_trace;
#[path = "node/pages.rs"]
mod pages;
#[path = "node/people.rs"]
mod people;
#[path = "node/process.rs"]
mod process;
#[path = "node/readme.rs"]
mod readme;
#[path = "node/recall.rs"]
mod recall;
#[path = "node/records.rs"]
mod records;
#[path = "node/seafood.rs"]
mod seafood;
#[path = "node/senders.rs"]
mod senders;
#[path = "node/separate.rs"]
mod separate;
#[path = "node/separate_links.rs"]
mod separate_links;
#[path = "node/services.rs"]
mod services;
#[path = "node/session.rs"]
mod session;
#[path = "node/setup.rs"]
mod setup;
#[path = "node/sign_in.rs"]
mod sign_in;
#[path = "node/up.rs"]
mod up;
