//! Ingestion's tables: the only place that knows their SQL. Functions take the connection or transaction that they run on.

pub mod dead_letters;
pub mod derived;
pub mod directory;
pub mod hops;
pub mod intake;
pub mod leases;
pub mod offsets;
pub mod records;
pub mod rules;

use tracemesh_store::{Migration, MigrationSet};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "ingestion",
    steps: &[
        Migration {
            version: 1,
            name: "ingestion",
            postgres: include_str!("../../migrations/postgres/0001_ingestion.sql"),
            sqlite: include_str!("../../migrations/sqlite/0001_ingestion.sql"),
        },
        Migration {
            version: 2,
            name: "lease",
            postgres: include_str!("../../migrations/postgres/0002_lease.sql"),
            sqlite: include_str!("../../migrations/sqlite/0002_lease.sql"),
        },
        Migration {
            version: 3,
            name: "rules",
            postgres: include_str!("../../migrations/postgres/0003_rules.sql"),
            sqlite: include_str!("../../migrations/sqlite/0003_rules.sql"),
        },
    ],
};

/// Until ledger months are built, everything lies in this one.
pub const MONTH: i64 = 0;

/// Rows in one multi-row statement. A longer one no longer fits the processor's nearest caches, a shorter one is more often sent for nothing.
const ROWS_PER_STATEMENT: usize = 100;
