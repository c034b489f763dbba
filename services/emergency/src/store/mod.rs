//! The tables of emergency: the only place that knows their SQL. Functions take the connection or transaction that they run on.

pub mod areas;
pub mod children;
pub mod clocks;
pub mod incidents;
pub mod issuers;
pub mod laboratories;
pub mod orders;
pub mod rows;
pub mod series;
pub mod submits;
pub mod units;

use tracemesh_store::{DbErr, Migration, MigrationSet};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "emergency",
    steps: &[Migration {
        version: 1,
        name: "emergency",
        postgres: include_str!("../../migrations/postgres/0001_emergency.sql"),
        sqlite: include_str!("../../migrations/sqlite/0001_emergency.sql"),
    }],
};

/// A stored message that is none: the row was not written by us.
fn decode<M: prost::Message + Default>(table: &'static str, bytes: &[u8]) -> Result<M, DbErr> {
    M::decode(bytes).map_err(|fault| DbErr::Custom(format!("{table}: {fault}")))
}
