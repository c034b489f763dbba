//! What a provider may submit, and what this node knows: the doors' own view of the registry, so that intake survives it.

use std::collections::HashSet;
use std::sync::Arc;

use tracemesh_codes::Code;
use tracemesh_model::{AreaTree, Category, Class, Defaults, Limits, Received, Scope};
use tracemesh_proto::registry::v1::Provider;
use tracemesh_rules::Rules;

/// What the node knows, shared by all providers of a moment.
#[derive(Default, Debug)]
pub struct Known {
    pub node: String,
    pub node_area: String,
    pub areas: AreaTree,
    /// Registered subjects, as SCHEME:VALUE.
    pub subjects: HashSet<String>,
    pub limits: Limits,
    pub rules: Arc<Rules>,
}

/// One provider's scope, as of the moment when a submission was taken.
#[derive(Debug)]
pub struct ProviderScope {
    pub provider: String,
    areas: Vec<String>,
    categories: Vec<String>,
    defaults: Defaults,
    known: Arc<Known>,
}

impl ProviderScope {
    pub fn new(provider: &Provider, known: Arc<Known>) -> Self {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            provider: provider.id.clone(),
            areas: provider.areas.clone(),
            categories: provider.categories.clone(),
            defaults: Defaults {
                area: some(&provider.default_area),
                category: some(&provider.default_category).and_then(|name| Category::named(&name)),
                responsible: tracemesh_codes::classify(&provider.default_responsible)
                    .into_iter()
                    .next()
                    .filter(|_| !provider.default_responsible.is_empty())
                    .map(|identified| identified.code),
                issuer: format!("{}/{}", known.node, provider.id),
            },
            known,
        }
    }

    /// The circumstances of a submission that was taken at `now`.
    pub fn received(&self, now: i64) -> Received<'_> {
        Received { now_micros: now, limits: &self.known.limits, defaults: &self.defaults, scope: self }
    }

    /// Bytes of one submission that are read at all.
    pub fn record_bytes(&self) -> usize {
        self.known.limits.record_bytes
    }

    /// The rule sets that were known when the submission was taken.
    pub fn rules(&self) -> &Rules {
        &self.known.rules
    }

    /// Whether an area is this one or lies below it.
    pub fn lies_in(&self, area: &str, root: &str) -> bool {
        self.known.areas.lies_in(area, root)
    }

    pub const fn defaults(&self) -> &Defaults {
        &self.defaults
    }
}

fn allows(words: &[String], matches: impl Fn(&str) -> bool) -> bool {
    words.iter().any(|word| word == "*" || matches(word))
}

impl Scope for ProviderScope {
    fn area_of(&self, code: &str) -> Option<String> {
        if self.known.areas.knows(code) {
            return Some(code.to_owned());
        }
        tracemesh_model::Everything.area_of(code)
    }

    fn answers_for(&self, area: &str) -> bool {
        self.known.areas.lies_in(area, &self.known.node_area)
    }

    fn takes_area(&self, area: &str) -> bool {
        allows(&self.areas, |root| self.known.areas.lies_in(area, root))
    }

    fn takes_category(&self, category: &Category) -> bool {
        allows(&self.categories, |word| word == category.as_str())
    }

    fn takes_class(&self, _class: Class) -> bool {
        true
    }

    fn is_registered(&self, subject: &Code) -> bool {
        self.known.subjects.contains(&subject.to_string())
    }
}
