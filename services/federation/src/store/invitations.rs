use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::invitation::Invitation;

/// Takes the place of an earlier one for the same node.
pub async fn put(db: &impl ConnectionTrait, invitation: &Invitation) -> Result<(), DbErr> {
    let text = "INSERT INTO invitation (node, area, secret, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (node) DO UPDATE \
                SET area = excluded.area, secret = excluded.secret, expires_at = excluded.expires_at";
    let Invitation { node, area, secret_sha256, expires_at } = invitation.clone();
    sql::run(db, text, vec![node.into(), area.into(), secret_sha256.into(), expires_at.into()]).await.map(drop)
}

/// Uses an invitation up and answers with its area; none where there is no such invitation, or it is out of date.
pub async fn redeem(db: &impl ConnectionTrait, node: &str, secret_sha256: Vec<u8>, now: i64) -> Result<Option<String>, DbErr> {
    let which = "node = $1 AND secret = $2 AND expires_at > $3";
    let values = || vec![node.into(), secret_sha256.clone().into(), now.into()];
    let area = sql::row::<String>(db, &format!("SELECT area FROM invitation WHERE {which}"), values()).await?;
    // Of two who come with the same code at once, one deletes the row.
    let deleted = sql::run(db, &format!("DELETE FROM invitation WHERE {which}"), values()).await?;
    Ok(area.filter(|_| deleted == 1))
}

/// Those that nobody has redeemed, by node, with those that are out of date; at most a thousand.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Invitation>, DbErr> {
    let text = "SELECT node, area, secret, expires_at FROM invitation ORDER BY node LIMIT 1000";
    let rows: Vec<(String, String, Vec<u8>, i64)> = sql::rows(db, text, vec![]).await?;
    let invitation = |(node, area, secret_sha256, expires_at)| Invitation { node, area, secret_sha256, expires_at };
    Ok(rows.into_iter().map(invitation).collect())
}
