//! How far ingestion's journal is counted, and by which rules. It moves with the follower's cursor and says more: when the last entry was
//! recorded, which people are shown.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::months::place;
use crate::domain::version::AsOf;

/// The rules that the figures were counted by; `None` before anything was.
pub async fn rules(db: &impl ConnectionTrait, journal: &str) -> Result<Option<String>, DbErr> {
    let row: Option<(String,)> = sql::row(db, "SELECT rules FROM counted WHERE journal = $1", vec![journal.into()]).await?;
    Ok(row.map(|(rules,)| rules))
}

/// Nothing is counted yet, and these are the rules from now on.
pub async fn begin(tx: &impl ConnectionTrait, journal: &str, rules: &str) -> Result<(), DbErr> {
    let text = "INSERT INTO counted (journal, rules, epoch, seq, recorded_at) VALUES ($1, $2, 0, 0, 0) \
                ON CONFLICT (journal) DO UPDATE SET rules = excluded.rules, epoch = 0, seq = 0, recorded_at = 0";
    sql::run(tx, text, vec![journal.into(), rules.into()]).await.map(drop)
}

pub async fn advance(tx: &impl ConnectionTrait, to: &AsOf) -> Result<(), DbErr> {
    let text = "UPDATE counted SET epoch = $1, seq = $2, recorded_at = $3 WHERE journal = $4";
    let values = vec![(to.place.epoch as i64).into(), (to.place.seq as i64).into(), to.recorded_at.into(), to.journal.clone().into()];
    sql::run(tx, text, values).await.map(drop)
}

pub async fn as_of(db: &impl ConnectionTrait, journal: &str) -> Result<AsOf, DbErr> {
    let text = "SELECT epoch, seq, recorded_at FROM counted WHERE journal = $1";
    let row: Option<(i64, i64, i64)> = sql::row(db, text, vec![journal.into()]).await?;
    let (epoch, seq, recorded_at) = row.unwrap_or_default();
    Ok(AsOf { place: place(epoch, seq), recorded_at, journal: journal.to_owned() })
}
