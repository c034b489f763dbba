//! The sections that every process has, each with its defaults. Numbers that no public law sets say why they are as they are.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// `[database]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct DatabaseConfig {
    /// `postgres://user@host/name`; empty = one SQLite file per service in the data directory.
    pub url: String,
    /// Connections per service. 12 keeps seven services below PostgreSQL's default of 100, with room for the operator's own.
    pub connections: u32,
}

impl Default for DatabaseConfig {
    fn default() -> DatabaseConfig {
        DatabaseConfig { url: String::new(), connections: 12 }
    }
}

/// `[listen]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct ListenConfig {
    /// Console, public page and JSON. Port 0 picks a free one, here and below.
    pub http: SocketAddr,
    /// Services of the node, providers and links; always TLS.
    pub grpc: SocketAddr,
    /// Probes and metrics; never public.
    pub ops: SocketAddr,
    /// Host names and addresses by which others reach this node: they stand in its certificate, besides `localhost`.
    pub names: Vec<String>,
    /// How people reach the pages of this node, such as `https://trace.example.gov.cn`: it stands in sign-in links and in the link sets of GS1
    /// Digital Links. Empty = where HTTP listens, and in link sets as the request was addressed.
    pub public_url: String,
    /// A proxy in front ends TLS for HTTP, so that it may listen beyond loopback without a certificate.
    pub behind_proxy: bool,
    /// PEM file with the chain for HTTPS; HTTP is plain without it.
    pub http_certificate: Option<PathBuf>,
    /// PEM file with the key to it.
    pub http_key: Option<PathBuf>,
}

impl Default for ListenConfig {
    fn default() -> ListenConfig {
        let loopback = |port| SocketAddr::from(([127, 0, 0, 1], port));
        ListenConfig {
            http: loopback(7480),
            grpc: loopback(7400),
            ops: loopback(7490),
            names: Vec::new(),
            public_url: String::new(),
            behind_proxy: false,
            http_certificate: None,
            http_key: None,
        }
    }
}

/// `[kafka]`
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KafkaConfig {
    /// `host:port`; none = this node has no broker.
    pub brokers: Vec<String>,
    /// Keeps nodes apart that share a broker.
    pub topic_prefix: String,
}

/// `[link]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LinkConfig {
    /// The URL of this node's gRPC as its children dial it; it stands in invitations. Empty = the address that it listens on.
    pub advertise: String,
    /// Longest pause between two attempts to reach the parent. A minute is short beside the 30 days that a parent may be away.
    pub reconnect_max_s: u64,
    /// How long a question to the mesh waits for a node before it stands in the verdict as silent.
    pub question_timeout_s: u64,
}

impl Default for LinkConfig {
    fn default() -> LinkConfig {
        LinkConfig { advertise: String::new(), reconnect_max_s: 60, question_timeout_s: 10 }
    }
}

/// `[telemetry]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct TelemetryConfig {
    /// What is logged, as `RUST_LOG` spells it: `info`, `warn,tracemesh_ingestion=debug`.
    pub log: String,
    /// Text for people or JSON for collectors; `auto` = text where stderr is a terminal.
    pub format: LogFormat,
    /// OTLP over gRPC, such as `http://collector:4317`; empty = nothing is sent.
    pub otlp_endpoint: String,
}

impl Default for TelemetryConfig {
    fn default() -> TelemetryConfig {
        TelemetryConfig { log: "info".into(), format: LogFormat::Auto, otlp_endpoint: String::new() }
    }
}

impl TelemetryConfig {
    /// The log filter.
    pub(crate) fn filter(&self) -> Result<EnvFilter, tracing_subscriber::filter::ParseError> {
        EnvFilter::builder().parse(&self.log)
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text where stderr is a terminal, else JSON.
    Auto,
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

/// `[limits]`
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitsConfig {
    /// Connections per listener; more wait in the kernel's queue.
    pub connections: usize,
    /// Calls at work at once per listener; more are answered RESOURCE_EXHAUSTED at once, so that a caller can go elsewhere. Open streams
    /// count while they are being set up, not while they live.
    pub concurrent_calls: usize,
    /// Streams and calls open at once on one connection.
    pub streams_per_connection: u32,
    /// Time for one call that is not a stream, where the caller names none.
    pub call_timeout_s: u64,
    /// Longest time that a caller may name: a recount or a verification reads every journal from its first byte.
    pub call_timeout_max_s: u64,
    /// Longest time for one request over HTTP: above the longest call, and an upload of `http_body_bytes` at 1 Mbit/s.
    pub http_timeout_s: u64,
    /// Largest message of gRPC, in or out: a journal block of 64 KiB many times over, and one request of a provider.
    pub message_bytes: usize,
    /// Largest body over HTTP.
    pub http_body_bytes: usize,
    /// How long a stop waits for calls and tasks before it drops them: below the 30 s after which Kubernetes kills.
    pub drain_s: u64,
}

impl Default for LimitsConfig {
    fn default() -> LimitsConfig {
        LimitsConfig {
            connections: 4096,
            concurrent_calls: 512,
            streams_per_connection: 1024,
            call_timeout_s: 30,
            call_timeout_max_s: 600,
            http_timeout_s: 660,
            message_bytes: 64 << 20,
            http_body_bytes: 64 << 20,
            drain_s: 20,
        }
    }
}
