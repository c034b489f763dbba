//! The registry's tables: the only place that knows their SQL. Functions take the connection or transaction that they run on.

pub mod accounts;
pub mod areas;
pub mod contacts;
pub mod laboratories;
pub mod providers;
pub mod sign_in;
pub mod subjects;

use tracemesh_store::{Migration, MigrationSet};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "registry",
    steps: &[
        Migration {
            version: 1,
            name: "registry",
            postgres: include_str!("../../migrations/postgres/0001_registry.sql"),
            sqlite: include_str!("../../migrations/sqlite/0001_registry.sql"),
        },
        Migration {
            version: 2,
            name: "accounts",
            postgres: include_str!("../../migrations/postgres/0002_accounts.sql"),
            sqlite: include_str!("../../migrations/sqlite/0002_accounts.sql"),
        },
    ],
};

/// Words of a closed or checked list, none of which holds a space.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
