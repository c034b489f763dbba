//! The tables of analytics: the only place that knows their SQL. Functions take the connection or transaction that they run on.

pub mod areas;
pub mod cells;
pub mod counted;
pub mod differences;
pub mod distinct;
pub mod months;
pub mod sheets;

use tracemesh_store::{Migration, MigrationSet};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "analytics",
    steps: &[Migration {
        version: 1,
        name: "analytics",
        postgres: include_str!("../../migrations/postgres/0001_analytics.sql"),
        sqlite: include_str!("../../migrations/sqlite/0001_analytics.sql"),
    }],
};

/// Rows in one multi-row statement: with seven columns far below SQLite's 32,766 placeholders.
const ROWS_PER_STATEMENT: usize = 500;

/// `($1,$2),($3,$4),…` for `rows` rows of `columns` columns.
fn value_lists(rows: usize, columns: usize) -> String {
    let lists: Vec<String> = (0..rows).map(|row| format!("({})", tracemesh_store::sql::list(row * columns + 1, columns))).collect();
    lists.join(",")
}
