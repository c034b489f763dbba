//! The gateway's tables: the only place that knows their SQL. Functions take the connection or transaction that they run on.

pub mod announced;
pub mod children;
pub mod held;
pub mod invitations;
pub mod parent;
pub mod received;
pub mod taken;
#[cfg(test)]
mod tests;
pub mod unknown_entries;

use tracemesh_store::{DbErr, Migration, MigrationSet};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "federation",
    steps: &[
        Migration {
            version: 1,
            name: "federation",
            postgres: include_str!("../../migrations/postgres/0001_federation.sql"),
            sqlite: include_str!("../../migrations/sqlite/0001_federation.sql"),
        },
        Migration {
            version: 2,
            name: "epoch",
            postgres: include_str!("../../migrations/postgres/0002_epoch.sql"),
            sqlite: include_str!("../../migrations/sqlite/0002_epoch.sql"),
        },
        Migration {
            version: 3,
            name: "categories",
            postgres: include_str!("../../migrations/postgres/0003_categories.sql"),
            sqlite: include_str!("../../migrations/sqlite/0003_categories.sql"),
        },
        Migration {
            version: 4,
            name: "downlinks",
            postgres: include_str!("../../migrations/postgres/0004_downlinks.sql"),
            sqlite: include_str!("../../migrations/sqlite/0004_downlinks.sql"),
        },
    ],
};

/// Words of which none holds a comma.
fn split(words: &str) -> Vec<String> {
    words.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A stored message that is none: the row was not written by us.
fn decode<M: prost::Message + Default>(table: &'static str, bytes: &[u8]) -> Result<M, DbErr> {
    M::decode(bytes).map_err(|fault| DbErr::Custom(format!("{table}: {fault}")))
}
