//! What a service is handed at its `start`: everything that it may need of the process, ready made. There are no globals besides.

use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tonic::transport::Channel;
use tracemesh_access::{Principal, token};

use crate::auth::PeerNode;
use crate::clock::Clock;
use crate::config::{NodeConfig, NodeIdentity};
use crate::keys::Keys;
use crate::process::Shared;
use crate::tasks::{Shutdown, TaskError, Tasks};
use crate::tls::NodeTls;

/// How long a token lives that one service shows to another: one call, and clocks a little apart.
const TOKEN_TTL_MICROS: i64 = 60 * 1_000_000;

/// A service's view of its process. Cheap to clone.
#[derive(Clone)]
pub struct Runtime {
    noun: &'static str,
    shared: Arc<Shared>,
}

impl Runtime {
    pub(crate) fn new(noun: &'static str, shared: Arc<Shared>) -> Runtime {
        Runtime { noun, shared }
    }

    /// The service's own word.
    pub fn noun(&self) -> &'static str {
        self.noun
    }

    /// The whole configuration; the service's own part is `config().ingestion.read::<Settings>("ingestion")`.
    pub fn config(&self) -> &NodeConfig {
        &self.shared.config
    }

    /// Which node this is.
    pub fn node(&self) -> &NodeIdentity {
        &self.shared.config.node
    }

    /// The time.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Where background work is started.
    pub fn tasks(&self) -> &Tasks {
        &self.shared.tasks
    }

    /// The order to stop.
    pub fn shutdown(&self) -> Shutdown {
        self.shared.tasks.shutdown()
    }

    /// Signing keys of journals.
    pub fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    /// The node's CA and certificates.
    pub fn tls(&self) -> &NodeTls {
        &self.shared.tls
    }

    /// Instruments of the service: names begin with its noun (`ingestion_records`). `/metrics` and OTLP show them.
    pub fn meter(&self) -> opentelemetry::metrics::Meter {
        self.shared.telemetry.meter(self.noun)
    }

    /// A connection of this service's own to another service of the node, in memory where that runs in this process. It exists before the
    /// other service has started: a call waits until the whole process serves, so `start` must not wait for one.
    pub fn channel(&self, noun: &str) -> Channel {
        self.shared.channel(noun)
    }

    /// Whether the service of a noun runs in another process of this node, which `[peers]` names.
    pub fn is_elsewhere(&self, noun: &str) -> bool {
        self.shared.is_elsewhere(noun)
    }

    /// A token that says to another service of this node who is asking; it lives for a minute.
    pub fn sign(&self, principal: &Principal) -> String {
        token::sign(principal, self.shared.keys.principal(), self.clock().now_micros(), TOKEN_TTL_MICROS)
    }

    /// Serves this process's gRPC to the node above through a tunnel that we dialled, until it closes. `peer` is who the far end has proven
    /// to be.
    pub async fn serve_tunnel<I>(&self, io: I, peer: PeerNode) -> Result<(), TaskError>
    where
        I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.shared.serve_tunnel(io, peer).await
    }
}
