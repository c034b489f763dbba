//! The rows of orders: tiers, and establishments.

use prost::Message;
use tracemesh_proto::emergency::v1::{EstablishmentRow, TierRow};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::decode;
use crate::domain::board::Rows;

pub async fn put_tier(tx: &impl ConnectionTrait, order: &str, via: &str, row: &TierRow) -> Result<(), DbErr> {
    let text = "INSERT INTO tier (order_id, node, via, document) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (order_id, node) DO UPDATE SET via = excluded.via, document = excluded.document";
    sql::run(tx, text, vec![order.into(), row.node.clone().into(), via.into(), row.encode_to_vec().into()]).await.map(drop)
}

pub async fn put_establishment(tx: &impl ConnectionTrait, order: &str, via: &str, row: &EstablishmentRow) -> Result<(), DbErr> {
    let text = "INSERT INTO establishment (order_id, node, subject, measure, via, document) VALUES ($1, $2, $3, $4, $5, $6) \
                ON CONFLICT (order_id, node, subject, measure) DO UPDATE SET via = excluded.via, document = excluded.document";
    let values = vec![
        order.into(),
        row.node.clone().into(),
        row.subject.clone().into(),
        row.unit_of_measure.clone().into(),
        via.into(),
        row.encode_to_vec().into(),
    ];
    sql::run(tx, text, values).await.map(drop)
}

/// Every row of an order, by node, then by subject.
pub async fn of(db: &impl ConnectionTrait, order: &str) -> Result<Rows, DbErr> {
    let tiers: Vec<(Vec<u8>,)> = sql::rows(db, "SELECT document FROM tier WHERE order_id = $1 ORDER BY node", vec![order.into()]).await?;
    let text = "SELECT document FROM establishment WHERE order_id = $1 ORDER BY node, subject, measure";
    let establishments: Vec<(Vec<u8>,)> = sql::rows(db, text, vec![order.into()]).await?;
    Ok(Rows {
        tiers: tiers.iter().map(|(row,)| decode("tier", row)).collect::<Result<_, _>>()?,
        establishments: establishments.iter().map(|(row,)| decode("establishment", row)).collect::<Result<_, _>>()?,
    })
}

/// The rows of one establishment of a node, one for each measure.
pub async fn of_establishment(tx: &impl ConnectionTrait, order: &str, node: &str, subject: &str) -> Result<Vec<EstablishmentRow>, DbErr> {
    let text = "SELECT document FROM establishment WHERE order_id = $1 AND node = $2 AND subject = $3 ORDER BY measure";
    let rows: Vec<(Vec<u8>,)> = sql::rows(tx, text, vec![order.into(), node.into(), subject.into()]).await?;
    rows.iter().map(|(row,)| decode("establishment", row)).collect()
}

pub async fn tier(tx: &impl ConnectionTrait, order: &str, node: &str) -> Result<Option<TierRow>, DbErr> {
    let text = "SELECT document FROM tier WHERE order_id = $1 AND node = $2";
    let row: Option<(Vec<u8>,)> = sql::row(tx, text, vec![order.into(), node.into()]).await?;
    row.map(|(row,)| decode("tier", &row)).transpose()
}

/// Who speaks of a node's rows; empty where nobody has yet.
pub async fn via(tx: &impl ConnectionTrait, order: &str, node: &str) -> Result<String, DbErr> {
    let row: Option<(String,)> =
        sql::row(tx, "SELECT via FROM tier WHERE order_id = $1 AND node = $2", vec![order.into(), node.into()]).await?;
    Ok(row.map(|(via,)| via).unwrap_or_default())
}
