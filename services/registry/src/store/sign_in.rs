//! One-time links and sessions; both are looked up by the SHA-256 of their secret.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// Whom a link or a session stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    pub name: String,
    /// Words of the access contract, separated by spaces.
    pub roles: String,
}

pub async fn add_link(db: &impl ConnectionTrait, secret: Vec<u8>, account: &Account, expires_at: i64) -> Result<(), DbErr> {
    let text = "INSERT INTO sign_in (secret, account, roles, expires_at) VALUES ($1, $2, $3, $4)";
    let values = vec![secret.into(), account.name.clone().into(), account.roles.clone().into(), expires_at.into()];
    sql::run(db, text, values).await.map(drop)
}

/// Whether anybody has ever signed in.
pub async fn any_used(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sql::row::<(i64,)>(db, "SELECT used_at FROM sign_in WHERE used_at IS NOT NULL LIMIT 1", vec![]).await?.is_some())
}

/// Whatever lets somebody in as this account ends. The links go first: a session that one of them is opening meanwhile is waited for, and goes too.
pub async fn end_all(db: &impl ConnectionTrait, account: &Account) -> Result<(), DbErr> {
    sql::run(db, "DELETE FROM sign_in WHERE account = $1 AND used_at IS NULL", vec![account.name.clone().into()]).await?;
    sql::run(db, "DELETE FROM session WHERE account = $1", vec![account.name.clone().into()]).await.map(drop)
}

/// Uses the link up; none when it is unknown, used or out of date.
pub async fn redeem(db: &impl ConnectionTrait, secret: Vec<u8>, now: i64) -> Result<Option<Account>, DbErr> {
    let text = "UPDATE sign_in SET used_at = $1 WHERE secret = $2 AND used_at IS NULL AND expires_at > $1";
    if sql::run(db, text, vec![now.into(), secret.clone().into()]).await? == 0 {
        return Ok(None);
    }
    let row = sql::row(db, "SELECT account, roles FROM sign_in WHERE secret = $1", vec![secret.into()]).await?;
    Ok(row.map(|(name, roles)| Account { name, roles }))
}

pub async fn open_session(db: &impl ConnectionTrait, secret: Vec<u8>, account: &Account, expires_at: i64) -> Result<(), DbErr> {
    let text = "INSERT INTO session (secret, account, roles, expires_at) VALUES ($1, $2, $3, $4)";
    let values = vec![secret.into(), account.name.clone().into(), account.roles.clone().into(), expires_at.into()];
    sql::run(db, text, values).await.map(drop)
}

pub async fn session(db: &impl ConnectionTrait, secret: Vec<u8>, now: i64) -> Result<Option<Account>, DbErr> {
    let text = "SELECT account, roles FROM session WHERE secret = $1 AND expires_at > $2";
    let row = sql::row(db, text, vec![secret.into(), now.into()]).await?;
    Ok(row.map(|(name, roles)| Account { name, roles }))
}

/// Whose session it was; none when it is unknown or has run out.
pub async fn end_session(db: &impl ConnectionTrait, secret: Vec<u8>, now: i64) -> Result<Option<Account>, DbErr> {
    let text = "DELETE FROM session WHERE secret = $1 AND expires_at > $2 RETURNING account, roles";
    let row = sql::row(db, text, vec![secret.into(), now.into()]).await?;
    Ok(row.map(|(name, roles)| Account { name, roles }))
}
