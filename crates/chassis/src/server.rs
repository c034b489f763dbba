//! Listeners and what stands between a socket and a handler.
//!
//! Three listeners: gRPC over TLS, HTTP, and probes with metrics; and a fourth without a socket, for the services of one process. Each takes
//! its socket and its tasks as arguments, so that a test starts exactly what production starts. A request passes from top to bottom:
//!
//! ```text
//! accept (limit of connections) → TLS → connection (HTTP/2, pings, drain) → stack (trace, shedding, deadline, access, panics) → handler
//! ```
//!
//! tonic's own server is not used: its timeout stands outside every layer and answers Cancelled, and it cannot serve a tunnel.

mod body;
mod connection;
mod deadline;
pub mod memory;
pub(crate) mod observe;
pub mod ops;
pub(crate) mod stack;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;

pub use self::deadline::is_stream;
use self::memory::Incoming;
use crate::auth::{PeerNode, Side};
use crate::config::LimitsConfig;
use crate::tasks::{Backoff, OnFailure, TaskError, Tasks};
use crate::tls;

/// A handshake that takes longer is somebody who only holds the connection.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);

/// What a listener speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// HTTP/2 alone.
    Grpc,
    /// HTTP/1 and HTTP/2.
    Http,
}

/// A router with what serving it needs. Cheap to clone.
#[derive(Clone)]
pub struct Server {
    router: Router,
    wire: Wire,
    limits: Arc<LimitsConfig>,
    tasks: Tasks,
    connections: Arc<Semaphore>,
}

/// A socket could not be had.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address} for {what}: {source}; choose another with `listen.{what}` (port 0 picks a free one)")]
pub struct BindError {
    /// `http`, `grpc` or `ops`.
    pub what: &'static str,
    /// The address that was asked for.
    pub address: SocketAddr,
    /// Why not.
    pub source: io::Error,
}

/// Opens a socket; with port 0 the system picks a free one.
pub async fn bind(what: &'static str, address: SocketAddr) -> Result<TcpListener, BindError> {
    TcpListener::bind(address).await.map_err(|source| BindError { what, address, source })
}

impl Server {
    /// A server that is not yet serving.
    pub fn new(router: Router, wire: Wire, limits: LimitsConfig, tasks: Tasks) -> Server {
        let connections = Arc::new(Semaphore::new(limits.connections));
        Server { router, wire, limits: Arc::new(limits), tasks, connections }
    }

    /// Accepts from a socket until the shutdown, over TLS where a configuration for it is given. `name` is the task's.
    pub fn listen(&self, name: &'static str, listener: TcpListener, tls: Option<Arc<rustls::ServerConfig>>) {
        let (server, listener) = (self.clone(), Arc::new(listener));
        let tls = tls.map(TlsAcceptor::from);
        self.tasks.spawn(name, OnFailure::StopProcess, move |shutdown| {
            let (server, listener, tls) = (server.clone(), listener.clone(), tls.clone());
            async move {
                tokio::select! {
                    () = shutdown.requested() => Ok(()),
                    never = server.accept(&listener, tls) => never,
                }
            }
        });
    }

    /// Accepts from memory until the shutdown.
    pub fn listen_in_memory(&self, name: &'static str, incoming: Incoming) {
        let server = self.clone();
        let incoming = Arc::new(tokio::sync::Mutex::new(incoming));
        self.tasks.spawn(name, OnFailure::Restart(Backoff::default()), move |shutdown| {
            let (server, incoming) = (server.clone(), incoming.clone());
            async move {
                let mut incoming = incoming.lock().await;
                loop {
                    tokio::select! {
                        () = shutdown.requested() => return Ok(()),
                        accepted = incoming.accept() => match accepted {
                            Some(io) => server.connection(io, None, None),
                            None => return Ok(()),
                        },
                    }
                }
            }
        });
    }

    /// Serves one connection that was made by other means, until it closes.
    pub async fn serve<I>(&self, io: I, peer: Option<PeerNode>) -> Result<(), TaskError>
    where
        I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        connection::serve(io, peer, self.router.clone(), self.wire, &self.limits, &self.tasks).await
    }

    async fn accept(&self, listener: &TcpListener, tls: Option<TlsAcceptor>) -> Result<(), TaskError> {
        loop {
            let permit = self.connections.clone().acquire_owned().await?;
            let stream = match listener.accept().await {
                Ok((stream, _)) => stream,
                Err(why) => {
                    // out of file descriptors, or a client that left: neither ends the listener, and the first takes a moment to pass
                    tracing::warn!(%why, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            };
            let _ = stream.set_nodelay(true);
            match tls.clone() {
                None => self.connection(stream, None, Some(permit)),
                Some(tls) => self.handshake(stream, tls, permit),
            }
        }
    }

    fn handshake(&self, stream: TcpStream, tls: TlsAcceptor, permit: OwnedSemaphorePermit) {
        let server = self.clone();
        self.tasks.once("tls connection", async move {
            let stream = tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)).await??;
            let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let peer = certificate.and_then(|certificate| {
                let fingerprint = tls::fingerprint(certificate);
                tls::node_of_certificate(certificate).map(|id| PeerNode { id, fingerprint, side: Side::Below })
            });
            let _permit = permit;
            server.serve(stream, peer).await
        });
    }

    fn connection<I>(&self, io: I, peer: Option<PeerNode>, permit: Option<OwnedSemaphorePermit>)
    where
        I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let server = self.clone();
        self.tasks.once("connection", async move {
            let _permit = permit;
            server.serve(io, peer).await
        });
    }
}
