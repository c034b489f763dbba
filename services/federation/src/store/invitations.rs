use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::invitation::Invitation;

const COLUMNS: &str = "node, area, categories, secret, expires_at";
type Row = (String, String, String, Vec<u8>, i64);

/// Takes the place of an earlier one for the same node.
pub async fn put(db: &impl ConnectionTrait, invitation: &Invitation) -> Result<(), DbErr> {
    let text = "INSERT INTO invitation (node, area, categories, secret, expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (node) DO UPDATE \
                SET area = excluded.area, categories = excluded.categories, secret = excluded.secret, expires_at = excluded.expires_at";
    let Invitation { node, area, categories, secret_sha256, expires_at } = invitation.clone();
    let values = vec![node.into(), area.into(), categories.join(",").into(), secret_sha256.into(), expires_at.into()];
    sql::run(db, text, values).await.map(drop)
}

/// An invitation that holds; none where there is no such one, or it is out of date.
pub async fn get(db: &impl ConnectionTrait, node: &str, secret_sha256: &[u8], now: i64) -> Result<Option<Invitation>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM invitation WHERE node = $1 AND secret = $2 AND expires_at > $3");
    Ok(sql::row::<Row>(db, &text, vec![node.into(), secret_sha256.into(), now.into()]).await?.map(from_row))
}

/// Uses an invitation up. Of two who come with the same code at once, one finds it.
pub async fn redeem(db: &impl ConnectionTrait, node: &str, secret_sha256: &[u8]) -> Result<bool, DbErr> {
    let text = "DELETE FROM invitation WHERE node = $1 AND secret = $2";
    Ok(sql::run(db, text, vec![node.into(), secret_sha256.into()]).await? == 1)
}

/// Nobody redeems it any more.
pub async fn withdraw(db: &impl ConnectionTrait, node: &str) -> Result<(), DbErr> {
    sql::run(db, "DELETE FROM invitation WHERE node = $1", vec![node.into()]).await.map(drop)
}

/// Those that nobody has redeemed, by node, with those that are out of date; at most a thousand.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Invitation>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM invitation ORDER BY node LIMIT 1000");
    Ok(sql::rows::<Row>(db, &text, vec![]).await?.into_iter().map(from_row).collect())
}

fn from_row((node, area, categories, secret_sha256, expires_at): Row) -> Invitation {
    Invitation { node, area, categories: super::split(&categories), secret_sha256, expires_at }
}
