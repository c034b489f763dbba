use prost::Message;
use tracemesh_proto::registry::v1::{Provider, ProviderChanged};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// Writes the provider as it is from now on, whether it was known or not.
pub async fn put(db: &impl ConnectionTrait, changed: &ProviderChanged, now: i64) -> Result<(), DbErr> {
    let provider = changed.provider.clone().unwrap_or_default();
    let text = "INSERT INTO provider (id, state, token, document, registered_at) VALUES ($1, $2, $3, $4, $5) \
                ON CONFLICT (id) DO UPDATE SET state = excluded.state, token = excluded.token, document = excluded.document";
    let document = provider.encode_to_vec();
    let values = vec![provider.id.into(), provider.state.into(), changed.token.to_vec().into(), document.into(), now.into()];
    sql::run(db, text, values).await.map(drop)
}

pub async fn get(db: &impl ConnectionTrait, id: &str) -> Result<Option<ProviderChanged>, DbErr> {
    let row: Option<(Vec<u8>, Vec<u8>)> = sql::row(db, "SELECT token, document FROM provider WHERE id = $1", vec![id.into()]).await?;
    row.map(|(token, document)| Ok(ProviderChanged { provider: Some(decode(&document)?), token: token.into() })).transpose()
}

/// By id, after `after`.
pub async fn page(db: &impl ConnectionTrait, after: &str, limit: u32) -> Result<Vec<Provider>, DbErr> {
    let text = "SELECT document FROM provider WHERE id > $1 ORDER BY id LIMIT $2";
    let rows: Vec<(Vec<u8>,)> = sql::rows(db, text, vec![after.into(), i64::from(limit).into()]).await?;
    rows.iter().map(|(document,)| decode(document)).collect()
}

fn decode(document: &[u8]) -> Result<Provider, DbErr> {
    Provider::decode(document).map_err(|fault| DbErr::Custom(format!("provider document: {fault}")))
}
