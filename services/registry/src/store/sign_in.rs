//! One-time links and sessions; both are looked up by the SHA-256 of their secret, and neither knows more than whose it is: what that account may
//! do is read from it each time. The column `roles` of both stays empty: it is of a release before.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::accounts::{self, COLUMNS};
use crate::domain::account::Account;
use crate::domain::provider::ACTIVE;

pub async fn add_link(db: &impl ConnectionTrait, secret: Vec<u8>, account: &str, expires_at: i64) -> Result<(), DbErr> {
    let text = "INSERT INTO sign_in (secret, account, roles, expires_at) VALUES ($1, $2, '', $3)";
    sql::run(db, text, vec![secret.into(), account.into(), expires_at.into()]).await.map(drop)
}

/// Whether anybody has ever signed in.
pub async fn any_used(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(sql::row::<(i64,)>(db, "SELECT used_at FROM sign_in WHERE used_at IS NOT NULL LIMIT 1", vec![]).await?.is_some())
}

/// Whatever lets somebody in as this account ends. The links go first: a session that one of them is opening meanwhile is waited for, and goes too.
pub async fn end_all(db: &impl ConnectionTrait, account: &str) -> Result<(), DbErr> {
    sql::run(db, "DELETE FROM sign_in WHERE account = $1 AND used_at IS NULL", vec![account.into()]).await?;
    sql::run(db, "DELETE FROM session WHERE account = $1", vec![account.into()]).await.map(drop)
}

/// Uses the link up; none when it is unknown, used or out of date, or its account is suspended.
pub async fn redeem(db: &impl ConnectionTrait, secret: Vec<u8>, now: i64) -> Result<Option<Account>, DbErr> {
    let text = "UPDATE sign_in SET used_at = $1 WHERE secret = $2 AND used_at IS NULL AND expires_at > $1 RETURNING account";
    let Some((name,)) = sql::row::<(String,)>(db, text, vec![now.into(), secret.into()]).await? else { return Ok(None) };
    Ok(accounts::get(db, &name).await?.filter(|account| account.state == ACTIVE))
}

pub async fn open_session(db: &impl ConnectionTrait, secret: Vec<u8>, account: &str, expires_at: i64) -> Result<(), DbErr> {
    let text = "INSERT INTO session (secret, account, roles, expires_at) VALUES ($1, $2, '', $3)";
    sql::run(db, text, vec![secret.into(), account.into(), expires_at.into()]).await.map(drop)
}

/// Whose session it is; none when it is unknown or has run out, or its account is suspended.
pub async fn session(db: &impl ConnectionTrait, secret: Vec<u8>, now: i64) -> Result<Option<Account>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} FROM account WHERE name = (SELECT account FROM session WHERE secret = $1 AND expires_at > $2) AND state = $3"
    );
    sql::row(db, &text, vec![secret.into(), now.into(), ACTIVE.into()]).await?.map(accounts::from_row).transpose()
}

/// Whose session it was; none when it is unknown or has run out.
pub async fn end_session(db: &impl ConnectionTrait, secret: Vec<u8>, now: i64) -> Result<Option<Account>, DbErr> {
    let text = "DELETE FROM session WHERE secret = $1 AND expires_at > $2 RETURNING account";
    let Some((name,)) = sql::row::<(String,)>(db, text, vec![secret.into(), now.into()]).await? else { return Ok(None) };
    accounts::get(db, &name).await
}
