//! Rejected submissions as a work list. The bytes and the reasons are in the journal; a row says only where, and what became of it.

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::ROWS_PER_STATEMENT;

pub const OPEN: &str = "open";
pub const REDRIVEN: &str = "redriven";

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeadLetter {
    /// block << 16 | position
    pub record: i64,
    pub provider: String,
    pub state: String,
    pub redriven_as: Option<i64>,
}

pub async fn insert(db: &impl ConnectionTrait, new: &[(i64, &str)]) -> Result<(), DbErr> {
    for chunk in new.chunks(ROWS_PER_STATEMENT) {
        let text = format!("INSERT INTO dead_letter (record, provider, state) VALUES {}", sql::row_lists(db, chunk.len(), 3));
        let values = chunk.iter().flat_map(|(record, provider)| -> [Value; 3] { [(*record).into(), (*provider).into(), OPEN.into()] });
        sql::run(db, &text, values.collect()).await?;
    }
    Ok(())
}

/// It was submitted again, and that submission is `redriven_as`.
pub async fn redriven(db: &impl ConnectionTrait, record: i64, redriven_as: i64) -> Result<(), DbErr> {
    let text = "UPDATE dead_letter SET state = $1, redriven_as = $2 WHERE record = $3";
    sql::run(db, text, vec![REDRIVEN.into(), redriven_as.into(), record.into()]).await.map(drop)
}

pub async fn get(db: &impl ConnectionTrait, record: i64) -> Result<Option<DeadLetter>, DbErr> {
    let text = "SELECT record, provider, state, redriven_as FROM dead_letter WHERE record = $1";
    Ok(sql::row(db, text, vec![record.into()]).await?.map(from_row))
}

/// Newest first, before `before`; an empty provider or state matches all.
pub async fn page(db: &impl ConnectionTrait, provider: &str, state: &str, before: i64, limit: u32) -> Result<Vec<DeadLetter>, DbErr> {
    let text = "SELECT record, provider, state, redriven_as FROM dead_letter \
                WHERE ($1 = '' OR provider = $1) AND ($2 = '' OR state = $2) AND record < $3 ORDER BY record DESC LIMIT $4";
    let values = vec![provider.into(), state.into(), before.into(), i64::from(limit).into()];
    Ok(sql::rows(db, text, values).await?.into_iter().map(from_row).collect())
}

fn from_row((record, provider, state, redriven_as): (i64, String, String, Option<i64>)) -> DeadLetter {
    DeadLetter { record, provider, state, redriven_as }
}
