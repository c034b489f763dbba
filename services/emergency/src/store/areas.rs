//! Our copy of the registry's tree of areas.

use tracemesh_model::AreaTree;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

pub async fn put(tx: &impl ConnectionTrait, id: &str, parent: &str) -> Result<(), DbErr> {
    let text = "INSERT INTO area (id, parent) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET parent = excluded.parent";
    sql::run(tx, text, vec![id.into(), parent.into()]).await.map(drop)
}

pub async fn tree(db: &impl ConnectionTrait) -> Result<AreaTree, DbErr> {
    let rows: Vec<(String, String)> = sql::rows(db, "SELECT id, parent FROM area", vec![]).await?;
    Ok(AreaTree::new(rows))
}
