//! Our copy of the registry: providers with the hashes of their tokens, areas, and registered subjects.

use prost::Message;
use tracemesh_proto::registry::v1::{Area, Provider, ProviderChanged};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

pub async fn put_provider(db: &impl ConnectionTrait, changed: &ProviderChanged) -> Result<(), DbErr> {
    let provider = changed.provider.clone().unwrap_or_default();
    let text = "INSERT INTO provider (id, token, document) VALUES ($1, $2, $3) \
                ON CONFLICT (id) DO UPDATE SET token = excluded.token, document = excluded.document";
    let document = provider.encode_to_vec();
    sql::run(db, text, vec![provider.id.into(), changed.token.to_vec().into(), document.into()]).await.map(drop)
}

pub async fn providers(db: &impl ConnectionTrait) -> Result<Vec<ProviderChanged>, DbErr> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sql::rows(db, "SELECT token, document FROM provider ORDER BY id LIMIT 100000", vec![]).await?;
    let changed = |(token, document): (Vec<u8>, Vec<u8>)| {
        let provider = Provider::decode(document.as_slice()).map_err(|fault| DbErr::Custom(format!("provider document: {fault}")))?;
        Ok(ProviderChanged { provider: Some(provider), token: token.into() })
    };
    rows.into_iter().map(changed).collect()
}

pub async fn put_area(db: &impl ConnectionTrait, area: &Area) -> Result<(), DbErr> {
    let text = "INSERT INTO area (id, parent) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET parent = excluded.parent";
    sql::run(db, text, vec![area.id.clone().into(), area.parent.clone().into()]).await.map(drop)
}

/// (id, parent)
pub async fn areas(db: &impl ConnectionTrait) -> Result<Vec<(String, String)>, DbErr> {
    sql::rows(db, "SELECT id, parent FROM area ORDER BY id LIMIT 100000", vec![]).await
}

/// `registered` is false once it was cancelled.
pub async fn put_subject(db: &impl ConnectionTrait, code: &str, registered: bool) -> Result<(), DbErr> {
    let text = if registered {
        "INSERT INTO subject (code) VALUES ($1) ON CONFLICT (code) DO NOTHING"
    } else {
        "DELETE FROM subject WHERE code = $1"
    };
    sql::run(db, text, vec![code.into()]).await.map(drop)
}

/// The codes of all registered subjects, SCHEME:VALUE; a city has some hundred thousand.
pub async fn subjects(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let rows: Vec<(String,)> = sql::rows(db, "SELECT code FROM subject LIMIT 5000000", vec![]).await?;
    Ok(rows.into_iter().map(|(code,)| code).collect())
}
