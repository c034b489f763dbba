//! Our own months: what changed each last, and what was said of it.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::month::Month;
use crate::domain::version::Place;

/// A month as the table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownMonth {
    pub month: Month,
    /// The last entry that changed it.
    pub version: Place,
    /// What was said of it last, and the hash of the figures then.
    pub announced: Option<(Place, Vec<u8>)>,
}

/// The entry at `version` changed the month.
pub async fn touch(tx: &impl ConnectionTrait, month: Month, version: Place) -> Result<(), DbErr> {
    let text = "INSERT INTO month (month, epoch, seq) VALUES ($1, $2, $3) \
                ON CONFLICT (month) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq";
    sql::run(tx, text, vec![month.to_string().into(), (version.epoch as i64).into(), (version.seq as i64).into()]).await.map(drop)
}

/// Every month that is known has the version of this entry.
pub async fn touch_all(tx: &impl ConnectionTrait, version: Place) -> Result<(), DbErr> {
    let text = "UPDATE month SET epoch = $1, seq = $2";
    sql::run(tx, text, vec![(version.epoch as i64).into(), (version.seq as i64).into()]).await.map(drop)
}

/// Makes sure that the month is known, be it without a record as of this entry.
pub async fn ensure(tx: &impl ConnectionTrait, month: Month, version: Place) -> Result<(), DbErr> {
    let text = "INSERT INTO month (month, epoch, seq) VALUES ($1, $2, $3) ON CONFLICT (month) DO NOTHING";
    sql::run(tx, text, vec![month.to_string().into(), (version.epoch as i64).into(), (version.seq as i64).into()]).await.map(drop)
}

pub async fn announced(tx: &impl ConnectionTrait, month: Month, version: Place, hash: &[u8]) -> Result<(), DbErr> {
    let text = "UPDATE month SET announced_epoch = $1, announced_seq = $2, hash = $3 WHERE month = $4";
    let values = vec![(version.epoch as i64).into(), (version.seq as i64).into(), hash.to_vec().into(), month.to_string().into()];
    sql::run(tx, text, values).await.map(drop)
}

/// By month.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<KnownMonth>, DbErr> {
    let text = "SELECT month, epoch, seq, announced_epoch, announced_seq, hash FROM month ORDER BY month";
    sql::rows(db, text, vec![]).await?.into_iter().map(known).collect()
}

type Row = (String, i64, i64, Option<i64>, Option<i64>, Option<Vec<u8>>);

fn known((month, epoch, seq, announced_epoch, announced_seq, hash): Row) -> Result<KnownMonth, DbErr> {
    let announced = announced_epoch.zip(announced_seq).map(|(epoch, seq)| place(epoch, seq)).zip(hash);
    Ok(KnownMonth { month: read(&month)?, version: place(epoch, seq), announced })
}

/// The last entry that changed the month; `None` where it is not known.
pub async fn version(db: &impl ConnectionTrait, month: Month) -> Result<Option<Place>, DbErr> {
    let row: Option<(i64, i64)> = sql::row(db, "SELECT epoch, seq FROM month WHERE month = $1", vec![month.to_string().into()]).await?;
    Ok(row.map(|(epoch, seq)| place(epoch, seq)))
}

pub async fn clear(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    sql::run(tx, "DELETE FROM month", vec![]).await.map(drop)
}

pub(super) const fn place(epoch: i64, seq: i64) -> Place {
    Place { epoch: epoch as u64, seq: seq as u64 }
}

pub(super) fn read(month: &str) -> Result<Month, DbErr> {
    month.parse().map_err(|fault| DbErr::Custom(format!("month: {fault}")))
}
