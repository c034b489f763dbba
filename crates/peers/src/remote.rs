//! Other nodes: gRPC over TLS to whom we trust, and gRPC over any stream of bytes.
//!
//! Each [`Remote`] is one connection of its own. A link opens three of them, because entries that share a TCP connection wait for each other:
//! 32 seconds behind a full send buffer at 1 Mbit/s. A connection that breaks is dialled again at the next call.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Channel, Endpoint, Uri};
use tracemesh_chassis::tls::TlsError;

use crate::caller::{Caller, Credential};
use crate::clients::Clients;
use crate::trust::{Trust, client_config};

/// The port of gRPC where a URL names none.
const GRPC_PORT: u16 = 7400;
/// Dialling and the handshake together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A connection that says nothing for so long is asked whether it is still there, and has half as long to answer: middleboxes forget.
const PING_EVERY: Duration = Duration::from_secs(20);
/// HTTP/2 windows, those of the server.
const STREAM_WINDOW_BYTES: u32 = 2 << 20;
const CONNECTION_WINDOW_BYTES: u32 = 16 << 20;
/// Largest message in either direction.
const MESSAGE_BYTES: usize = 64 << 20;

/// The certificate by which we are known to another node.
#[derive(Clone)]
pub struct Identity {
    /// PEM, with its chain.
    pub certificate_pem: String,
    /// PEM.
    pub key_pem: String,
}

/// A connection to another node. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Remote {
    channel: Channel,
}

/// Why a node could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The address is none.
    #[error("{url:?} is no address of a node: https://HOST:PORT")]
    Url {
        /// What was given.
        url: String,
    },
    /// A CA, certificate or key of ours cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// Somebody answers and is not whom we trust.
    #[error("{url} is not to be trusted: {why}")]
    Untrusted {
        /// Whom we dialled.
        url: String,
        /// What was wrong with what it showed.
        why: String,
    },
    /// Nobody answers.
    #[error("{url} does not answer: {why}")]
    Away {
        /// Whom we dialled.
        url: String,
        /// How far we came.
        why: String,
    },
}

impl Remote {
    /// Dials a node and finishes the handshake.
    pub async fn connect(url: &str, trust: &Trust, identity: Option<&Identity>) -> Result<Remote, RemoteError> {
        let wrong = || RemoteError::Url { url: url.to_owned() };
        let address = Address::parse(url).ok_or_else(wrong)?;
        let connector = TlsConnector::from(Arc::new(client_config(trust, identity)?));
        let origin = address.origin.clone();
        // the scheme is plain, as TLS is done by the connector
        let endpoint = endpoint(Endpoint::from_shared(format!("http://{}", address.authority)).map_err(|_| wrong())?.origin(origin));
        let dial = move |_: Uri| dial(address.clone(), connector.clone());
        let channel = endpoint.connect_with_connector(tower::service_fn(dial)).await.map_err(|why| refused(url, &why))?;
        Ok(Remote { channel })
    }

    /// gRPC over a stream of bytes that was made by other means: the parent's end of a tunnel. When it breaks, every call fails.
    pub fn over<I>(io: I) -> Remote
    where
        I: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let once = Arc::new(Mutex::new(Some(TokioIo::new(io))));
        let take = move |_: Uri| {
            let io = once.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move { io.ok_or_else(|| io::Error::new(io::ErrorKind::NotConnected, "the tunnel has closed")) }
        };
        let channel = endpoint(Endpoint::from_static("http://tunnel")).connect_with_connector_lazy(tower::service_fn(take));
        Remote { channel }
    }

    /// Clients that show no token: the connection's certificate says who we are.
    pub fn clients(&self) -> Clients {
        self.with(Credential::Nothing)
    }

    /// Clients that show this token.
    pub fn clients_with_token(&self, token: &str) -> Clients {
        self.with(Credential::Token(token.trim().into()))
    }

    fn with(&self, credential: Credential) -> Clients {
        let channel = self.channel.clone();
        Clients::new(MESSAGE_BYTES, move |_| Caller::new(channel.clone(), credential.clone()))
    }
}

#[derive(Clone)]
struct Address {
    authority: String,
    origin: Uri,
    name: ServerName<'static>,
}

impl Address {
    fn parse(url: &str) -> Option<Address> {
        let origin: Uri = url.parse().ok()?;
        let host = origin.host().filter(|_| origin.scheme_str() == Some("https"))?.to_owned();
        let authority = format!("{host}:{}", origin.port_u16().unwrap_or(GRPC_PORT));
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).ok()?;
        Some(Address { authority, origin, name })
    }
}

async fn dial(address: Address, connector: TlsConnector) -> io::Result<TokioIo<TlsStream<TcpStream>>> {
    let dialled = async {
        let stream = TcpStream::connect(&address.authority).await?;
        stream.set_nodelay(true)?;
        connector.connect(address.name, stream).await
    };
    let late = || io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {} s", CONNECT_TIMEOUT.as_secs()));
    Ok(TokioIo::new(tokio::time::timeout(CONNECT_TIMEOUT, dialled).await.map_err(|_| late())??))
}

fn endpoint(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_EVERY / 2)
        .keep_alive_while_idle(true)
}

/// Says the innermost cause, which is the one that somebody can act on.
fn refused(url: &str, error: &tonic::transport::Error) -> RemoteError {
    let mut why = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        why = error.to_string();
        let inside = error.downcast_ref::<io::Error>().and_then(|io| io.get_ref()).and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if inside.or_else(|| error.downcast_ref::<rustls::Error>()).is_some_and(is_about_certificates) {
            return RemoteError::Untrusted { url: url.to_owned(), why };
        }
        cause = error.source();
    }
    RemoteError::Away { url: url.to_owned(), why }
}

fn is_about_certificates(error: &rustls::Error) -> bool {
    matches!(error, rustls::Error::InvalidCertificate(_) | rustls::Error::General(_) | rustls::Error::AlertReceived(_))
}
