//! The tables of quality: the only place that knows their SQL. Functions take the connection or transaction that they run on.

pub mod age;
pub mod cells;
pub mod chains;
pub mod findings;
pub mod followed;
pub mod hops;
pub mod mismatches;
pub mod observations;
pub mod registry;
pub mod rules;

use std::collections::BTreeSet;

use tracemesh_store::{ConnectionTrait, DbErr, Migration, MigrationSet, TryGetableMany, Value, sql};

pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "quality",
    steps: &[
        Migration {
            version: 1,
            name: "quality",
            postgres: include_str!("../../migrations/postgres/0001_quality.sql"),
            sqlite: include_str!("../../migrations/sqlite/0001_quality.sql"),
        },
        Migration {
            version: 2,
            name: "rules",
            postgres: include_str!("../../migrations/postgres/0002_rules.sql"),
            sqlite: include_str!("../../migrations/sqlite/0002_rules.sql"),
        },
    ],
};

/// Rows in one multi-row statement, and keys in one list: with fourteen columns far below SQLite's 32,766 placeholders.
const ROWS_PER_STATEMENT: usize = 500;

/// Forgets everything that was made from ingestion's journal, but not what findings are called and what people did to them.
pub async fn clear(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    for table in ["observation", "link", "passage", "rooted", "open_hop", "day_begun", "evidence", "cell"] {
        sql::run(tx, &format!("DELETE FROM {table}"), vec![]).await?;
    }
    Ok(())
}

/// Rows of some keys: `text` ends where the list of keys begins, as in `… WHERE key IN `.
async fn rows_of<T: TryGetableMany>(db: &impl ConnectionTrait, text: &str, keys: &BTreeSet<i64>) -> Result<Vec<T>, DbErr> {
    let keys: Vec<i64> = keys.iter().copied().collect();
    let mut rows = Vec::new();
    for chunk in keys.chunks(ROWS_PER_STATEMENT) {
        let text = format!("{text}({})", sql::row_lists(db, chunk.len(), 1));
        rows.extend(sql::rows::<T>(db, &text, chunk.iter().copied().map(Value::from).collect()).await?);
    }
    Ok(rows)
}

/// The same for a statement that changes the rows.
async fn run_on(tx: &impl ConnectionTrait, text: &str, keys: &BTreeSet<i64>) -> Result<(), DbErr> {
    let keys: Vec<i64> = keys.iter().copied().collect();
    for chunk in keys.chunks(ROWS_PER_STATEMENT) {
        let text = format!("{text}({})", sql::row_lists(tx, chunk.len(), 1));
        sql::run(tx, &text, chunk.iter().copied().map(Value::from).collect()).await?;
    }
    Ok(())
}
