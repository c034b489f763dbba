//! Running numbers. Who takes one holds its series until the transaction ends, and gives it back where that is rolled back: no number is missing, and
//! none is given out twice.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

pub async fn next(tx: &impl ConnectionTrait, name: &str) -> Result<i64, DbErr> {
    let text = "INSERT INTO series (name, last) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET last = series.last + 1 RETURNING last";
    let row: Option<(i64,)> = sql::row(tx, text, vec![name.into()]).await?;
    row.map(|(last,)| last).ok_or_else(|| DbErr::Custom(format!("the series {name} gives no number")))
}
