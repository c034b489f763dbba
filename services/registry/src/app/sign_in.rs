//! Signing in: a one-time link becomes a session. There is no default account and no default password. The first start prints a link for the first
//! administrator, until others can be appointed the only account; once it was used, the operator makes the next one at the node's own machine.
//! That is all that the operator may do about users: it names nobody and grants no role, and whoever was signed in as the administrator is signed
//! out and so notices.

use tracemesh_access::{Principal, Scope};
use tracemesh_chassis::keys::{random_secret, sha256};
use tracemesh_proto::registry::v1::SessionChanged;

use super::{Cause, Registry};
use crate::error::RegistryError;
use crate::store;
use crate::store::sign_in::Account;

/// A link holds for a day and a session for 12 hours: both our own figures, short enough for a machine that is left alone.
const LINK_MICROS: i64 = 24 * 3600 * 1_000_000;
const SESSION_MICROS: i64 = 12 * 3600 * 1_000_000;

/// Where the console takes a link; its secret follows.
const PATH: &str = "/console/sign-in/";

/// The path of a one-time link below the console's URL. Whoever has it may sign in.
pub struct LinkPath(pub String);

impl Registry {
    /// Until somebody has signed in, every start makes a new link.
    pub async fn first_link(&self, cause: &Cause<'_>) -> Result<Option<LinkPath>, RegistryError> {
        if store::sign_in::any_used(self.db.read()).await? {
            return Ok(None);
        }
        self.replace_link(cause).await.map(Some)
    }

    /// The operator's way to let the first administrator in again.
    pub async fn new_link(&self, cause: &Cause<'_>) -> Result<LinkPath, RegistryError> {
        if cause.actor.name() != Principal::operator().name() {
            return Err(RegistryError::NotTheOperator(cause.actor.to_string()));
        }
        self.replace_link(cause).await
    }

    async fn replace_link(&self, cause: &Cause<'_>) -> Result<LinkPath, RegistryError> {
        let account = Account { name: "administrator".into(), roles: "SECURITY_ADMINISTRATOR REGULATOR".into() };
        let secret = random_secret();
        let tx = self.db.begin().await?;
        store::sign_in::end_all(&tx, &account).await?;
        store::sign_in::add_link(&tx, hash(&secret), &account, self.clock.now_micros() + LINK_MICROS).await?;
        self.commit(tx, "sign_in.link_made", cause, &changed(&account)).await?;
        Ok(LinkPath(format!("{PATH}{secret}")))
    }

    /// Uses the link up and opens a session.
    pub async fn redeem(&self, secret: &str) -> Result<(String, Principal), RegistryError> {
        let now = self.clock.now_micros();
        let tx = self.db.begin().await?;
        let account = store::sign_in::redeem(&tx, hash(secret), now).await?.ok_or(RegistryError::SignIn)?;
        let principal = principal(&account)?;
        let session = random_secret();
        store::sign_in::open_session(&tx, hash(&session), &account, now + SESSION_MICROS).await?;
        self.commit(tx, "session.opened", &Cause::by(&principal), &changed(&account)).await?;
        Ok((session, principal))
    }

    pub async fn session(&self, session: &str) -> Result<Option<Principal>, RegistryError> {
        let found = store::sign_in::session(self.db.read(), hash(session), self.clock.now_micros()).await?;
        found.map(|account| principal(&account)).transpose()
    }

    pub async fn close_session(&self, session: &str) -> Result<(), RegistryError> {
        let tx = self.db.begin().await?;
        let Some(account) = store::sign_in::end_session(&tx, hash(session), self.clock.now_micros()).await? else {
            return Ok(());
        };
        let principal = principal(&account)?;
        self.commit(tx, "session.ended", &Cause::by(&principal), &changed(&account)).await
    }
}

fn hash(secret: &str) -> Vec<u8> {
    sha256(secret.as_bytes()).to_vec()
}

fn changed(account: &Account) -> SessionChanged {
    SessionChanged { account: account.name.clone(), roles: account.roles.split(' ').map(str::to_owned).collect() }
}

fn principal(account: &Account) -> Result<Principal, RegistryError> {
    let roles = account.roles.split(' ').filter_map(|word| word.parse().ok());
    Principal::user(&account.name, roles, Scope::Everything, Scope::Everything).map_err(|_| RegistryError::SignIn)
}
