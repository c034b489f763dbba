//! Where each source is. The offset moves by compare-and-set in the transaction of what it brought: whoever lost a race writes nothing.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// The next offset to read; none for a source that was never read, which then stands at 0.
pub async fn next(db: &impl ConnectionTrait, source: &str) -> Result<Option<i64>, DbErr> {
    let row: Option<(i64,)> = sql::row(db, "SELECT next FROM source_offset WHERE source = $1", vec![source.into()]).await?;
    Ok(row.map(|(next,)| next))
}

/// Moves from `from` to `to`; false when somebody else has moved it.
pub async fn advance(db: &impl ConnectionTrait, source: &str, from: i64, to: i64) -> Result<bool, DbErr> {
    let text = "INSERT INTO source_offset (source, next) VALUES ($1, 0) ON CONFLICT (source) DO NOTHING";
    sql::run(db, text, vec![source.into()]).await?;
    let text = "UPDATE source_offset SET next = $1 WHERE source = $2 AND next = $3";
    Ok(sql::run(db, text, vec![to.into(), source.into(), from.into()]).await? == 1)
}
