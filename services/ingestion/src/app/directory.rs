//! The doors' view of registry and quality, in memory: whose token it is, what that provider may submit, and by which rules. It is read from our
//! own copies at the start and after every change of them, so that intake survives both and a suspension takes effect within a second.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::{Notify, watch};
use tracemesh_access::{EVERYTHING, LOCAL_PROVIDER, Principal, Scope};
use tracemesh_chassis::auth::{Answer, Credential, CredentialSource};
use tracemesh_chassis::error::Error;
use tracemesh_journal::Envelope;
use tracemesh_model::AreaTree;
use tracemesh_proto::quality::v1::RulesPublished;
use tracemesh_proto::registry::v1::{Provider, ProviderChanged};
use tracemesh_proto::rules;
use tracemesh_proto::time::micros;
use tracemesh_rules::{RuleSet, Rules};
use tracemesh_store::{Database, DbErr};

use crate::domain::scope::{Known, ProviderScope};
use crate::error::IngestionError;
use crate::store;

const SUSPENDED: &str = "suspended";

/// Cheap to clone; all clones see the same moment.
#[derive(Clone)]
pub struct Directory {
    node: Arc<str>,
    node_area: Arc<str>,
    view: Arc<RwLock<View>>,
    changed: Arc<Notify>,
    listed: Arc<watch::Sender<Vec<Listed>>>,
}

/// A provider, for whoever has something to do for each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    pub id: String,
    pub suspended: bool,
}

#[derive(Default)]
struct View {
    known: Arc<Known>,
    providers: HashMap<String, Entry>,
    /// SHA-256 of a token → provider.
    tokens: HashMap<Vec<u8>, String>,
    /// Of quality's entry with the newest of the known rules.
    rules_seq: i64,
}

struct Entry {
    provider: Provider,
    /// SHA-256 of it; empty where nobody holds one.
    token: Vec<u8>,
    scope: Arc<ProviderScope>,
}

impl Entry {
    fn local(known: &Arc<Known>) -> Self {
        let everything = || vec![EVERYTHING.to_owned()];
        let provider = Provider { id: LOCAL_PROVIDER.into(), areas: everything(), categories: everything(), ..Provider::default() };
        Self { scope: Arc::new(ProviderScope::new(&provider, known.clone())), token: Vec::new(), provider }
    }

    /// The areas and categories that it may submit for.
    fn reach(&self) -> (Scope, Scope) {
        let scope = |words: &[String]| Scope::from_words(words.iter().cloned());
        (scope(&self.provider.areas), scope(&self.provider.categories))
    }
}

impl Directory {
    pub async fn open(db: &Database, node: &str, node_area: &str) -> Result<Self, DbErr> {
        let (node, node_area, listed) = (node.into(), node_area.into(), Arc::new(watch::Sender::default()));
        let directory = Self { node, node_area, view: Arc::default(), changed: Arc::default(), listed };
        directory.reload(db).await?;
        Ok(directory)
    }

