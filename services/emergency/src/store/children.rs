//! The nodes directly below, as the gateway has enrolled them.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

pub async fn put(tx: &impl ConnectionTrait, node: &str) -> Result<(), DbErr> {
    sql::run(tx, "INSERT INTO child (node) VALUES ($1) ON CONFLICT DO NOTHING", vec![node.into()]).await.map(drop)
}

pub async fn remove(tx: &impl ConnectionTrait, node: &str) -> Result<(), DbErr> {
    sql::run(tx, "DELETE FROM child WHERE node = $1", vec![node.into()]).await.map(drop)
}

pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows: Vec<(String,)> = sql::rows(db, "SELECT node FROM child ORDER BY node", vec![]).await?;
    Ok(rows.into_iter().map(|(node,)| node).collect())
}
