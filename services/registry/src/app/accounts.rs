//! Who may sign in: appointed by an administrator of security, never by himself. Whatever changes of an account ends its links and sessions, so
//! that nobody goes on with what he had before.

use tracemesh_access::{Principal, Role, Scope};
use tracemesh_chassis::error::Violation;
use tracemesh_proto::registry::v1::{Account as Document, AccountChanged};
use tracemesh_proto::time::timestamp;

use super::scope::scope_faults;
use super::sign_in::LinkPath;
use super::{Cause, Registry, not_allowed, state_faults, too_long};
use crate::domain::account::{Account, FIRST, ROLES, is_account_name};
use crate::domain::provider::{ACTIVE, SUSPENDED};
use crate::error::RegistryError;
use crate::store;

/// Characters of the name that people are shown.
const DISPLAY_NAME: usize = 100;

impl Registry {
    /// An account, or what it is from now on; with a link to sign in.
    pub async fn appoint(&self, cause: &Cause<'_>, asked: Document) -> Result<(Account, LinkPath), RegistryError> {
        is_somebody_else(cause.actor, &asked.name)?;
        let tx = self.db.begin().await?;
        let mut faults = faults_of(&asked);
        faults.extend(scope_faults(&tx, "account", &asked.areas, &asked.categories).await?);
        if !faults.is_empty() {
            return Err(RegistryError::Invalid(faults));
        }
        let account = Account {
            name: asked.name,
            display_name: asked.display_name,
            roles: asked.roles.iter().filter_map(|word| word.parse().ok()).collect(),
            areas: Scope::from_words(asked.areas),
            categories: Scope::from_words(asked.categories),
            state: ACTIVE.into(),
            appointed_at: self.clock.now_micros(),
        };
        if store::accounts::for_change(&tx, &account.name).await?.is_some_and(|known| known.state == SUSPENDED) {
            return Err(RegistryError::AccountSuspended(account.name));
        }
        store::accounts::put(&tx, &account).await?;
        let link = self.put_link(&tx, &account.name).await?;
        self.commit(tx, "account.appointed", cause, &changed(&account)).await?;
        Ok((account, link))
    }

    /// At every start: the account is there for which the first link is made.
    pub async fn ensure_first_account(&self, cause: &Cause<'_>) -> Result<(), RegistryError> {
        let tx = self.db.begin().await?;
        if store::accounts::for_change(&tx, FIRST).await?.is_some() {
            return Ok(());
        }
        let account = Account {
            name: FIRST.into(),
            display_name: String::new(),
            roles: [Role::SecurityAdministrator, Role::Regulator].into(),
            areas: Scope::Everything,
            categories: Scope::Everything,
            state: ACTIVE.into(),
            appointed_at: self.clock.now_micros(),
        };
        store::accounts::put(&tx, &account).await?;
        self.commit(tx, "account.appointed", cause, &changed(&account)).await
    }

    pub async fn change_account_state(&self, cause: &Cause<'_>, name: &str, state: &str) -> Result<Account, RegistryError> {
        is_somebody_else(cause.actor, name)?;
        let faults = state_faults(cause, state);
        if !faults.is_empty() {
            return Err(RegistryError::Invalid(faults));
        }
        let tx = self.db.begin().await?;
        let known = store::accounts::for_change(&tx, name).await?.ok_or_else(|| RegistryError::NoAccount(name.into()))?;
        let account = Account { state: state.into(), ..known };
        store::accounts::put(&tx, &account).await?;
        store::sign_in::end_all(&tx, name).await?;
        self.commit(tx, "account.state_changed", cause, &changed(&account)).await?;
        Ok(account)
    }

    /// By name, after `after`.
    pub async fn accounts(&self, after: &str, limit: u32) -> Result<Vec<Account>, RegistryError> {
        Ok(store::accounts::page(self.db.read(), after, limit).await?)
    }
}

/// Nobody changes his own rights. So whoever changes an account is left over, and there is always somebody who can appoint.
fn is_somebody_else(actor: &Principal, name: &str) -> Result<(), RegistryError> {
    if actor.user_name() == Some(name) { Err(RegistryError::OwnAccount(name.into())) } else { Ok(()) }
}

fn faults_of(asked: &Document) -> Vec<Violation> {
    let mut faults = Vec::new();
    if !is_account_name(&asked.name) {
        faults.push(Violation::new("account.name", "error.account.name_invalid").with("value", &asked.name));
    }
    faults.extend(too_long("account.display_name", &asked.display_name, DISPLAY_NAME));
    if asked.roles.is_empty() {
        faults.push(Violation::new("account.roles", "error.request.value_missing"));
    }
    for word in asked.roles.iter().filter(|word| !ROLES.iter().any(|role| role.as_str() == *word)) {
        faults.push(not_allowed("account.roles", word, &ROLES.map(Role::as_str)));
    }
    if Role::ADMINISTRATORS.iter().filter(|role| asked.roles.iter().any(|word| role.as_str() == word)).count() > 1 {
        faults.push(Violation::new("account.roles", "error.access.administrators"));
    }
    faults
}

fn changed(account: &Account) -> AccountChanged {
    AccountChanged { account: Some(account_document(account)) }
}

/// The account as the wire and the journal have it.
pub fn account_document(account: &Account) -> Document {
    Document {
        name: account.name.clone(),
        display_name: account.display_name.clone(),
        roles: account.roles.iter().map(ToString::to_string).collect(),
        areas: account.areas.words(),
        categories: account.categories.words(),
        state: account.state.clone(),
        appointed_at: Some(timestamp(account.appointed_at)),
    }
}
