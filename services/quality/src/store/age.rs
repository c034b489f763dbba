//! What is forgotten by age: everything that detectors and chains keep of a record, but no count.

use jiff::civil::Date;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// Notes the first record of a day of the journal's time. Whether it is the first.
pub async fn begin_day(tx: &impl ConnectionTrait, day: Date, record: i64) -> Result<bool, DbErr> {
    let text = "INSERT INTO day_begun (day, record) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING";
    Ok(sql::run(tx, text, vec![day.to_string().into(), record.into()]).await? == 1)
}

/// Forgets the records that came before a day.
pub async fn forget_before(tx: &impl ConnectionTrait, day: Date) -> Result<(), DbErr> {
    let begun = sql::row(tx, "SELECT MIN(record) FROM day_begun WHERE day >= $1", vec![day.to_string().into()]).await?;
    let Some((Some(first),)): Option<(Option<i64>,)> = begun else { return Ok(()) };
    let older = sql::row(tx, "SELECT record FROM day_begun WHERE record < $1 LIMIT 1", vec![first.into()]).await?;
    let Some((_,)): Option<(i64,)> = older else { return Ok(()) };
    for table in ["observation", "link", "passage", "open_hop", "day_begun"] {
        sql::run(tx, &format!("DELETE FROM {table} WHERE record < $1"), vec![first.into()]).await?;
    }
    let unlinked = "DELETE FROM rooted WHERE NOT EXISTS (SELECT 1 FROM link WHERE link.unit = rooted.unit)";
    sql::run(tx, unlinked, vec![]).await.map(drop)
}
