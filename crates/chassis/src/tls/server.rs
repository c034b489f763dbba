//! How listeners speak TLS.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use super::{TlsError, certificates, private_key};

/// gRPC: HTTP/2 only, client certificates optional and of this CA alone.
pub(super) fn grpc(ca: &CertificateDer<'static>, certificate_pem: &str, key_pem: &str) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(ca.clone()).map_err(setup)?;
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .allow_unauthenticated()
        .build()
        .map_err(|e| TlsError::Setup(e.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(setup)?
        .with_client_cert_verifier(clients)
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
