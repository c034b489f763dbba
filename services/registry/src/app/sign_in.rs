//! Signing in: a one-time link becomes a session. There is no default account and no default password. Whoever is appointed gets a link; the first
//! start prints one for the first administrator, and once it was used, the operator makes the next one for that account at the node's own machine.
//! That is all that the operator may do about users: it names nobody and grants no role, and whoever was signed in as the administrator is signed
//! out and so notices.

use tracemesh_access::Principal;
use tracemesh_chassis::auth::{Answer, Credential, CredentialSource, SESSION};
use tracemesh_chassis::error::{Error, ErrorCode};
use tracemesh_chassis::keys::{random_secret, sha256};
use tracemesh_proto::registry::v1::SessionChanged;
use tracemesh_store::DatabaseTransaction;

use super::{Cause, Registry};
use crate::domain::account::{Account, FIRST};
use crate::domain::provider::SUSPENDED;
use crate::error::RegistryError;
use crate::store;

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
        self.replace_first_link(cause).await.map(Some)
    }

    /// The operator's way to let the first administrator in again.
    pub async fn new_link(&self, cause: &Cause<'_>) -> Result<LinkPath, RegistryError> {
        if cause.actor.name() != Principal::operator().name() {
            return Err(RegistryError::NotTheOperator(cause.actor.to_string()));
        }
        self.replace_first_link(cause).await
    }

    async fn replace_first_link(&self, cause: &Cause<'_>) -> Result<LinkPath, RegistryError> {
        let tx = self.db.begin().await?;
        let account = store::accounts::for_change(&tx, FIRST).await?.ok_or_else(|| RegistryError::NoAccount(FIRST.into()))?;
        if account.state == SUSPENDED {
            return Err(RegistryError::AccountSuspended(account.name));
        }
        let link = self.put_link(&tx, &account.name).await?;
        self.commit(tx, "sign_in.link_made", cause, &changed(&account)).await?;
        Ok(link)
    }

    /// The one way into the account from now on.
    pub(super) async fn put_link(&self, tx: &DatabaseTransaction, account: &str) -> Result<LinkPath, RegistryError> {
        let secret = random_secret();
        store::sign_in::end_all(tx, account).await?;
        store::sign_in::add_link(tx, hash(&secret), account, self.clock.now_micros() + LINK_MICROS).await?;
        Ok(LinkPath(format!("{PATH}{secret}")))
    }

    /// Uses the link up and opens a session.
    pub async fn redeem(&self, secret: &str) -> Result<(String, Principal), RegistryError> {
        let now = self.clock.now_micros();
        let tx = self.db.begin().await?;
        let account = store::sign_in::redeem(&tx, hash(secret), now).await?.ok_or(RegistryError::SignIn)?;
        let principal = principal(&account)?;
        let session = format!("{SESSION}{}", random_secret());
        store::sign_in::open_session(&tx, hash(&session), &account.name, now + SESSION_MICROS).await?;
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

/// People's sessions, as bearer tokens. They are asked for in the tables each time, so that what ends an account ends its calls with it.
#[tonic::async_trait]
impl CredentialSource for Registry {
    async fn who(&self, shown: &Credential) -> Answer {
        let Some(session) = shown.session() else { return Answer::Unknown };
        match self.session(session.text()).await {
            Ok(Some(principal)) => Answer::Known(principal),
            Ok(None) => Answer::Refused(Error::new(ErrorCode::Unauthenticated, "error.access.session_ended")),
            Err(why) => Answer::Refused(why.into()),
        }
    }

    fn comes_from_outside(&self) -> bool {
        false
    }
}

fn hash(secret: &str) -> Vec<u8> {
    sha256(secret.as_bytes()).to_vec()
}

fn changed(account: &Account) -> SessionChanged {
    SessionChanged { account: account.name.clone(), roles: account.roles.iter().map(ToString::to_string).collect() }
}

fn principal(account: &Account) -> Result<Principal, RegistryError> {
    account.principal().map_err(|_| RegistryError::SignIn)
}
