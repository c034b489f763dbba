//! gRPC inside one process: real HTTP/2 with serialised messages, over a pipe in memory instead of a socket.
//!
//! So one binary and seven deployments differ in nothing that a service could notice. The sending end exists before anything is served: a
//! call waits in the pipe until the process accepts. Each channel is a connection of its own, so that a reader who falls behind stops its
//! own flow and nobody else's.

use std::io;

use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tonic::transport::{Channel, Endpoint, Uri};

/// Bytes that a pipe holds in each direction before the writer waits.
const PIPE_BYTES: usize = 256 * 1024;
/// Connections that may wait to be accepted.
const BACKLOG: usize = 256;
/// What a stream may have sent before its reader has read it.
pub(crate) const STREAM_WINDOW_BYTES: u32 = 1 << 20;
/// The most that HTTP/2 knows: streams that are read slowly must never stop the others of their connection.
pub(crate) const CONNECTION_WINDOW_BYTES: u32 = (1 << 31) - 1;

/// The calling side: makes channels. Cheap to clone.
#[derive(Clone, Debug)]
pub struct InMemory(mpsc::Sender<DuplexStream>);

/// The serving side: connections to accept.
#[derive(Debug)]
pub struct Incoming(mpsc::Receiver<DuplexStream>);

impl InMemory {
    /// Both sides.
    pub fn pair() -> (InMemory, Incoming) {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        (InMemory(sender), Incoming(receiver))
    }

    /// A new channel, which connects at its first call.
    pub fn channel(&self) -> Channel {
        let sender = self.0.clone();
        Endpoint::from_static("http://in-memory")
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .connect_with_connector_lazy(tower::service_fn(move |_: Uri| connect(sender.clone())))
    }
}

impl Incoming {
    /// The next connection; `None` when nobody can call any more.
    pub async fn accept(&mut self) -> Option<DuplexStream> {
        self.0.recv().await
    }
}

async fn connect(sender: mpsc::Sender<DuplexStream>) -> io::Result<TokioIo<DuplexStream>> {
    let (near, far) = tokio::io::duplex(PIPE_BYTES);
    let stopped = |_| io::Error::new(io::ErrorKind::ConnectionRefused, "this process has stopped serving");
    sender.send(far).await.map_err(stopped)?;
    Ok(TokioIo::new(near))
}
