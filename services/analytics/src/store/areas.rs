//! Our copy of the registry's tree of areas.

use tracemesh_model::AreaTree;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

pub async fn put(tx: &impl ConnectionTrait, area: &str, parent: &str) -> Result<(), DbErr> {
    let text = "INSERT INTO area (id, parent) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET parent = excluded.parent";
    sql::run(tx, text, vec![area.into(), parent.into()]).await.map(drop)
}

/// Beside the table of regions there are some hundreds in a province.
pub async fn tree(db: &impl ConnectionTrait) -> Result<AreaTree, DbErr> {
    let rows: Vec<(String, String)> = sql::rows(db, "SELECT id, parent FROM area LIMIT 100000", vec![]).await?;
    Ok(AreaTree::new(rows))
}
