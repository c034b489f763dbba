//! How far ingestion's journal is followed, by which rules, and how many findings have a number.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::place::{AsOf, Place};

/// The rules that everything was made by; `None` before anything was.
pub async fn rules(db: &impl ConnectionTrait, journal: &str) -> Result<Option<String>, DbErr> {
    let row: Option<(String,)> = sql::row(db, "SELECT rules FROM followed WHERE journal = $1", vec![journal.into()]).await?;
    Ok(row.map(|(rules,)| rules))
}

/// Nothing is followed yet, and these are the rules from now on. Numbers of findings go on.
pub async fn begin(tx: &impl ConnectionTrait, journal: &str, rules: &str) -> Result<(), DbErr> {
    let text = "INSERT INTO followed (journal, rules, epoch, seq, recorded_at, findings) VALUES ($1, $2, 0, 0, 0, 0) \
                ON CONFLICT (journal) DO UPDATE SET rules = excluded.rules, epoch = 0, seq = 0, recorded_at = 0";
    sql::run(tx, text, vec![journal.into(), rules.into()]).await.map(drop)
}

pub async fn advance(tx: &impl ConnectionTrait, to: &AsOf) -> Result<(), DbErr> {
    let text = "UPDATE followed SET epoch = $1, seq = $2, recorded_at = $3 WHERE journal = $4";
    let values = vec![(to.place.epoch as i64).into(), (to.place.seq as i64).into(), to.recorded_at.into(), to.journal.clone().into()];
    sql::run(tx, text, values).await.map(drop)
}

pub async fn as_of(db: &impl ConnectionTrait, journal: &str) -> Result<AsOf, DbErr> {
    let text = "SELECT epoch, seq, recorded_at FROM followed WHERE journal = $1";
    let row: Option<(i64, i64, i64)> = sql::row(db, text, vec![journal.into()]).await?;
    let (epoch, seq, recorded_at) = row.unwrap_or_default();
    Ok(AsOf { place: Place { epoch: epoch as u64, seq: seq as u64 }, recorded_at, journal: journal.to_owned() })
}

/// The number of the next finding, which nobody else gets.
pub async fn next_number(tx: &impl ConnectionTrait, journal: &str) -> Result<i64, DbErr> {
    let text = "UPDATE followed SET findings = findings + 1 WHERE journal = $1 RETURNING findings";
    let row: Option<(i64,)> = sql::row(tx, text, vec![journal.into()]).await?;
    row.map(|(number,)| number).ok_or_else(|| DbErr::Custom(format!("{journal} is not followed")))
}
