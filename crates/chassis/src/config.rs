//! One typed configuration for a process: a TOML file, then the environment (`TRACEMESH__SECTION__KEY`), then flags; each overrides the
//! one before. Nothing else in the repository reads the environment.
//!
//! Without any of them a node starts as `local`, tier NATION, for the whole country, on SQLite and loopback. A key that nobody knows is an
//! error that names its place and the nearest key that exists: a misspelt limit must not pass for a default. All of
//! them are told at once.
//!
//! What one service alone needs stands in a section named after it and is read by that service with [`Section::read`].

mod check;
mod node;
mod sections;
mod sources;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use self::check::{ConfigError, Fault, is_node_id};
pub use self::node::{NodeIdentity, Tier, UnknownTier};
pub use self::sections::{DatabaseConfig, KafkaConfig, LimitsConfig, LinkConfig, ListenConfig, LogFormat, TelemetryConfig};
pub use self::sources::Sources;

/// Everything that a process is told. Numbers that no public law sets are defaults, each with its reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeConfig {
    /// Who the node is.
    pub node: NodeIdentity,
    /// Databases, keys and certificates of the node.
    pub data_dir: PathBuf,
    /// SQLite files in the data directory unless a server is named.
    pub database: DatabaseConfig,
    /// Where it listens.
    pub listen: ListenConfig,
    /// Where the services of this node that do not run in this process listen: noun = gRPC URL.
    pub peers: BTreeMap<String, String>,
    /// The broker at the border, if there is one.
    pub kafka: KafkaConfig,
    /// Links to other nodes.
    pub link: LinkConfig,
    /// Logs, traces and metrics.
    pub telemetry: TelemetryConfig,
    /// What bounds the work of the process.
    pub limits: LimitsConfig,
    /// What the registry alone needs.
    pub registry: Section,
    /// What ingestion alone needs.
    pub ingestion: Section,
    /// What quality alone needs.
    pub quality: Section,
    /// What emergency alone needs.
    pub emergency: Section,
    /// What analytics alone needs.
    pub analytics: Section,
    /// What federation alone needs.
    pub federation: Section,
    /// What the portal alone needs.
    pub portal: Section,
}

impl Default for NodeConfig {
    fn default() -> NodeConfig {
        NodeConfig {
            node: NodeIdentity::default(),
            data_dir: "tracemesh-data".into(),
            database: DatabaseConfig::default(),
            listen: ListenConfig::default(),
            peers: BTreeMap::new(),
            kafka: KafkaConfig::default(),
            link: LinkConfig::default(),
            telemetry: TelemetryConfig::default(),
            limits: LimitsConfig::default(),
            registry: Section::default(),
            ingestion: Section::default(),
            quality: Section::default(),
            emergency: Section::default(),
            analytics: Section::default(),
            federation: Section::default(),
            portal: Section::default(),
        }
    }
}

/// The database that the configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseChoice {
    /// One file per service in this directory.
    Sqlite {
        /// The data directory.
        dir: PathBuf,
    },
    /// One schema per service on this server.
    Postgres {
        /// `postgres://…`
        url: String,
        /// Of one service, at once.
        connections: u32,
    },
}

impl NodeConfig {
    /// Reads the sources, lays one over the other, and checks the result.
    ///
    /// # Errors
    /// Every unknown key at once; else the first value of a wrong type; else everything that does not go together.
    pub fn load(sources: Sources) -> Result<NodeConfig, ConfigError> {
        sources.load()
    }

    /// The database that the configuration names.
    pub fn database(&self) -> DatabaseChoice {
        if self.database.url.is_empty() {
            DatabaseChoice::Sqlite { dir: self.data_dir.clone() }
        } else {
            DatabaseChoice::Postgres { url: self.database.url.clone(), connections: self.database.connections }
        }
    }

    /// The broker at the border, where there is one.
    pub fn kafka(&self) -> Option<&KafkaConfig> {
        (!self.kafka.brokers.is_empty()).then_some(&self.kafka)
    }

    /// A configuration for tests and demonstrations: this data directory, free ports, otherwise the defaults.
    pub fn on_free_ports(data_dir: &Path) -> NodeConfig {
        let mut config = NodeConfig { data_dir: data_dir.to_owned(), ..NodeConfig::default() };
        for listener in [&mut config.listen.http, &mut config.listen.grpc, &mut config.listen.ops] {
            listener.set_port(0);
        }
        config
    }
}

/// The part of the configuration that one service alone understands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Section(BTreeMap<String, serde_json::Value>);

impl Section {
    /// Reads the section `name` into the service's own type, whose defaults also say which keys there are.
    pub fn read<T>(&self, name: &str) -> Result<T, ConfigError>
    where
        T: Default + Serialize + DeserializeOwned,
    {
        let table = config::Source::collect(&config::Config::try_from(&self.0)?)?;
        sources::overlay(vec![sources::Layer { place: sources::Place::Section(name.to_owned()), values: sources::flatten(table) }])
    }
}

#[cfg(test)]
mod tests;