    async fn reload(&self, db: &Database) -> Result<(), DbErr> {
        let mut known = Known { node: self.node.to_string(), node_area: self.node_area.to_string(), ..Known::default() };
        known.subjects = store::directory::subjects(db.read()).await?.into_iter().collect();
        known.areas = AreaTree::new(store::directory::areas(db.read()).await?);
        let (mut rules, mut rules_seq) = (self.rules(), self.read().rules_seq);
        for (seq, published) in store::rules::after(db.read(), rules_seq).await? {
            publish(Arc::make_mut(&mut rules), published);
            rules_seq = seq;
        }
        known.rules = rules;
        let view = View::new(store::directory::providers(db.read()).await?, Arc::new(known), rules_seq);
        let listed = view.listed();
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = view;
        self.listed.send_if_modified(|before| std::mem::replace(before, listed.clone()) != listed);
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rule sets that are known, those of long ago too: a receipt tells what was said then.
    pub fn rules(&self) -> Arc<Rules> {
        self.read().known.rules.clone()
    }

    /// The area that the node answers for.
    pub fn area(&self) -> &str {
        &self.node_area
    }

    /// Our copy has changed: [`Self::keep_up`] reads it.
    pub fn changed(&self) {
        self.changed.notify_one();
    }

    /// Reads our copy, and again after each change; many changes at once are read once. Whoever calls again after a failure reads first: the news
    /// that the failed reading was about is gone.
    pub async fn keep_up(&self, db: &Database) -> Result<(), DbErr> {
        loop {
            self.reload(db).await?;
            self.changed.notified().await;
        }
    }

    /// What a provider's token is now; none for whoever else calls. A stream outlives the token that it began with, and must not.
    pub fn token_of(&self, caller: &Principal) -> Option<Vec<u8>> {
        let view = self.read();
        let entry = view.providers.get(caller.provider_id()?)?;
        Some(entry.token.clone())
    }

    /// Whether the reader sees what is of this area and category.
    pub fn sees(&self, reader: &Principal, area: &str, category: &str) -> bool {
        let view = self.read();
        reader.may_see(area, category, |area, root| view.known.areas.lies_in(area, root))
    }

    /// Whether the reader sees a submission: a provider its own, others those within their scope. What was not accepted has no area or category of
    /// its own; it is seen by whoever sees something of what its provider may submit.
    pub fn may_read(&self, reader: &Principal, submission: &Envelope) -> bool {
        if let Some(own) = reader.provider_id() {
            return own == submission.provider;
        }
        let is_within = || match &submission.labels {
            Some(labels) => self.sees(reader, &labels.area, &labels.category),
            None => self.sees_part_of(reader, &submission.provider),
        };
        reader.may_see_provider(&submission.provider) && is_within()
    }

    /// A provider that we have not heard of yet may be at work anywhere.
    fn sees_part_of(&self, reader: &Principal, provider: &str) -> bool {
        let view = self.read();
        let (areas, categories) = view.providers.get(provider).map_or((Scope::Everything, Scope::Everything), Entry::reach);
        reader.may_see_part_of(&areas, &categories, |area, root| view.known.areas.lies_in(area, root))
    }

    /// All providers by id, and the news when one comes or its state changes.
    pub fn providers(&self) -> watch::Receiver<Vec<Listed>> {
        self.listed.subscribe()
    }

    /// What a provider may submit; an error where there is none of that name, or it is suspended.
    pub fn scope(&self, provider: &str) -> Result<Arc<ProviderScope>, IngestionError> {
        let view = self.read();
        let entry = view.providers.get(provider).ok_or_else(|| IngestionError::NoProvider(provider.to_owned()))?;
        match entry.provider.state.as_str() {
            SUSPENDED => Err(IngestionError::Suspended(provider.to_owned())),
            _ => Ok(entry.scope.clone()),
        }
    }
}

impl View {
    fn new(providers: Vec<ProviderChanged>, known: Arc<Known>, rules_seq: i64) -> Self {
        let mut view = Self { known: known.clone(), rules_seq, ..Self::default() };
        for ProviderChanged { provider, token } in providers {
            let provider = provider.unwrap_or_default();
            view.tokens.insert(token.to_vec(), provider.id.clone());
            let scope = Arc::new(ProviderScope::new(&provider, known.clone()));
            view.providers.insert(provider.id.clone(), Entry { provider, token: token.into(), scope });
        }
        // Every node has it from its first moment, while the registry's entry about it may still be on its way to us.
        view.providers.entry(LOCAL_PROVIDER.to_owned()).or_insert_with(|| Entry::local(&known));
        view
    }

    fn listed(&self) -> Vec<Listed> {
        let listed = |entry: &Entry| Listed { id: entry.provider.id.clone(), suspended: entry.provider.state == SUSPENDED };
        let mut all: Vec<Listed> = self.providers.values().map(listed).collect();
        all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
        all
    }
}

/// Quality publishes only what compiles. What a later version understands and this one does not is not asked here, and no receipt says that it was.
fn publish(rules: &mut Rules, published: RulesPublished) {
    let (version, from) = (published.version, micros(published.valid_from.as_ref()));
    match rules::read(published.rules).and_then(|rules| RuleSet::compile(version.clone(), rules)) {
        Ok(set) => rules.publish(from, Arc::new(set)),
        Err(faults) => tracing::error!(version, ?faults, "a rule set cannot be read: the doors go on with the one before"),
    }
}

/// Provider tokens.
#[tonic::async_trait]
impl CredentialSource for Directory {
    async fn who(&self, shown: &Credential) -> Answer {
        let Credential::Token(token) = shown else { return Answer::Unknown };
        let view = self.read();
        let Some(entry) = view.tokens.get(token.sha256().as_slice()).and_then(|id| view.providers.get(id)) else {
            return Answer::Unknown;
        };
        let provider = &entry.provider;
        if provider.state == SUSPENDED {
            return Answer::Refused(IngestionError::Suspended(provider.id.clone()).into());
        }
        let (areas, categories) = entry.reach();
        match Principal::provider(&provider.id, areas, categories) {
            Ok(principal) => Answer::Known(principal),
            // The registry took a scope that cannot be a principal's: nobody outside can mend that.
            Err(faults) => Answer::Refused(Error::internal(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))),
        }
    }
}
