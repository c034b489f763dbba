use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// The node above, and what proves to it who we are.
#[derive(Clone, PartialEq, Eq)]
pub struct Parent {
    pub node: String,
    pub url: String,
    /// PEM.
    pub ca: String,
    /// PEM.
    pub certificate: String,
    /// PEM. It stands beside its certificate, so that neither can be without the other.
    pub key: String,
    /// When to have the certificate renewed, in unix microseconds.
    pub renew_at: i64,
    /// Which of its histories is followed, from 1: one more whenever an operator has approved another.
    pub history: u64,
    /// Why nothing is taken from it until then; empty = it is.
    pub forked: String,
}

type Row = (String, String, String, String, String, i64, i64, String);

pub async fn get(db: &impl ConnectionTrait) -> Result<Option<Parent>, DbErr> {
    let row = sql::row::<Row>(db, "SELECT node, url, ca, certificate, key, renew_at, history, forked FROM parent", vec![]).await?;
    Ok(row.map(|(node, url, ca, certificate, key, renew_at, history, forked)| {
        let history = history as u64;
        Parent { node, url, ca, certificate, key, renew_at, history, forked }
    }))
}

/// Its address and what we show it. Which history is followed stays as it is.
pub async fn put(db: &impl ConnectionTrait, parent: &Parent) -> Result<(), DbErr> {
    let text = "INSERT INTO parent (one, node, url, ca, certificate, key, renew_at) VALUES (1, $1, $2, $3, $4, $5, $6) \
                ON CONFLICT (one) DO UPDATE SET node = excluded.node, url = excluded.url, ca = excluded.ca, \
                certificate = excluded.certificate, key = excluded.key, renew_at = excluded.renew_at";
    let Parent { node, url, ca, certificate, key, renew_at, .. } = parent.clone();
    let values = vec![node.into(), url.into(), ca.into(), certificate.into(), key.into(), renew_at.into()];
    sql::run(db, text, values).await.map(drop)
}

/// Nothing is taken from it until an operator approves.
pub async fn set_forked(db: &impl ConnectionTrait, why: &str) -> Result<(), DbErr> {
    sql::run(db, "UPDATE parent SET forked = $1", vec![why.into()]).await.map(drop)
}

/// Another history is followed from now on.
pub async fn set_history(db: &impl ConnectionTrait, history: u64) -> Result<(), DbErr> {
    sql::run(db, "UPDATE parent SET history = $1, forked = ''", vec![(history as i64).into()]).await.map(drop)
}
