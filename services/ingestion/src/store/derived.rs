//! What the audit asks of every table whose rows point at journal entries.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// The tables that are made from entries, row by row.
pub const TABLES: [&str; 3] = ["record", "hop", "intake"];

pub async fn count(db: &impl ConnectionTrait, table: &str) -> Result<i64, DbErr> {
    let count: Option<(i64,)> = sql::row(db, &format!("SELECT COUNT(*) FROM {table}"), vec![]).await?;
    Ok(count.map_or(0, |(count,)| count))
}

/// The entries that rows point at, each once, in order, after `after`.
pub async fn records(db: &impl ConnectionTrait, table: &str, after: i64, limit: usize) -> Result<Vec<i64>, DbErr> {
    let text = format!("SELECT DISTINCT record FROM {table} WHERE record > $1 ORDER BY record LIMIT $2");
    let rows: Vec<(i64,)> = sql::rows(db, &text, vec![after.into(), (limit as i64).into()]).await?;
    Ok(rows.into_iter().map(|(record,)| record).collect())
}
