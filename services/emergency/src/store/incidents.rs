//! Incidents: our own, and those that nodes below have told of.

use prost::Message;
use tracemesh_proto::emergency::v1::Incident;
use tracemesh_proto::time::micros;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::decode;
use crate::domain::rules::InForce;

/// An incident as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub incident: Incident,
    /// The node directly below that told us; empty for our own.
    pub via: String,
    /// What it is held to here.
    pub rules: InForce,
}

type Row = (Vec<u8>, String, String);

/// Whether it was new: its source opens an incident once.
pub async fn insert(tx: &impl ConnectionTrait, kept: &Kept) -> Result<bool, DbErr> {
    let text = "INSERT INTO incident (id, opened_at, state, source, via, rules, document) VALUES ($1, $2, $3, $4, $5, $6, $7) \
                ON CONFLICT DO NOTHING";
    let Incident { id, state, source, opened_at, .. } = kept.incident.clone();
    let rules = serde_json::to_string(&kept.rules).map_err(|fault| DbErr::Custom(fault.to_string()))?;
    // Of somebody else's the source says nothing about what opens one here.
    let source = if kept.via.is_empty() { source } else { String::new() };
    let values = vec![
        id.into(),
        micros(opened_at.as_ref()).into(),
        state.into(),
        source.into(),
        kept.via.clone().into(),
        rules.into(),
        kept.incident.encode_to_vec().into(),
    ];
    Ok(sql::run(tx, text, values).await? == 1)
}

pub async fn update(tx: &impl ConnectionTrait, incident: &Incident) -> Result<(), DbErr> {
    let text = "UPDATE incident SET state = $1, document = $2 WHERE id = $3";
    let values = vec![incident.state.clone().into(), incident.encode_to_vec().into(), incident.id.clone().into()];
    sql::run(tx, text, values).await.map(drop)
}

/// The incident, which nobody else changes until the transaction ends.
pub async fn for_change(tx: &impl ConnectionTrait, id: &str) -> Result<Option<Kept>, DbErr> {
    let text = format!("SELECT document, via, rules FROM incident WHERE id = $1{}", sql::for_update(tx));
    sql::row::<Row>(tx, &text, vec![id.into()]).await?.map(from_row).transpose()
}

pub async fn by_id(db: &impl ConnectionTrait, id: &str) -> Result<Option<Kept>, DbErr> {
    let text = "SELECT document, via, rules FROM incident WHERE id = $1";
    sql::row::<Row>(db, text, vec![id.into()]).await?.map(from_row).transpose()
}

pub async fn by_source(db: &impl ConnectionTrait, source: &str) -> Result<Option<Kept>, DbErr> {
    let text = "SELECT document, via, rules FROM incident WHERE source = $1";
    sql::row::<Row>(db, text, vec![source.into()]).await?.map(from_row).transpose()
}

/// Newest first, before the one that was opened at `before.0` and is called `before.1`. An empty state is every state.
pub async fn page(db: &impl ConnectionTrait, state: &str, before: (i64, &str), limit: u32) -> Result<Vec<Incident>, DbErr> {
    let text = "SELECT document FROM incident WHERE ($1 = '' OR state = $1) AND (opened_at < $2 OR (opened_at = $2 AND id < $3)) \
                ORDER BY opened_at DESC, id DESC LIMIT $4";
    let values = vec![state.into(), before.0.into(), before.1.into(), i64::from(limit).into()];
    let rows: Vec<(Vec<u8>,)> = sql::rows(db, text, values).await?;
    rows.into_iter().map(|(document,)| decode("incident", &document)).collect()
}

fn from_row((document, via, rules): Row) -> Result<Kept, DbErr> {
    let rules = serde_json::from_str(&rules).map_err(|fault| DbErr::Custom(format!("incident: {fault}")))?;
    Ok(Kept { incident: decode("incident", &document)?, via, rules })
}
