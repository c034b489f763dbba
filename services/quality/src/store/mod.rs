//! The tables of quality: the only place that knows their SQL. Functions take the connection or transaction that they run on.

use tracemesh_store::{Migration, MigrationSet};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "quality",
    steps: &[Migration {
        version: 1,
        name: "quality",
        postgres: include_str!("../../migrations/postgres/0001_quality.sql"),
        sqlite: include_str!("../../migrations/sqlite/0001_quality.sql"),
    }],
};
