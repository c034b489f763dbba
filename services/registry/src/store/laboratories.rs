use tracemesh_proto::registry::v1::Laboratory;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::words;

type Row = (String, String, String, String, String, String);

/// Writes the laboratory as it is from now on, new or not.
pub async fn put(db: &impl ConnectionTrait, laboratory: &Laboratory) -> Result<(), DbErr> {
    let text = "INSERT INTO laboratory (code, name, areas, categories, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6) \
                ON CONFLICT (code) DO UPDATE SET name = $2, areas = $3, categories = $4, valid_from = $5, valid_to = $6";
    let l = laboratory.clone();
    let values =
        vec![l.code.into(), l.name.into(), l.areas.join(" ").into(), l.categories.join(" ").into(), l.valid_from.into(), l.valid_to.into()];
    sql::run(db, text, values).await.map(drop)
}

/// All laboratories of the node, by code, also those of the past; a province has some hundreds.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Laboratory>, DbErr> {
    let text = "SELECT code, name, areas, categories, valid_from, valid_to FROM laboratory ORDER BY code LIMIT 10000";
    let rows: Vec<Row> = sql::rows(db, text, vec![]).await?;
    let laboratory = |(code, name, areas, categories, valid_from, valid_to): Row| Laboratory {
        code,
        name,
        areas: words(&areas),
        categories: words(&categories),
        valid_from,
        valid_to,
    };
    Ok(rows.into_iter().map(laboratory).collect())
}
