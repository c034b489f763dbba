//! One SQL text for both databases: `$1` placeholders, values in order, rows as tuples in the order of the selected columns.
//!
//! Integers are `i64` everywhere (BIGINT): PostgreSQL hands out no narrower column as a wider one. There is no `= ANY($1)` on SQLite; a text
//! for a list is made with [`list`].

use std::fmt::Write;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, TryGetableMany, Value};

/// Runs a text and answers how many rows it touched.
pub async fn run(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    Ok(db.execute_raw(statement(db, text, values)).await?.rows_affected())
}

/// All rows. A text whose answer has no natural limit says LIMIT.
pub async fn rows<T: TryGetableMany>(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Vec<T>, DbErr> {
    db.query_all_raw(statement(db, text, values)).await?.iter().map(|row| row.try_get_many_by_index()).collect()
}

/// The first row, if there is one.
pub async fn row<T: TryGetableMany>(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Option<T>, DbErr> {
    db.query_one_raw(statement(db, text, values)).await?.map(|row| row.try_get_many_by_index()).transpose()
}

/// `$from,$from+1,…`: placeholders for `count` values, for `IN (…)`. PostgreSQL takes 65,535 in one statement.
pub fn list(from: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 4);
    for i in from..from + count {
        let comma = if i > from { "," } else { "" };
        write!(text, "{comma}${i}").expect("writing to a string does not fail");
    }
    text
}

/// `($1,$2),($3,$4),…`: placeholders for `rows` rows of `columns` values, for `INSERT … VALUES` and long `IN` lists, in a text that has no others.
///
/// On SQLite they are bare `?`. A numbered placeholder is a name there, and sqlx looks up the name of each, which SQLite finds by walking through
/// all of them: with thousands in a statement that takes ten times as long as the insert.
pub fn row_lists(db: &impl ConnectionTrait, rows: usize, columns: usize) -> String {
    if db.get_database_backend() == DbBackend::Sqlite {
        let row = format!("({}?)", "?,".repeat(columns - 1));
        return vec![row.as_str(); rows].join(",");
    }
    let lists: Vec<String> = (0..rows).map(|row| format!("({})", list(row * columns + 1, columns))).collect();
    lists.join(",")
}

/// Ends a SELECT of the row that the transaction is going to write: two who change one row take turns, and the second reads what the first has made
/// of it. On SQLite they have taken turns when they [began](crate::Database::begin).
pub fn for_update(db: &impl ConnectionTrait) -> &'static str {
    if db.get_database_backend() == DbBackend::Postgres { " FOR UPDATE" } else { "" }
}

fn statement(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), text, values)
}
