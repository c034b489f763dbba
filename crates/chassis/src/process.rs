//! A process: one or several services of a node, composed and served, and stopped in order.
//!
//! ```text
//! let process = Process::prepare(config, Clock::system(), telemetry, &["registry", "ingestion"]).await?;
//! let services = vec![registry::start(&process.runtime("registry")).await?, ingestion::start(&process.runtime("ingestion")).await?];
//! let running = process.serve(services).await?;
//! running.stopped().await?;
//! ```
//!
//! Sockets are opened before any service starts, so that a taken port is told before a database is touched; they accept when all have
//! started. A dependency that is away, or a journal that is damaged, never stops a start: it shows in `/readyz`.
//!
//! Where the services of a node are several processes, the one that serves `federation` is its gateway: neighbours and the operator's commands
//! come there, and what it does not serve itself it passes on to where `[peers]` says. It alone makes the operator's token and leaves
//! `endpoints.json`. A process that knows nobody from outside is open to its own node alone.

mod compose;
mod elsewhere;
mod endpoints;
mod lock;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::SetOnce;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity, Uri};

use crate::auth::PeerNode;
use crate::clock::Clock;
use crate::config::NodeConfig;
use crate::keys::{KeyError, Keys};
use crate::private_file::FileError;
use crate::runtime::Runtime;
use crate::server::memory::{CONNECTION_WINDOW_BYTES, InMemory, Incoming, STREAM_WINDOW_BYTES};
use crate::server::{BindError, Server, bind};
use crate::service::Service;
use crate::tasks::{Shutdown, TaskError, Tasks, Unclean};
use crate::telemetry::Telemetry;
use crate::tls::{NodeTls, TlsError};

pub use self::endpoints::{ENDPOINTS_FILE, Endpoints, OPERATOR_TOKEN_FILE};
pub use self::lock::Locks;

/// The service whose process is the node's gateway.
const GATEWAY: &str = "federation";
/// How long another process of this node may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection to another process that says nothing for so long is asked whether it is still there.
const PING_EVERY: Duration = Duration::from_secs(20);

/// What the services of a process share.
pub(crate) struct Shared {
    pub(crate) config: NodeConfig,
    pub(crate) clock: Clock,
    pub(crate) tasks: Tasks,
    pub(crate) keys: Keys,
    pub(crate) tls: NodeTls,
    pub(crate) telemetry: Arc<Telemetry>,
    hosted: Vec<&'static str>,
    memory: InMemory,
    grpc: SetOnce<Server>,
}

/// A process that holds its sockets and does not serve yet.
pub struct Process {
    shared: Arc<Shared>,
    incoming: Incoming,
    sockets: Sockets,
    locks: Locks,
}

struct Sockets {
    http: TcpListener,
    grpc: TcpListener,
    ops: TcpListener,
}

/// A process that serves.
pub struct Running {
    shared: Arc<Shared>,
    endpoints: Endpoints,
    locks: Locks,
}

/// Why a process did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A socket is taken.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// A key could not be had.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A certificate could not be had.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A file of the data directory could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Another process serves the same from this data directory.
    #[error("{noun} runs already on {}: stop that process, or choose another directory with --data", data_dir.display())]
    RunsAlready {
        /// Which service.
        noun: &'static str,
        /// Where.
        data_dir: PathBuf,
    },
    /// Two services of the process offer the same gRPC service.
    #[error("{service} is served by {first} and by {second}: one process can serve it once")]
    ServedTwice {
        /// The gRPC service.
        service: &'static str,
        /// Who came first.
        first: &'static str,
        /// Who came second.
        second: &'static str,
    },
}

