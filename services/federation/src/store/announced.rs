use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// What the uplink said last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Announced {
    pub content: Vec<u8>,
    /// Unix microseconds.
    pub at: i64,
}

/// None where nothing was ever said of it.
pub async fn get(db: &impl ConnectionTrait, subject: &str) -> Result<Option<Announced>, DbErr> {
    let row: Option<(Vec<u8>, i64)> = sql::row(db, "SELECT content, at FROM announced WHERE subject = $1", vec![subject.into()]).await?;
    Ok(row.map(|(content, at)| Announced { content, at }))
}

pub async fn put(db: &impl ConnectionTrait, subject: &str, said: &Announced) -> Result<(), DbErr> {
    let text = "INSERT INTO announced (subject, content, at) VALUES ($1, $2, $3) \
                ON CONFLICT (subject) DO UPDATE SET content = excluded.content, at = excluded.at";
    sql::run(db, text, vec![subject.into(), said.content.clone().into(), said.at.into()]).await.map(drop)
}
