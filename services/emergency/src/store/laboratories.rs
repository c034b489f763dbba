//! Our copy of the registry's authorised laboratories.

use prost::Message;
use tracemesh_proto::registry::v1::Laboratory;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::decode;

pub async fn put(tx: &impl ConnectionTrait, laboratory: &Laboratory) -> Result<(), DbErr> {
    let text = "INSERT INTO laboratory (code, document) VALUES ($1, $2) ON CONFLICT (code) DO UPDATE SET document = excluded.document";
    sql::run(tx, text, vec![laboratory.code.clone().into(), laboratory.encode_to_vec().into()]).await.map(drop)
}

pub async fn by_code(db: &impl ConnectionTrait, code: &str) -> Result<Option<Laboratory>, DbErr> {
    let row: Option<(Vec<u8>,)> = sql::row(db, "SELECT document FROM laboratory WHERE code = $1", vec![code.into()]).await?;
    row.map(|(document,)| decode("laboratory", &document)).transpose()
}
