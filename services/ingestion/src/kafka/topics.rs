//! Three topics for each provider: what it sends, what became of it, and what was rejected. A topic is its provider's: what stands in one is
//! submitted by that provider whatever the message says, because the broker's access list says who may write there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rdkafka::admin::{AdminOptions, NewTopic, TopicReplication};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use super::client::Admin;
use crate::config::KafkaSettings;

/// Twice the largest record that is accepted, so that one that is too large is rejected with a receipt and not refused by the broker.
const MESSAGE_BYTES_MAX: &str = "8388608";
const PATIENCE: Duration = Duration::from_secs(4);

/// How topics are called, and how those are made that are missing.
#[derive(Clone)]
pub struct Topics {
    prefix: Arc<str>,
    partitions: i32,
    replication: i32,
}

/// Topics on the broker, with the numbers of their partitions.
pub type Existing = BTreeMap<String, Vec<i32>>;

impl Topics {
    pub fn new(prefix: &str, settings: &KafkaSettings) -> Self {
        Self { prefix: prefix.into(), partitions: settings.partitions, replication: settings.replication }
    }

    /// What the provider sends.
    pub fn inbound(&self, provider: &str) -> String {
        format!("{}trace.in.{provider}", self.prefix)
    }

    pub fn receipts(&self, provider: &str) -> String {
        format!("{}trace.receipt.{provider}", self.prefix)
    }

    pub fn dead_letters(&self, provider: &str) -> String {
        format!("{}trace.deadletter.{provider}", self.prefix)
    }

    /// Makes what is missing for these providers. What is there then, and why something could not be made: the other topics do not wait for it.
    pub async fn bring(&self, admin: &Arc<Admin>, providers: impl Iterator<Item = &str>) -> Result<(Existing, Vec<String>), KafkaError> {
        let there = existing(admin).await?;
        let wanted = providers.flat_map(|provider| [self.inbound(provider), self.receipts(provider), self.dead_letters(provider)]);
        let missing: BTreeSet<String> = wanted.filter(|topic| !there.contains_key(topic)).collect();
        if missing.is_empty() {
            return Ok((there, Vec::new()));
        }
        let failed = self.make(admin, &missing).await?;
        Ok((existing(admin).await?, failed))
    }

    async fn make(&self, admin: &Admin, missing: &BTreeSet<String>) -> Result<Vec<String>, KafkaError> {
        let new = |name| {
            NewTopic::new(name, self.partitions, TopicReplication::Fixed(self.replication)).set("max.message.bytes", MESSAGE_BYTES_MAX)
        };
        let new: Vec<NewTopic<'_>> = missing.iter().map(|name| new(name)).collect();
        let options = AdminOptions::new().request_timeout(Some(PATIENCE)).operation_timeout(Some(PATIENCE));
        let made = admin.create_topics(&new, &options).await?.into_iter().filter_map(Result::err);
        // Another process of this node may have been faster.
        let failed = made.filter(|(_, why)| *why != RDKafkaErrorCode::TopicAlreadyExists);
        Ok(failed.map(|(topic, why)| format!("{topic} cannot be made: {why}")).collect())
    }
}

/// Asks the broker for all topics at once: one question, however many providers there are.
async fn existing(admin: &Arc<Admin>) -> Result<Existing, KafkaError> {
    let admin = admin.clone();
    let asked = tokio::task::spawn_blocking(move || admin.inner().fetch_metadata(None, PATIENCE));
    let metadata = asked.await.map_err(|_| KafkaError::Canceled)??;
    let topics = metadata.topics().iter().filter(|topic| topic.error().is_none());
    Ok(topics.map(|topic| (topic.name().to_owned(), topic.partitions().iter().map(|partition| partition.id()).collect())).collect())
}
