//! The keys by which the orders of other nodes are known.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// The key of a node, which is `shown` where none was seen before.
pub async fn key(tx: &impl ConnectionTrait, node: &str, shown: &[u8]) -> Result<Vec<u8>, DbErr> {
    let text = "INSERT INTO issuer (node, public_key) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sql::run(tx, text, vec![node.into(), shown.into()]).await?;
    let row: Option<(Vec<u8>,)> = sql::row(tx, "SELECT public_key FROM issuer WHERE node = $1", vec![node.into()]).await?;
    Ok(row.map(|(key,)| key).unwrap_or_default())
}
