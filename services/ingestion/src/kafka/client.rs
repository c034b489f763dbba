//! librdkafka's three kinds of client, each set so that it can only do what we mean: a consumer that never moves an offset by itself and never
//! guesses where to begin, and a producer that neither loses nor repeats.

use std::path::Path;

use rdkafka::admin::AdminClient;
use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::consumer::{BaseConsumer, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::producer::FutureProducer;
use tracemesh_chassis::TaskError;
use tracemesh_chassis::config::KafkaConfig;

use crate::config::KafkaSettings;

pub type Admin = AdminClient<Logged>;
pub type Consumer = BaseConsumer<Logged>;
pub type Queue = PartitionQueue<Logged>;
pub type Producer = FutureProducer<Logged>;

/// What waits in memory of one partition before we take it; beyond it librdkafka pauses the partition.
const PARTITION_QUEUE_KIB: u32 = 1024;
/// One fetch of one partition. A larger message is fetched all the same.
const PARTITION_FETCH_BYTES: u32 = 512 << 10;
/// Above what any topic of ours takes: whether a message is too large, the broker says.
const PRODUCED_BYTES_MAX: u32 = 32 << 20;
/// What waits in memory to be sent: the receipts and the dead letters of one journal commit, many times over.
const PRODUCER_QUEUE_KIB: u32 = 256 << 10;
/// A message that no broker took by then has failed, and is sent again by whoever sent it.
const DELIVERY_MS: u32 = 30_000;

/// How the broker is reached. Clients that it makes connect by themselves, and again, for as long as they live.
#[derive(Clone)]
pub struct Broker {
    common: ClientConfig,
    group: String,
}

impl Broker {
    /// `node` is the name under which the broker's own tools show us; on one broker, `topic_prefix` tells nodes apart.
    pub fn new(node: &str, kafka: &KafkaConfig, settings: &KafkaSettings) -> Result<Self, TaskError> {
        settings.check()?;
        let mut common = ClientConfig::new();
        common.set("bootstrap.servers", kafka.brokers.join(","));
        common.set("client.id", format!("tracemesh-{node}"));
        common.set("security.protocol", settings.security.as_str());
        if let Some(ca) = &settings.ca_file {
            common.set("ssl.ca.location", ca.display().to_string());
        }
        if let Some(file) = settings.password_file.as_ref().filter(|_| settings.security.signs_in()) {
            common.set("sasl.mechanism", "SCRAM-SHA-512");
            common.set("sasl.username", &settings.user);
            common.set("sasl.password", password(file)?);
        }
        Ok(Self { common, group: format!("{}tracemesh-{node}", kafka.topic_prefix) })
    }

    pub fn admin(&self) -> Result<Admin, KafkaError> {
        self.common.create_with_context(Logged)
    }

    /// The group is only where lag tools look for our offsets: partitions are assigned by hand, and nothing is ever read from there.
    pub fn consumer(&self) -> Result<Consumer, KafkaError> {
        let mut config = self.common.clone();
        config.set("group.id", &self.group);
        config.set("enable.auto.commit", "false");
        config.set("enable.auto.offset.store", "false");
        config.set("auto.offset.reset", "error");
        config.set("check.crcs", "true");
        config.set("queued.max.messages.kbytes", PARTITION_QUEUE_KIB.to_string());
        config.set("max.partition.fetch.bytes", PARTITION_FETCH_BYTES.to_string());
        // A partition that is taken up waits for the fetch of the others that is under way.
        config.set("fetch.wait.max.ms", "100");
        config.create_with_context(Logged)
    }

    pub fn producer(&self) -> Result<Producer, KafkaError> {
        let mut config = self.common.clone();
        config.set("enable.idempotence", "true");
        config.set("compression.type", "lz4");
        // As Java's producers do, so that a key stands in the same partition whoever wrote it.
        config.set("partitioner", "murmur2_random");
        config.set("linger.ms", "5");
        config.set("message.max.bytes", PRODUCED_BYTES_MAX.to_string());
        config.set("queue.buffering.max.kbytes", PRODUCER_QUEUE_KIB.to_string());
        config.set("message.timeout.ms", DELIVERY_MS.to_string());
        config.create_with_context(Logged)
    }
}

fn password(file: &Path) -> Result<String, TaskError> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("`ingestion.kafka.password_file` {}: {error}", file.display()))?;
    Ok(text.trim().to_owned())
}

/// librdkafka's lines in our log. It calls an error what it will try again by itself, which is a warning here.
#[derive(Clone, Copy, Debug)]
pub struct Logged;

impl ClientContext for Logged {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => {
                tracing::warn!(facility, "{line}");
            }
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => tracing::debug!(facility, "{line}"),
        }
    }

    /// Each of these has a line in the log already.
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(%error, reason, "kafka client");
    }
}

impl ConsumerContext for Logged {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Security;

    fn kafka() -> KafkaConfig {
        KafkaConfig { brokers: vec!["127.0.0.1:1".into()], topic_prefix: "x.".into() }
    }

    #[test]
    fn clients_of_every_kind_can_be_made() {
        let broker = Broker::new("yantai", &kafka(), &KafkaSettings::default()).unwrap();
        broker.admin().unwrap();
        broker.consumer().unwrap();
        let _producer = broker.producer().unwrap();
    }

    #[test]
    fn this_librdkafka_signs_in_by_scram_over_tls() {
        let password = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(password.path(), "secret\n").unwrap();
        let mut settings = KafkaSettings { security: Security::SaslSsl, user: "node".into(), ..KafkaSettings::default() };
        assert!(Broker::new("yantai", &kafka(), &settings).is_err(), "a password is asked for");
        settings.password_file = Some(password.path().into());
        Broker::new("yantai", &kafka(), &settings).unwrap().admin().unwrap();
    }
}