impl Process {
    /// Opens the data directory and the sockets. `hosted` are the nouns that will be served here.
    pub async fn prepare(config: NodeConfig, clock: Clock, telemetry: Telemetry, hosted: &[&'static str]) -> Result<Process, StartError> {
        let locks = Locks::take(&config.data_dir, hosted)?;
        let identity = lock::identity(&config.data_dir)?;
        let (memory, incoming) = InMemory::pair();
        let shared = Shared {
            keys: Keys::open(&config.data_dir)?,
            tls: NodeTls::open(&config.data_dir, &config.node.id, &config.listen.names, clock.now())?,
            tasks: Tasks::new(),
            telemetry: Arc::new(telemetry),
            hosted: hosted.to_vec(),
            memory,
            grpc: SetOnce::new(),
            clock,
            config,
        };
        drop(identity);
        let listen = &shared.config.listen;
        let sockets =
            Sockets { http: bind("http", listen.http).await?, grpc: bind("grpc", listen.grpc).await?, ops: bind("ops", listen.ops).await? };
        Ok(Process { shared: Arc::new(shared), incoming, sockets, locks })
    }

    /// What a service is handed.
    pub fn runtime(&self, noun: &'static str) -> Runtime {
        Runtime::new(noun, self.shared.clone())
    }

    /// Where it will listen; the sign-in link is known when the services have started.
    pub fn endpoints(&self) -> Endpoints {
        Endpoints::of(&self.shared, &self.sockets)
    }

    /// Composes the services and accepts. `endpoints.json` is written last: whoever reads it finds a node that answers, and its token.
    pub async fn serve(self, services: Vec<Service>) -> Result<Running, StartError> {
        let mut endpoints = self.endpoints();
        endpoints.sign_in = services.iter().find_map(|s| s.sign_in.as_deref()).map(|path| format!("{}{path}", endpoints.http));
        let Process { shared, incoming, sockets, locks } = self;
        compose::serve(&shared, incoming, sockets, services).await?;
        if shared.is_gateway() {
            endpoints.write(&shared.config.data_dir)?;
        }
        Ok(Running { shared, endpoints, locks })
    }
}

impl Running {
    /// Where it listens.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// What a service would be handed: for whoever needs a client of the process that is running.
    pub fn runtime(&self, noun: &'static str) -> Runtime {
        Runtime::new(noun, self.shared.clone())
    }

    /// The order to stop: a signal handler requests it.
    pub fn shutdown(&self) -> Shutdown {
        self.shared.tasks.shutdown()
    }

    /// Waits until somebody requests the stop or a task that the process needs fails; then finishes what has begun, within
    /// `limits.drain_s`, and sends what telemetry has left.
    pub async fn stopped(self) -> Result<(), Unclean> {
        self.shutdown().requested().await;
        let ended = self.shared.tasks.drain(Duration::from_secs(self.shared.config.limits.drain_s)).await;
        self.shared.telemetry.flush().await;
        drop(self.locks);
        ended
    }

    /// Requests the stop and waits for it.
    pub async fn stop(self) -> Result<(), Unclean> {
        self.shutdown().request();
        self.stopped().await
    }
}

impl Shared {
    /// A channel to the service of a noun: in memory where it runs here, else to where the configuration says.
    pub(crate) fn channel(&self, noun: &str) -> Channel {
        match self.config.peers.get(noun) {
            _ if self.hosted.contains(&noun) => self.memory.channel(),
            Some(url) => self.channel_to(url).unwrap_or_else(|why| nowhere(format!("`peers.{noun}` {url:?}: {why}"))),
            None => nowhere(format!("{noun} does not run in this process, and `peers.{noun}` does not say where else")),
        }
    }

    /// Whether the service runs in another process of this node.
    pub(crate) fn is_elsewhere(&self, noun: &str) -> bool {
        !self.hosted.contains(&noun) && self.config.peers.contains_key(noun)
    }

    /// A process is the gateway of its node unless the configuration names another one.
    fn is_gateway(&self) -> bool {
        !self.is_elsewhere(GATEWAY)
    }

    /// Serves gRPC to the far end of a tunnel, from when the process serves until the tunnel closes.
    pub(crate) async fn serve_tunnel<I>(&self, io: I, peer: PeerNode) -> Result<(), TaskError>
    where
        I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.grpc.wait().await.serve(io, Some(peer)).await
    }

    fn channel_to(&self, url: &str) -> Result<Channel, tonic::transport::Error> {
        let tls = ClientTlsConfig::new()
            .ca_certificate(Certificate::from_pem(self.tls.ca_pem()))
            .identity(Identity::from_pem(self.tls.certificate_pem(), self.tls.key_pem()));
        let endpoint = Endpoint::from_shared(url.to_owned())?
            .connect_timeout(CONNECT_TIMEOUT)
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .http2_keep_alive_interval(PING_EVERY)
            .keep_alive_while_idle(true)
            .tls_config(tls)?;
        Ok(endpoint.connect_lazy())
    }
}

/// A channel whose every call fails and says why: a service may start before somebody configures whom it calls.
fn nowhere(why: String) -> Channel {
    let refuse = move |_: Uri| {
        let why = std::io::Error::new(std::io::ErrorKind::NotConnected, why.clone());
        async move { Err::<hyper_util::rt::TokioIo<tokio::io::DuplexStream>, _>(why) }
    };
    Endpoint::from_static("http://nowhere").connect_with_connector_lazy(tower::service_fn(refuse))
}
