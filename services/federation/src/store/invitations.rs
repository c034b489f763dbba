use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::invitation::Invitation;

/// Takes the place of an earlier one for the same node.
pub async fn put(db: &impl ConnectionTrait, invitation: &Invitation) -> Result<(), DbErr> {
    let text = "INSERT INTO invitation (node, area, secret, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (node) DO UPDATE \
                SET area = excluded.area, secret = excluded.secret, expires_at = excluded.expires_at";
    let Invitation { node, area, secret_sha256, expires_at } = invitation.clone();
    sql::run(db, text, vec![node.into(), area.into(), secret_sha256.into(), expires_at.into()]).await.map(drop)
}

/// The area of an invitation that holds; none where there is no such one, or it is out of date.
pub async fn area(db: &impl ConnectionTrait, node: &str, secret_sha256: &[u8], now: i64) -> Result<Option<String>, DbErr> {
    let text = "SELECT area FROM invitation WHERE node = $1 AND secret = $2 AND expires_at > $3";
    sql::row::<String>(db, text, vec![node.into(), secret_sha256.into(), now.into()]).await
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
    let text = "SELECT node, area, secret, expires_at FROM invitation ORDER BY node LIMIT 1000";
    let rows: Vec<(String, String, Vec<u8>, i64)> = sql::rows(db, text, vec![]).await?;
    let invitation = |(node, area, secret_sha256, expires_at)| Invitation { node, area, secret_sha256, expires_at };
    Ok(rows.into_iter().map(invitation).collect())
}
