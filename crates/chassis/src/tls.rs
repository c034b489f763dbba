//! The node's own certificate authority and what it signs: the server certificate, and the certificates of child nodes for links.
//!
//! Everything is made at the first start in `identity/` of the data directory, so that no node ever listens without TLS and nobody has to
//! run a PKI for it. A client certificate names a node by the URI `tracemesh://node/ID` and says nothing about what that node may do: that
//! stands in the link's row. There is no revocation list: a link that is cut has no row, and its certificate opens nothing.

mod authority;
mod server;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use rcgen::KeyPair;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use self::authority::Authority;
use crate::private_file::{self, FileError};

pub use self::authority::{SigningRequest, node_of_certificate};
pub use self::server::{Clients, https};

/// The scheme and authority of the URI that names a node in its certificate.
const NODE_URI: &str = "tracemesh://node/";
/// The CA outlives every machine that it is made on; replacing it means enrolling every child anew.
const CA_DAYS: i32 = 20 * 365;
/// The node's own certificate is made anew at a start when less than a third of this is left.
const SERVER_DAYS: i32 = 825;
/// A link's certificate is renewed over the link long before.
const LINK_DAYS: i32 = 90;

/// Something about a key or certificate is wrong.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file holds something else than it should.
    #[error("{}: {why}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A signing request is not in order, or not signed with its own key.
    #[error("the certificate signing request cannot be used: {0}")]
    Request(String),
    /// The certificate could not be made.
    #[error("no certificate could be made: {0}")]
    Making(#[from] rcgen::Error),
    /// rustls refuses the configuration.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

/// The node's CA, and the certificate by which this node is known.
pub struct NodeTls {
    authority: Authority,
    ca_path: PathBuf,
    certificate_pem: String,
    key_pem: String,
    expires: Timestamp,
}

impl NodeTls {
    /// Opens `identity/` of the data directory and makes there what is missing or about to expire. `names` are the host names and addresses
    /// besides `localhost` by which others reach the node.
    pub fn open(data_dir: &Path, node: &str, names: &[String], now: Timestamp) -> Result<NodeTls, TlsError> {
        let folder = data_dir.join("identity");
        private_file::make_folder(&folder)?;
        let ca_path = folder.join("ca.pem");
        let authority = Authority::open(&ca_path, &folder.join("ca.key"), node, now)?;
        let (certificate_path, key_path) = (folder.join("node.pem"), folder.join("node.key"));
        let kept = (private_file::read(&certificate_path)?, private_file::read(&key_path)?);
        let (certificate_pem, key_pem) = match kept {
            (Some(certificate), Some(key)) if authority.still_good(&certificate, node, names, now) => (certificate, key),
            _ => {
                let key = KeyPair::generate()?;
                let certificate = authority.sign_server(&key, node, names, now)?;
                private_file::replace(&key_path, &key.serialize_pem())?;
                private_file::replace_public(&certificate_path, &certificate)?;
                (certificate, key.serialize_pem())
            }
        };
        let expires = authority::expires(&certificate_pem)
            .ok_or_else(|| TlsError::Content { path: certificate_path, why: "holds no certificate".into() })?;
        Ok(NodeTls { authority, ca_path, certificate_pem, key_pem, expires })
    }

    /// The CA certificate, PEM.
    pub fn ca_pem(&self) -> &str {
        self.authority.pem()
    }

    /// The file that holds it.
    pub fn ca_path(&self) -> &Path {
        &self.ca_path
    }

    /// SHA-256 of the CA certificate, hex: what an invitation pins.
    pub fn ca_fingerprint(&self) -> String {
        fingerprint(self.authority.der())
    }

    /// The node's certificate with its chain, PEM: also what this node shows as a client to the other services of the node.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// The key to it, PEM.
    pub fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// When the node's certificate expires.
    pub fn expires(&self) -> Timestamp {
        self.expires
    }

    /// Signs a child's request: a client certificate for `node`, valid for 90 days, PEM. Of the request only the key is used, whatever
    /// names it asks for.
    pub fn sign_link(&self, request_pem: &str, node: &str, now: Timestamp) -> Result<String, TlsError> {
        self.authority.sign_link(request_pem, node, now)
    }

    /// How the gRPC listener speaks TLS: HTTP/2 only. A client certificate must be signed by this CA.
    pub fn server_config(&self, clients: Clients) -> Result<rustls::ServerConfig, TlsError> {
        server::grpc(self.authority.der(), &self.certificate_pem, &self.key_pem, clients)
    }
}

/// SHA-256 of a certificate, hex.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    hex::encode(crate::keys::sha256(certificate))
}

/// The certificates of a PEM text.
pub fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err(TlsError::Setup("the text holds no certificate".into())),
        Err(why) => Err(TlsError::Setup(format!("a certificate is not PEM: {why}"))),
    }
}

/// The first private key of a PEM text.
pub fn private_key(pem: &str) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|why| TlsError::Setup(format!("no private key in PEM: {why}")))
}

fn day_after(now: Timestamp, days: i32) -> Date {
    let today = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    today.checked_add(jiff::Span::new().days(days)).unwrap_or(Date::MAX)
}
