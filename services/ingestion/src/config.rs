//! `[ingestion]`: what ingestion alone is told. Which broker there is stands in `[kafka]`, because other services meet it too.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// `[ingestion]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub kafka: KafkaSettings,
    /// The bug that this process shall have; there is no such key outside of builds that test the tests.
    #[cfg(feature = "faults")]
    pub fault: Option<crate::faults::Fault>,
}

/// `[ingestion.kafka]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct KafkaSettings {
    /// Partitions of a topic that we make. One provider is read by as many processes at most.
    pub partitions: i32,
    /// Copies of a topic that we make; -1 = as the broker is set.
    pub replication: i32,
    /// Messages in one commit. 10,000 fill some hundred journal blocks and take about a second.
    pub batch_messages: usize,
    /// How long a commit waits for company. A provider hears of a record through a topic, so that 50 ms are not felt.
    pub batch_wait_ms: u64,
    /// How long the partitions of a process that died wait for another. It is said again three times as often.
    pub lease_s: u64,
    pub security: Security,
    /// Who we are at the broker, by SCRAM-SHA-512, where `security` is `sasl_…`.
    pub user: String,
    /// A file with the password, and nothing else but white space.
    pub password_file: Option<PathBuf>,
    /// PEM file with the broker's CA; without it the machine's own list holds.
    pub ca_file: Option<PathBuf>,
}

impl Default for KafkaSettings {
    fn default() -> Self {
        Self {
            partitions: 4,
            replication: -1,
            batch_messages: 10_000,
            batch_wait_ms: 50,
            lease_s: 15,
            security: Security::Plaintext,
            user: String::new(),
            password_file: None,
            ca_file: None,
        }
    }
}

impl KafkaSettings {
    /// What does not go together, all of it at once.
    pub fn check(&self) -> Result<(), String> {
        let sizes = [("partitions", self.partitions < 1), ("batch_messages", self.batch_messages == 0), ("lease_s", self.lease_s == 0)];
        let sizes =
            sizes.into_iter().filter(|(_, zero)| *zero).map(|(key, _)| format!("`ingestion.kafka.{key}` is 0: nothing could ever be read"));
        let nobody = self.security.signs_in() && (self.user.is_empty() || self.password_file.is_none());
        let nobody =
            nobody.then(|| "`ingestion.kafka.security` asks for `ingestion.kafka.user` and `ingestion.kafka.password_file`".to_owned());
        let faults: Vec<String> = sizes.chain(nobody).collect();
        if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
    }
}

/// How the connection to the broker is protected, in librdkafka's words.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    #[default]
    Plaintext,
    Ssl,
    SaslPlaintext,
    SaslSsl,
}

impl Security {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plaintext => "plaintext",
            Self::Ssl => "ssl",
            Self::SaslPlaintext => "sasl_plaintext",
            Self::SaslSsl => "sasl_ssl",
        }
    }

    pub const fn signs_in(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_told_at_once() {
        assert_eq!(KafkaSettings::default().check(), Ok(()));
        let faulty = KafkaSettings { batch_messages: 0, lease_s: 0, security: Security::SaslSsl, ..KafkaSettings::default() };
        assert_eq!(faulty.check().unwrap_err().lines().count(), 3);
    }
}
