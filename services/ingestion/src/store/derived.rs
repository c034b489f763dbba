//! The tables that are made from journal entries, for the audit: read from end to end, or for some entries.
//!
//! They are keyed for those who use them, by identity and by unit, and have no index by entry: one would cost every record that comes in, and
//! only an audit would use it. So rows of some entries are found by reading the whole table.

use std::hash::Hash;

use sea_orm::{QueryResult, Statement};
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

/// Rows in memory at once.
const PAGE: usize = 2_000;

/// A row of such a table.
pub trait Derived: Hash + PartialEq + Send {
    const TABLE: &'static str;
    const COLUMNS: &'static str;
    /// The columns of the primary key.
    const KEY: &'static str;
    /// What rows of one entry are told apart by.
    const ORDER: &'static str;

    fn key(row: &QueryResult) -> Result<Vec<Value>, DbErr>;

    /// Whoever changed a stored value may have made it anything: none is cut to fit.
    fn read(row: &QueryResult) -> Result<Self, DbErr>
    where
        Self: Sized;
}

/// Every row once, with the entry that it points at, in no order that matters. The entry is known even of a row that cannot be read.
pub async fn each<R: Derived>(db: &impl ConnectionTrait, mut see: impl FnMut(i64, Result<R, DbErr>)) -> Result<(), DbErr> {
    let (table, columns, key) = (R::TABLE, R::COLUMNS, R::KEY);
    let mut after: Vec<Value> = Vec::new();
    loop {
        let beyond = if after.is_empty() { String::new() } else { format!("WHERE ({key}) > ({})", sql::list(1, after.len())) };
        let page = rows(db, &format!("SELECT {columns} FROM {table} {beyond} ORDER BY {key} LIMIT {PAGE}"), after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = R::key(last)?;
        for row in &page {
            see(row.try_get("", "record")?, R::read(row));
        }
    }
}

/// The rows of a run of entries, in a fixed order.
pub async fn of_entries<R: Derived>(db: &impl ConnectionTrait, from: i64, to: i64) -> Result<Vec<R>, DbErr> {
    let text = format!("SELECT {} FROM {} WHERE record >= $1 AND record <= $2 ORDER BY record, {}", R::COLUMNS, R::TABLE, R::ORDER);
    rows(db, &text, vec![from.into(), to.into()]).await?.iter().map(R::read).collect()
}

/// The last entry before another one that a row points at.
pub async fn entry_before(db: &impl ConnectionTrait, table: &str, record: i64) -> Result<Option<i64>, DbErr> {
    let row: Option<(Option<i64>,)> =
        sql::row(db, &format!("SELECT MAX(record) FROM {table} WHERE record < $1"), vec![record.into()]).await?;
    Ok(row.and_then(|(before,)| before))
}

async fn rows(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), text, values)).await
}
