use prost::Message;
use tracemesh_proto::federation::v1::GetLinkStatusResponse;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// A child's row.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    pub node: String,
    pub area: String,
    /// Of which it is shown what others know; none = all.
    pub categories: Vec<String>,
    pub tier: String,
    /// SHA-256 of its certificate, hex.
    pub fingerprint: String,
    /// Of the certificate before; empty once the new one has been shown.
    pub former_fingerprint: String,
    /// Which of its histories is followed, from 1: one more whenever an operator has approved another.
    pub history: u64,
    /// The epoch that its journals have to reach before they are followed, from 1.
    pub epoch: u64,
    /// The word of the contract.
    pub state: String,
    pub detail: String,
    /// Unix microseconds; 0 = never.
    pub last_seen: i64,
    /// What it last said of itself and its own children.
    pub said: GetLinkStatusResponse,
}

/// The state of a child whose place was taken away; whatever its driver says after that means nothing.
pub const REVOKED: &str = "revoked";

const COLUMNS: &str = "node, area, categories, tier, fingerprint, former_fingerprint, history, epoch, state, detail, last_seen, said";
type Row = (String, String, String, String, String, String, i64, i64, String, String, i64, Vec<u8>);

/// Enrols a child, or enrols it anew: what it said stays, and so does a quarantine.
pub async fn enrol(db: &impl ConnectionTrait, child: &Child) -> Result<(), DbErr> {
    let text = format!(
        "INSERT INTO child ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (node) DO UPDATE SET area = excluded.area, \
         categories = excluded.categories, tier = excluded.tier, fingerprint = excluded.fingerprint, former_fingerprint = excluded.former_fingerprint, \
         state = CASE WHEN child.state = '{REVOKED}' THEN excluded.state ELSE child.state END"
    );
    let c = child.clone();
    let said = c.said.encode_to_vec();
    let mut values =
        vec![c.node.into(), c.area.into(), c.categories.join(",").into(), c.tier.into(), c.fingerprint.into(), c.former_fingerprint.into()];
    values.extend([(c.history as i64).into(), (c.epoch as i64).into(), c.state.into(), c.detail.into(), c.last_seen.into(), said.into()]);
    sql::run(db, &text, values).await.map(drop)
}

pub async fn get(db: &impl ConnectionTrait, node: &str) -> Result<Option<Child>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM child WHERE node = $1");
    sql::row::<Row>(db, &text, vec![node.into()]).await?.map(from_row).transpose()
}

/// By node. A nation has some dozens of provinces, a province some dozens of cities: a thousand is an error of somebody's.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Child>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM child ORDER BY node LIMIT 1000");
    sql::rows::<Row>(db, &text, vec![]).await?.into_iter().map(from_row).collect()
}

pub async fn set_certificates(db: &impl ConnectionTrait, node: &str, fingerprint: &str, former: &str) -> Result<(), DbErr> {
    let text = "UPDATE child SET fingerprint = $1, former_fingerprint = $2 WHERE node = $3";
    sql::run(db, text, vec![fingerprint.into(), former.into(), node.into()]).await.map(drop)
}

pub async fn set_state(db: &impl ConnectionTrait, node: &str, state: &str, detail: &str, last_seen: i64) -> Result<(), DbErr> {
    let text = format!("UPDATE child SET state = $1, detail = $2, last_seen = $3 WHERE node = $4 AND state <> '{REVOKED}'");
    sql::run(db, &text, vec![state.into(), detail.into(), last_seen.into(), node.into()]).await.map(drop)
}

/// No certificate is its own any more.
pub async fn revoke(db: &impl ConnectionTrait, node: &str, why: &str) -> Result<(), DbErr> {
    let text = "UPDATE child SET state = $1, detail = $2, fingerprint = '', former_fingerprint = '' WHERE node = $3";
    sql::run(db, text, vec![REVOKED.into(), why.into(), node.into()]).await.map(drop)
}

/// Another history is followed from now on, in an epoch of its own.
pub async fn set_history(db: &impl ConnectionTrait, node: &str, history: u64, epoch: u64) -> Result<(), DbErr> {
    let values = vec![(history as i64).into(), (epoch as i64).into(), node.into()];
    sql::run(db, "UPDATE child SET history = $1, epoch = $2 WHERE node = $3", values).await.map(drop)
}

pub async fn set_said(db: &impl ConnectionTrait, node: &str, said: &GetLinkStatusResponse) -> Result<(), DbErr> {
    let values = vec![said.encode_to_vec().into(), node.into()];
    sql::run(db, "UPDATE child SET said = $1 WHERE node = $2", values).await.map(drop)
}

fn from_row(
    (node, area, categories, tier, fingerprint, former_fingerprint, history, epoch, state, detail, last_seen, said): Row,
) -> Result<Child, DbErr> {
    let said = super::decode("child", &said)?;
    let (history, epoch) = (history as u64, epoch as u64);
    let categories = super::split(&categories);
    Ok(Child { node, area, categories, tier, fingerprint, former_fingerprint, history, epoch, state, detail, last_seen, said })
}
