//! Rules: what holds and will hold, publishing, and what comes from the node above. Whatever is published is a whole set from an instant on, in
//! an entry that ingestion follows and that travels to the nodes below; they lay their own rules over it and publish that to theirs.

use prost::Message;
use tracemesh_access::Principal;
use tracemesh_chassis::error::Violation;
use tracemesh_journal::Entry;
use tracemesh_proto::quality::v1::{Rule as Written, RulesPublished};
use tracemesh_proto::rules;
use tracemesh_proto::time::{micros, timestamp};
use tracemesh_rules::{DEFAULT_VERSION, Fault, Rule, RuleSet, default_rules};
use tracemesh_store::DatabaseTransaction;

use super::Quality;
use super::entries::Cause;
use crate::domain::rules::Layer;
use crate::error::QualityError;
use crate::store;

const PUBLISHED: &str = "rules.published";
const CHILDREN: &str = "children";

/// How far ahead the earliest instant lies: longer than ingestion takes to hear of a set, so that what it receives from the instant on is held
/// against it without exception.
const LEAD_MICROS: i64 = 5_000_000;

/// Bytes of a reason.
const WHY_BYTES: usize = 2_048;

impl Quality {
    /// The version in force, and its rules after those that are still to come.
    pub async fn rules(&self) -> Result<(String, Vec<Written>), QualityError> {
        let now = self.clock.now_micros();
        let (mut listed, mut later) = (Vec::new(), i64::MAX);
        for set in store::rules::sets(self.db.read()).await? {
            let from = micros(set.valid_from.as_ref());
            if from <= now {
                listed.extend(set.rules);
                return Ok((set.version, listed));
            }
            if from < later {
                listed.extend(set.rules.into_iter().map(|rule| Written { valid_from: rule.valid_from.or(set.valid_from), ..rule }));
                later = from;
            }
        }
        listed.extend(default_rules().iter().map(rules::write));
        Ok((DEFAULT_VERSION.to_owned(), listed))
    }

    /// This node's own rules, all of them, from an instant on in unix microseconds; the earliest possible without one. The set's version, and its
    /// instant.
    pub async fn publish_rules(
        &self,
        caller: &Principal,
        valid_from: Option<i64>,
        rules: Vec<Written>,
        why: &str,
    ) -> Result<(String, i64), QualityError> {
        if why.len() > WHY_BYTES {
            let fault = Violation::new("why", "error.request.value_too_long").with("limit", WHY_BYTES.to_string());
            return Err(QualityError::Invalid(vec![fault]));
        }
        let now = self.clock.now_micros();
        if let Some(passed) = valid_from.filter(|from| *from < now) {
            return Err(QualityError::InstantPassed(passed));
        }
        let from = valid_from.unwrap_or(now).max(now + LEAD_MICROS);
        let own: Vec<Rule> = self.compiled(rules)?.rules().map(|rule| Rule { publisher: self.node.id.clone(), ..rule.clone() }).collect();
        let tx = self.db.begin().await?;
        let weakened = store::rules::layers(&tx).await?.weakened(&own, from);
        if !weakened.is_empty() {
            return Err(QualityError::Weakened(weakened));
        }
        let cause = Cause { actor: caller.clone(), why, at: now };
        let (version, entries) = self.add_layer(&tx, &cause, false, Layer { from, rules: own }).await?;
        self.commit(tx, &entries).await?;
        Ok((version, from))
    }

    /// Rules of the node above hold here from the same instant on, or from when they can. What cannot be read here is said and passed over.
    pub async fn take_rules(&self, tx: &DatabaseTransaction, above: &str, body: &[u8]) -> Result<Vec<Entry>, QualityError> {
        let Ok(published) = RulesPublished::decode(body) else { return Ok(vec![]) };
        let now = self.clock.now_micros();
        let from = micros(published.valid_from.as_ref()).max(now + LEAD_MICROS);
        match self.compiled(published.rules) {
            Ok(set) => {
                let cause = Cause { actor: Principal::service("quality"), why: &published.version, at: now };
                let layer = Layer { from, rules: set.rules().cloned().collect() };
                Ok(self.add_layer(tx, &cause, true, layer).await?.1)
            }
            Err(unread) => {
                tracing::error!(above, version = published.version, error = ?unread, "rules of the node above cannot be read: they do not hold here");
                Ok(vec![])
            }
        }
    }

    /// Rules of a request, compiled.
    pub(super) fn compiled(&self, rules: Vec<Written>) -> Result<RuleSet, QualityError> {
        rules::read(rules).and_then(|rules| RuleSet::compile("", rules)).map_err(|faults| invalid(&faults))
    }

    /// Publishes what holds from the layer's instant on, and once more what holds from each later one. The version of the first, and the entries.
    async fn add_layer(
        &self,
        tx: &DatabaseTransaction,
        cause: &Cause<'_>,
        is_above: bool,
        layer: Layer,
    ) -> Result<(String, Vec<Entry>), QualityError> {
        let from = layer.from;
        store::rules::add_layer(tx, is_above, &self.document(String::new(), from, &layer.rules)).await?;
        let layers = store::rules::layers(tx).await?;
        let first = store::rules::next_number(tx).await?;
        let mut entries = Vec::new();
        for (number, instant) in (first..).zip(layers.instants(from)) {
            let version = format!("{}/{number}", self.node.id);
            let set = RuleSet::compile(version, layers.at(instant)).map_err(|faults| invalid(&faults))?;
            let rules: Vec<Rule> = set.rules().cloned().collect();
            let document = self.document(set.version().to_owned(), instant, &rules);
            store::rules::add_set(tx, number, &document).await?;
            entries.push(self.entry(PUBLISHED, cause, self.labels(), vec![CHILDREN.to_owned()], document.encode_to_vec()));
        }
        Ok((format!("{}/{first}", self.node.id), entries))
    }

    fn document(&self, version: String, from: i64, rules: &[Rule]) -> RulesPublished {
        let rules = rules.iter().map(rules::write).collect();
        RulesPublished { version, valid_from: Some(timestamp(from)), rules, publisher: self.node.id.clone() }
    }
}

fn invalid(faults: &[Fault]) -> QualityError {
    let violation = |fault: &Fault| {
        let place = fault.place.replace('[', ".").replace(']', "");
        Violation::new(place, "error.rules.fault").with("problem", fault.problem.as_str())
    };
    QualityError::Invalid(faults.iter().map(violation).collect())
}
