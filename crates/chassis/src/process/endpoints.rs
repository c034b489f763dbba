//! Where a node listens: the line that `up --json` prints, and the file that the command line finds it by.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use super::{Shared, Sockets};
use crate::private_file::{self, FileError};

/// The file in the data directory that says where the node listens.
pub const ENDPOINTS_FILE: &str = "endpoints.json";
/// The file in the data directory that holds the operator's token.
pub const OPERATOR_TOKEN_FILE: &str = "operator.token";

/// Where a node listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// The node's id.
    pub node: String,
    /// URL of the console, the public page and the JSON interface: `listen.public_url`, else where HTTP listens.
    pub http: String,
    /// URL of gRPC.
    pub grpc: String,
    /// URL of probes and metrics.
    pub ops: String,
    /// Path of the CA certificate that gRPC's certificate is signed with.
    pub ca: PathBuf,
    /// The one-time link that makes the first administrator, until it was used.
    pub sign_in: Option<String>,
}

impl Endpoints {
    /// Reads the file in a data directory; `None` where no node was ever started with it.
    pub fn read(data_dir: &Path) -> Result<Option<Endpoints>, FileError> {
        let path = data_dir.join(ENDPOINTS_FILE);
        let Some(text) = private_file::read(&path)? else { return Ok(None) };
        serde_json::from_str(&text).map(Some).map_err(|why| FileError { path, source: why.into() })
    }

    pub(super) fn of(shared: &Shared, sockets: &Sockets) -> Endpoints {
        let listen = &shared.config.listen;
        let https = listen.http_certificate.is_some();
        let http = match listen.public_url.trim_end_matches('/') {
            "" => url(if https { "https" } else { "http" }, &sockets.http, listen.http),
            public_url => public_url.to_owned(),
        };
        Endpoints {
            node: shared.config.node.id.clone(),
            http,
            grpc: url("https", &sockets.grpc, listen.grpc),
            ops: url("http", &sockets.ops, listen.ops),
            ca: std::path::absolute(shared.tls.ca_path()).unwrap_or_else(|_| shared.tls.ca_path().to_owned()),
            sign_in: None,
        }
    }

    /// Closed to others, as it may hold the sign-in link.
    pub(super) fn write(&self, data_dir: &Path) -> Result<(), FileError> {
        let path = data_dir.join(ENDPOINTS_FILE);
        let text = serde_json::to_string_pretty(self).map_err(|why| FileError { path: path.clone(), source: why.into() })?;
        private_file::replace(&path, &(text + "\n"))
    }
}

/// The address as this machine reaches it: a listener on every address answers on loopback too.
fn url(scheme: &str, socket: &TcpListener, asked: SocketAddr) -> String {
    let mut address = socket.local_addr().unwrap_or(asked);
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(IpAddr::from([127, 0, 0, 1])),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(std::net::Ipv6Addr::LOCALHOST.into()),
        _ => (),
    }
    format!("{scheme}://{address}")
}
