//! Our copy of the rule sets that were published.

use prost::Message;
use tracemesh_proto::quality::v1::RulesPublished;
use tracemesh_proto::time::micros;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// `seq` is that of quality's entry.
pub async fn put(db: &impl ConnectionTrait, seq: i64, published: &RulesPublished) -> Result<(), DbErr> {
    let text = "INSERT INTO rule_set (seq, valid_from, document) VALUES ($1, $2, $3) ON CONFLICT (seq) DO NOTHING";
    let valid_from = micros(published.valid_from.as_ref());
    sql::run(db, text, vec![seq.into(), valid_from.into(), published.encode_to_vec().into()]).await.map(drop)
}

/// Those after `seq`, in the order in which they were published, each with its seq.
pub async fn after(db: &impl ConnectionTrait, seq: i64) -> Result<Vec<(i64, RulesPublished)>, DbErr> {
    let text = "SELECT seq, document FROM rule_set WHERE seq > $1 ORDER BY seq LIMIT 1000";
    let rows: Vec<(i64, Vec<u8>)> = sql::rows(db, text, vec![seq.into()]).await?;
    let read = |(seq, document): (i64, Vec<u8>)| {
        let published = RulesPublished::decode(document.as_slice()).map_err(|fault| DbErr::Custom(format!("rule set {seq}: {fault}")))?;
        Ok((seq, published))
    };
    rows.into_iter().map(read).collect()
}
