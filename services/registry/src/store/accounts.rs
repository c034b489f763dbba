use tracemesh_access::{Role, Scope};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::words;
use crate::domain::account::Account;

pub type Row = (String, String, String, String, String, String, i64);

pub const COLUMNS: &str = "name, display_name, roles, areas, categories, state, appointed_at";

/// Writes the account as it is from now on, new or not.
pub async fn put(db: &impl ConnectionTrait, account: &Account) -> Result<(), DbErr> {
    let text = format!(
        "INSERT INTO account ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO UPDATE SET display_name = $2, \
         roles = $3, areas = $4, categories = $5, state = $6, appointed_at = $7"
    );
    let a = account.clone();
    let roles: Vec<&str> = a.roles.iter().map(|role| role.as_str()).collect();
    let values = vec![
        a.name.into(),
        a.display_name.into(),
        roles.join(" ").into(),
        a.areas.words().join(" ").into(),
        a.categories.words().join(" ").into(),
        a.state.into(),
        a.appointed_at.into(),
    ];
    sql::run(db, &text, values).await.map(drop)
}

pub async fn get(db: &impl ConnectionTrait, name: &str) -> Result<Option<Account>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM account WHERE name = $1");
    sql::row::<Row>(db, &text, vec![name.into()]).await?.map(from_row).transpose()
}

/// The account, which nobody else changes until the transaction ends.
pub async fn for_change(db: &impl ConnectionTrait, name: &str) -> Result<Option<Account>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM account WHERE name = $1{}", sql::for_update(db));
    sql::row::<Row>(db, &text, vec![name.into()]).await?.map(from_row).transpose()
}

/// By name, after `after`.
pub async fn page(db: &impl ConnectionTrait, after: &str, limit: u32) -> Result<Vec<Account>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM account WHERE name > $1 ORDER BY name LIMIT $2");
    sql::rows::<Row>(db, &text, vec![after.into(), i64::from(limit).into()]).await?.into_iter().map(from_row).collect()
}

pub fn from_row((name, display_name, roles, areas, categories, state, appointed_at): Row) -> Result<Account, DbErr> {
    let role = |word: String| word.parse::<Role>().map_err(|unknown| DbErr::Custom(format!("account {name}: {unknown}")));
    Ok(Account {
        roles: words(&roles).into_iter().map(role).collect::<Result<_, _>>()?,
        areas: Scope::from_words(words(&areas)),
        categories: Scope::from_words(words(&categories)),
        name,
        display_name,
        state,
        appointed_at,
    })
}
