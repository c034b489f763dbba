//! The registry as it runs, in a process of its own: what its callers get, and what its journal then says.

#[path = "registry/accounts.rs"]
mod accounts;
#[path = "registry/areas.rs"]
mod areas;
#[path = "registry/contacts.rs"]
mod contacts;
#[path = "registry/journaling.rs"]
mod journaling;
#[path = "registry/laboratories.rs"]
mod laboratories;
#[path = "registry/node.rs"]
mod node;
#[path = "registry/providers.rs"]
mod providers;
#[path = "registry/racing.rs"]
mod racing;
#[path = "registry/scope.rs"]
mod scope;
#[path = "registry/signing_in.rs"]
mod signing_in;
#[path = "registry/subjects.rs"]
mod subjects;
