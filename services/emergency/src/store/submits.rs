//! Who submits for whom.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

pub async fn put(tx: &impl ConnectionTrait, subject: &str, provider: &str) -> Result<(), DbErr> {
    let text = "INSERT INTO submits (subject, provider) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sql::run(tx, text, vec![subject.into(), provider.into()]).await.map(drop)
}

pub async fn is_so(db: &impl ConnectionTrait, subject: &str, provider: &str) -> Result<bool, DbErr> {
    let text = "SELECT provider FROM submits WHERE subject = $1 AND provider = $2";
    Ok(sql::row::<(String,)>(db, text, vec![subject.into(), provider.into()]).await?.is_some())
}
