//! The registry's tables: the only place that knows their SQL. Functions take the connection or transaction that they run on.

pub mod areas;
pub mod providers;
pub mod sign_in;
pub mod subjects;

use tracemesh_store::{Migration, MigrationSet};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "registry",
    steps: &[Migration {
        version: 1,
        name: "registry",
        postgres: include_str!("../../migrations/postgres/0001_registry.sql"),
        sqlite: include_str!("../../migrations/sqlite/0001_registry.sql"),
    }],
};
