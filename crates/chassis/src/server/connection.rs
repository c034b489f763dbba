//! One connection from its first byte to its last, whatever it runs over: TCP, TLS, a pipe in memory, a tunnel.

use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::ServiceExt;

use super::Wire;
use crate::auth::PeerNode;
use crate::config::LimitsConfig;
use crate::tasks::{TaskError, Tasks};

/// HTTP/2 windows: a stream's holds journal blocks for 100 ms of distance at 20 MB/s, a connection's those of eight such streams.
const STREAM_WINDOW_BYTES: u32 = 2 << 20;
const CONNECTION_WINDOW_BYTES: u32 = 16 << 20;
/// A connection that says nothing for so long is asked whether it is still there, and has as long again to answer.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long a client may take to send the head of a request over HTTP/1.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);

/// Serves a connection until the far side closes it, or until the shutdown: then calls that have begun are finished and no new ones taken.
pub(super) async fn serve<I>(
    io: I,
    peer: Option<PeerNode>,
    router: Router,
    wire: Wire,
    limits: &LimitsConfig,
    tasks: &Tasks,
) -> Result<(), TaskError>
where
    I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let with_peer = router.map_request(move |mut request: http::Request<Incoming>| {
        if let Some(peer) = &peer {
            request.extensions_mut().insert(peer.clone());
        }
        request
    });
    let builder = builder(wire, limits, tasks.clone());
    let connection = builder.serve_connection(TokioIo::new(io), TowerToHyperService::new(with_peer));
    let mut connection = std::pin::pin!(connection);
    let shutdown = tasks.shutdown();
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = shutdown.requested() => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}

fn builder(wire: Wire, limits: &LimitsConfig, tasks: Tasks) -> auto::Builder<Tasks> {
    let mut builder = auto::Builder::new(tasks);
    if wire == Wire::Grpc {
        builder = builder.http2_only();
    }
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_concurrent_streams(limits.streams_per_connection)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_EVERY);
    builder
}
