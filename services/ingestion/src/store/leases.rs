//! Which process reads which source. A lease runs out unless its owner says so again, so that a process that died holds up nothing for long.
//! It only saves two processes from doing the same work: what both did, the offset's compare-and-set takes once.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// A source and who reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lease {
    pub source: String,
    pub owner: String,
}

/// Prolongs the owner's leases, also those that ran out and that nobody has taken since; then forgets what has run out at `now`.
pub async fn renew(db: &impl ConnectionTrait, owner: &str, now: i64, until: i64) -> Result<(), DbErr> {
    sql::run(db, "UPDATE lease SET until = $1 WHERE owner = $2", vec![until.into(), owner.into()]).await?;
    sql::run(db, "DELETE FROM lease WHERE until < $1", vec![now.into()]).await.map(drop)
}

/// All leases; [`renew`] has removed those that ran out.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Lease>, DbErr> {
    let rows: Vec<(String, String)> = sql::rows(db, "SELECT source, owner FROM lease ORDER BY source LIMIT 1000000", vec![]).await?;
    Ok(rows.into_iter().map(|(source, owner)| Lease { source, owner }).collect())
}

/// False where somebody else was faster.
pub async fn take(db: &impl ConnectionTrait, source: &str, owner: &str, until: i64) -> Result<bool, DbErr> {
    let text = "INSERT INTO lease (source, owner, until) VALUES ($1, $2, $3) ON CONFLICT (source) DO NOTHING";
    Ok(sql::run(db, text, vec![source.into(), owner.into(), until.into()]).await? == 1)
}

pub async fn release(db: &impl ConnectionTrait, source: &str, owner: &str) -> Result<(), DbErr> {
    sql::run(db, "DELETE FROM lease WHERE source = $1 AND owner = $2", vec![source.into(), owner.into()]).await.map(drop)
}

pub async fn release_all(db: &impl ConnectionTrait, owner: &str) -> Result<(), DbErr> {
    sql::run(db, "DELETE FROM lease WHERE owner = $1", vec![owner.into()]).await.map(drop)
}
