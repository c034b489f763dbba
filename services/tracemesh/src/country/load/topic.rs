//! A provider that knows nothing of the node but two topics: it writes submissions to one and reads its receipts from the other.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use anyhow::{Context, bail};
use rdkafka::consumer::{Consumer, StreamConsumer};
use rdkafka::producer::future_producer::DeliveryFuture;
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::{ClientConfig, Message, Offset, TopicPartitionList};
use serde::Deserialize;
use tokio::time::{Instant, timeout_at};
use tracemesh_chassis::config::KafkaConfig;

use super::ON_THE_WAY;
use crate::generate::{Counts, Expected, Submission};

/// What has no receipt so long after its last submission gets none.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a city's providers write: the brokers, and the names of the topics there.
pub struct Border {
    brokers: String,
    prefix: String,
    producer: FutureProducer,
}

/// The topics of one provider.
pub struct Topic {
    producer: FutureProducer,
    brokers: String,
    inbound: String,
    receipts: String,
    /// What the broker has not acknowledged yet, the oldest first.
    on_the_way: VecDeque<DeliveryFuture>,
    sent: usize,
}

/// What a provider reads of a receipt.
#[derive(Deserialize)]
struct Answer {
    id: String,
    verdict: Expected,
}

impl Border {
    pub fn of(kafka: KafkaConfig) -> anyhow::Result<Self> {
        let brokers = kafka.brokers.join(",");
        // In order, each once: a correction must not overtake what it corrects.
        let producer = client(&brokers).set("enable.idempotence", "true").set("linger.ms", "5").create()?;
        Ok(Self { brokers, prefix: kafka.topic_prefix, producer })
    }

    /// The node makes the topics once it has heard of the provider; until then librdkafka keeps the messages.
    pub fn open(&self, provider: &str) -> Topic {
        let topic = |what: &str| format!("{}trace.{what}.{provider}", self.prefix);
        Topic {
            producer: self.producer.clone(),
            brokers: self.brokers.clone(),
            inbound: topic("in"),
            receipts: topic("receipt"),
            on_the_way: VecDeque::new(),
            sent: 0,
        }
    }
}

impl Topic {
    pub async fn send(&mut self, submission: Submission) -> anyhow::Result<()> {
        if self.on_the_way.len() >= ON_THE_WAY {
            self.acknowledged().await?;
        }
        let record = FutureRecord::to(&self.inbound).key(&submission.key).payload(&submission.body);
        self.on_the_way.push_back(self.producer.send_result(record).map_err(|(why, _)| why)?);
        self.sent += 1;
        Ok(())
    }

    /// A receipt may stand there twice after a crash: it is counted by its id.
    pub async fn answers(mut self) -> anyhow::Result<Counts> {
        while !self.on_the_way.is_empty() {
            self.acknowledged().await?;
        }
        let (consumer, until) = (self.consumer()?, Instant::now() + PATIENCE);
        let mut answers = BTreeMap::new();
        while answers.len() < self.sent {
            let Ok(message) = timeout_at(until, consumer.recv()).await else {
                bail!("{}: {} receipts for {} submissions within {} s", self.receipts, answers.len(), self.sent, PATIENCE.as_secs());
            };
            let Answer { id, verdict } = serde_json::from_slice(message?.payload().unwrap_or_default())?;
            answers.insert(id, verdict);
        }
        let mut counts = Counts::default();
        answers.into_values().for_each(|verdict| counts.add(verdict));
        Ok(counts)
    }

    /// Waits for the oldest submission to be on the broker.
    async fn acknowledged(&mut self) -> anyhow::Result<()> {
        let Some(oldest) = self.on_the_way.pop_front() else { return Ok(()) };
        oldest.await.context("the producer is gone")?.map_err(|(why, _)| why).with_context(|| self.inbound.clone())?;
        Ok(())
    }

    /// Reads all partitions from their beginning.
    fn consumer(&self) -> anyhow::Result<StreamConsumer> {
        let consumer: StreamConsumer = client(&self.brokers).set("group.id", &self.receipts).set("enable.auto.commit", "false").create()?;
        let metadata = consumer.fetch_metadata(Some(&self.receipts), PATIENCE)?;
        let mut partitions = TopicPartitionList::new();
        for partition in metadata.topics().iter().flat_map(|topic| topic.partitions()) {
            partitions.add_partition_offset(&self.receipts, partition.id(), Offset::Beginning)?;
        }
        consumer.assign(&partitions)?;
        Ok(consumer)
    }
}

fn client(brokers: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", brokers);
    config
}
