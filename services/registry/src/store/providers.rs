use prost::Message;
use tracemesh_proto::registry::v1::{Provider, ProviderChanged};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// Whether it was new; an id that is taken is left as it is.
pub async fn insert(db: &impl ConnectionTrait, added: &ProviderChanged, now: i64) -> Result<bool, DbErr> {
    let text = "INSERT INTO provider (id, state, token, document, registered_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING";
    let provider = added.provider.clone().unwrap_or_default();
    let document = provider.encode_to_vec();
    let values = vec![provider.id.into(), provider.state.into(), added.token.to_vec().into(), document.into(), now.into()];
    Ok(sql::run(db, text, values).await? == 1)
}

/// Writes the provider as it is from now on; it was read by [`for_change`] in the same transaction.
pub async fn update(db: &impl ConnectionTrait, changed: &ProviderChanged) -> Result<(), DbErr> {
    let provider = changed.provider.clone().unwrap_or_default();
    let document = provider.encode_to_vec();
    let values = vec![provider.state.into(), changed.token.to_vec().into(), document.into(), provider.id.into()];
    sql::run(db, "UPDATE provider SET state = $1, token = $2, document = $3 WHERE id = $4", values).await.map(drop)
}

/// The provider, which nobody else changes until the transaction ends.
pub async fn for_change(db: &impl ConnectionTrait, id: &str) -> Result<Option<ProviderChanged>, DbErr> {
    let text = format!("SELECT token, document FROM provider WHERE id = $1{}", sql::for_update(db));
    let row: Option<(Vec<u8>, Vec<u8>)> = sql::row(db, &text, vec![id.into()]).await?;
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
