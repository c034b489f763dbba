//! Providers and their tokens. A token is shown once; what travels in the journal is its hash, from which the doors know it.

use tracemesh_access::{MAX_SCOPE_BYTES, Principal, Role, Scope};
use tracemesh_chassis::error::Violation;
use tracemesh_chassis::keys::{random_secret, sha256};
use tracemesh_codes::{CodeFault, Scheme};
use tracemesh_model::Category;
use tracemesh_proto::registry::v1::{Provider, ProviderChanged};
use tracemesh_proto::time::timestamp;

use super::areas::is_area;
use super::scope::CATEGORY;
use super::{Cause, Registry, code_fault, state_faults};
use crate::domain::provider::{ACTIVE, LOCAL, is_provider_id};
use crate::error::RegistryError;
use crate::store;

impl Registry {
    /// A provider without areas or categories may submit for all of them.
    pub async fn create_provider(&self, cause: &Cause<'_>, mut provider: Provider) -> Result<(Provider, String), RegistryError> {
        let tx = self.db.begin().await?;
        let mut faults = faults_of(&provider);
        if !provider.default_area.is_empty() && !is_area(&tx, &provider.default_area).await? {
            faults.push(Violation::new("provider.default_area", "error.area.unknown").with("id", &provider.default_area));
        }
        if !faults.is_empty() {
            return Err(RegistryError::Invalid(faults));
        }
        let now = self.clock.now_micros();
        for scope in [&mut provider.areas, &mut provider.categories] {
            if scope.is_empty() {
                scope.push("*".into());
            }
        }
        provider.state = ACTIVE.into();
        provider.registered_at = Some(timestamp(now));

        let token = random_secret();
        let added = ProviderChanged { provider: Some(provider.clone()), token: sha256(token.as_bytes()).to_vec().into() };
        if !store::providers::insert(&tx, &added, now).await? {
            return Err(RegistryError::ProviderTaken(provider.id));
        }
        self.commit(tx, "provider.added", cause, &added).await?;
        Ok((provider, token))
    }

    /// At every start: the operator's own provider is there. Nobody holds its token; the operator submits as itself.
    pub async fn ensure_local_provider(&self, cause: &Cause<'_>) -> Result<(), RegistryError> {
        let provider = Provider { id: LOCAL.into(), name: self.node.name_zh.clone(), ..Provider::default() };
        match self.create_provider(cause, provider).await {
            Ok(_) | Err(RegistryError::ProviderTaken(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A new token; the old one ends when the doors have read the entry, within a second.
    pub async fn rotate_token(&self, cause: &Cause<'_>, id: &str) -> Result<String, RegistryError> {
        if !is_own_or_administrator(cause.actor, id) {
            return Err(RegistryError::OtherProvider(id.into()));
        }
        let token = random_secret();
        let token_hash = sha256(token.as_bytes()).to_vec();
        self.change_provider(cause, "provider.rotated", id, |known| ProviderChanged { token: token_hash.into(), ..known }).await?;
        Ok(token)
    }

    pub async fn change_provider_state(&self, cause: &Cause<'_>, id: &str, state: &str) -> Result<Provider, RegistryError> {
        let faults = state_faults(cause, state);
        if !faults.is_empty() {
            return Err(RegistryError::Invalid(faults));
        }
        self.change_provider(cause, "provider.state_changed", id, |mut known| {
            known.provider.get_or_insert_default().state = state.into();
            known
        })
        .await
    }

    /// By id, after `after`.
    pub async fn providers(&self, after: &str, limit: u32) -> Result<Vec<Provider>, RegistryError> {
        Ok(store::providers::page(self.db.read(), after, limit).await?)
    }

    async fn change_provider(
        &self,
        cause: &Cause<'_>,
        kind: &str,
        id: &str,
        change: impl FnOnce(ProviderChanged) -> ProviderChanged,
    ) -> Result<Provider, RegistryError> {
        let tx = self.db.begin().await?;
        let known = store::providers::for_change(&tx, id).await?.ok_or_else(|| RegistryError::NoProvider(id.into()))?;
        let changed = change(known);
        store::providers::update(&tx, &changed).await?;
        self.commit(tx, kind, cause, &changed).await?;
        Ok(changed.provider.unwrap_or_default())
    }
}

/// The id; the scope, because a provider whose scope no principal can carry would be registered and never let in; and the defaults.
fn faults_of(provider: &Provider) -> Vec<Violation> {
    let mut faults = Vec::new();
    if !is_provider_id(&provider.id) {
        faults.push(Violation::new("provider.id", "error.provider.id_invalid").with("value", &provider.id));
    }
    let scope = |words: &[String]| Scope::from_words(words.iter().cloned());
    if Principal::provider(LOCAL, scope(&provider.areas), scope(&provider.categories)).is_err() {
        let words = [provider.areas.join(","), provider.categories.join(",")].join(" ");
        let expected = format!("ids of areas and categories, {MAX_SCOPE_BYTES} bytes in all");
        faults.push(Violation::new("provider.areas", "error.request.value_invalid").with("value", words).with("expected", expected));
    }
    faults.extend(default_faults(provider));
    faults
}

/// What stands in for what its records do not say is read by the doors, where nobody can be told that it is wrong.
fn default_faults(provider: &Provider) -> Vec<Violation> {
    let Provider { default_category: category, default_responsible: responsible, .. } = provider;
    let mut faults = Vec::new();
    if !category.is_empty() && Category::named(category).is_none() {
        let fault = Violation::new("provider.default_category", "error.request.value_invalid").with("value", category);
        faults.push(fault.with("expected", CATEGORY));
    }
    faults.extend(doubts(responsible).iter().map(|doubt| code_fault("provider.default_responsible", responsible, doubt)));
    faults
}

/// Why a bare code is not what it looks like; nothing for one that can be read, nor for a number of somebody's own.
fn doubts(code: &str) -> Vec<CodeFault> {
    let identified = tracemesh_codes::identify(code);
    if code.is_empty() || identified.code.scheme != Scheme::Opaque { Vec::new() } else { identified.doubts }
}

fn is_own_or_administrator(actor: &Principal, id: &str) -> bool {
    actor.has(Role::SystemAdministrator) || actor.provider_id() == Some(id)
}
