//! How listeners speak TLS.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use super::{TlsError, certificates, private_key};

/// Who may finish a handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clients {
    /// Also who shows no certificate: a token will say who it is, or nothing does.
    WithOrWithout,
    /// Who shows a certificate of this node's CA: in a process that nobody else has to reach.
    Certified,
}

/// gRPC: HTTP/2 only, client certificates of this CA alone.
pub(super) fn grpc(ca: &CertificateDer<'static>, certificate_pem: &str, key_pem: &str, clients: Clients) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone()).map_err(setup)?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let verifier = match clients {
        Clients::WithOrWithout => verifier.allow_unauthenticated(),
        Clients::Certified => verifier,
    };
    let verifier = verifier.build().map_err(|e| TlsError::Setup(e.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(setup)?
        .with_client_cert_verifier(verifier)
        .with_single_cert(certificates(certificate_pem)?, private_key(key_pem)?)
        .map_err(setup)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// HTTPS with a certificate that the operator brings: browsers come, so no client certificates.
pub fn https(certificate_pem: &str, key_pem: &str) -> Result<ServerConfig, TlsError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(setup)?
        .with_no_client_auth()
        .with_single_cert(certificates(certificate_pem)?, private_key(key_pem)?)
        .map_err(setup)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn setup(error: rustls::Error) -> TlsError {
    TlsError::Setup(error.to_string())
}
