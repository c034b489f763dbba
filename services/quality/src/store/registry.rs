//! Our copy of the registry: its tree of areas, and the establishments in their normal state.

use tracemesh_model::AreaTree;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::cell::Subject;
use crate::domain::table::Establishment;

pub async fn put_area(tx: &impl ConnectionTrait, area: &str, parent: &str) -> Result<(), DbErr> {
    let text = "INSERT INTO area (id, parent) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET parent = excluded.parent";
    sql::run(tx, text, vec![area.into(), parent.into()]).await.map(drop)
}

/// Beside the table of regions there are some hundreds in a province.
pub async fn tree(db: &impl ConnectionTrait) -> Result<AreaTree, DbErr> {
    let rows: Vec<(String, String)> = sql::rows(db, "SELECT id, parent FROM area LIMIT 100000", vec![]).await?;
    Ok(AreaTree::new(rows))
}

pub async fn put_establishment(tx: &impl ConnectionTrait, of: &Establishment) -> Result<(), DbErr> {
    let text = "INSERT INTO establishment (subject, subject_shown, area, categories) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (subject) DO UPDATE SET area = excluded.area, categories = excluded.categories";
    let Establishment { subject, area, categories } = of.clone();
    sql::run(tx, text, vec![subject.key.into(), subject.shown.into(), area.into(), categories.join(" ").into()]).await.map(drop)
}

pub async fn drop_establishment(tx: &impl ConnectionTrait, subject: i64) -> Result<(), DbErr> {
    sql::run(tx, "DELETE FROM establishment WHERE subject = $1", vec![subject.into()]).await.map(drop)
}

/// A province has some hundred thousand.
pub async fn establishments(db: &impl ConnectionTrait) -> Result<Vec<Establishment>, DbErr> {
    let text = "SELECT subject, subject_shown, area, categories FROM establishment LIMIT 1000000";
    let rows: Vec<(i64, String, String, String)> = sql::rows(db, text, vec![]).await?;
    let establishment = |(key, shown, area, categories): (i64, String, String, String)| Establishment {
        subject: Subject { key, shown },
        area,
        categories: categories.split_whitespace().map(str::to_owned).collect(),
    };
    Ok(rows.into_iter().map(establishment).collect())
}
