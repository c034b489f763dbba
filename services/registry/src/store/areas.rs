use tracemesh_proto::registry::v1::Area;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// Whether it was new; an id that is taken is left as it is.
pub async fn insert(db: &impl ConnectionTrait, area: &Area) -> Result<bool, DbErr> {
    let text = "INSERT INTO area (id, parent, name_zh, name_en, kind, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                ON CONFLICT (id) DO NOTHING";
    let a = area.clone();
    let values =
        vec![a.id.into(), a.parent.into(), a.name_zh.into(), a.name_en.into(), a.kind.into(), a.valid_from.into(), a.valid_to.into()];
    Ok(sql::run(db, text, values).await? == 1)
}

pub async fn exists(db: &impl ConnectionTrait, id: &str) -> Result<bool, DbErr> {
    Ok(sql::row::<(String,)>(db, "SELECT id FROM area WHERE id = $1", vec![id.into()]).await?.is_some())
}

/// All areas of the node, by id; a nation has some thousands.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Area>, DbErr> {
    type Row = (String, String, String, String, String, String, String);
    let text = "SELECT id, parent, name_zh, name_en, kind, valid_from, valid_to FROM area ORDER BY id LIMIT 100000";
    let rows: Vec<Row> = sql::rows(db, text, vec![]).await?;
    Ok(rows
        .into_iter()
        .map(|(id, parent, name_zh, name_en, kind, valid_from, valid_to)| Area { id, parent, name_zh, name_en, kind, valid_from, valid_to })
        .collect())
}
