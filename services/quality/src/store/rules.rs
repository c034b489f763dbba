//! Rules as this node and the one above it want them, and as they were published.

use prost::Message;
use tracemesh_proto::quality::v1::RulesPublished;
use tracemesh_proto::rules;
use tracemesh_proto::time::micros;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::rules::{Layer, Layers};

/// Layers and sets that are looked at: publishing is rare.
const MOST: usize = 10_000;

pub async fn layers(db: &impl ConnectionTrait) -> Result<Layers, DbErr> {
    let text = format!("SELECT above, document FROM rule_layer ORDER BY number LIMIT {MOST}");
    let rows: Vec<(i64, Vec<u8>)> = sql::rows(db, &text, vec![]).await?;
    let mut layers = Layers::default();
    for (above, document) in rows {
        let published = read(&document)?;
        let from = micros(published.valid_from.as_ref());
        let rules = rules::read(published.rules).map_err(|faults| DbErr::Custom(format!("a layer of rules: {faults:?}")))?;
        layers.add(above == 1, Layer { from, rules });
    }
    Ok(layers)
}

pub async fn add_layer(tx: &impl ConnectionTrait, is_above: bool, layer: &RulesPublished) -> Result<(), DbErr> {
    let text = "INSERT INTO rule_layer (number, above, valid_from, document) \
                SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3 FROM rule_layer";
    let valid_from = micros(layer.valid_from.as_ref());
    sql::run(tx, text, vec![i64::from(is_above).into(), valid_from.into(), layer.encode_to_vec().into()]).await.map(drop)
}

/// The number of the next set.
pub async fn next_number(tx: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let row: Option<(i64,)> = sql::row(tx, "SELECT COALESCE(MAX(number), 0) + 1 FROM rule_set", vec![]).await?;
    Ok(row.map_or(1, |(number,)| number))
}

pub async fn add_set(tx: &impl ConnectionTrait, number: i64, set: &RulesPublished) -> Result<(), DbErr> {
    let text = "INSERT INTO rule_set (number, valid_from, document) VALUES ($1, $2, $3)";
    let valid_from = micros(set.valid_from.as_ref());
    sql::run(tx, text, vec![number.into(), valid_from.into(), set.encode_to_vec().into()]).await.map(drop)
}

/// Every set that was published, those of the latest instants first, and of one instant the newest.
pub async fn sets(db: &impl ConnectionTrait) -> Result<Vec<RulesPublished>, DbErr> {
    let text = format!("SELECT document FROM rule_set ORDER BY valid_from DESC, number DESC LIMIT {MOST}");
    let rows: Vec<(Vec<u8>,)> = sql::rows(db, &text, vec![]).await?;
    rows.iter().map(|(document,)| read(document)).collect()
}

fn read(document: &[u8]) -> Result<RulesPublished, DbErr> {
    RulesPublished::decode(document).map_err(|fault| DbErr::Custom(format!("a rule set: {fault}")))
}
