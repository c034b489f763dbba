//! Whom to believe that it is the node: its CA, or the CA's fingerprint from an invitation.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tracemesh_chassis::tls::{TlsError, certificates, fingerprint, private_key};

use crate::Identity;

/// Whom to believe that it is the node.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Whoever shows a certificate of this CA (PEM).
    Ca(String),
    /// Whoever shows a chain up to the CA with this SHA-256 fingerprint (hex): for joining, before the CA itself is known.
    Fingerprint(String),
}

/// How a client speaks TLS to a node: HTTP/2 only, and with our certificate where we have one.
pub(crate) fn client_config(trust: &Trust, identity: Option<&Identity>) -> Result<ClientConfig, TlsError> {
    let setup = |why: rustls::Error| TlsError::Setup(why.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().map_err(setup)?;
    let builder = match trust {
        Trust::Ca(pem) => builder.with_root_certificates(roots(certificates(pem)?).map_err(setup)?),
        Trust::Fingerprint(pin) => {
            let pinned = Pinned { fingerprint: pin.to_ascii_lowercase(), provider };
            builder.dangerous().with_custom_certificate_verifier(Arc::new(pinned))
        }
    };
    let mut config = match identity {
        Some(own) => builder.with_client_auth_cert(certificates(&own.certificate_pem)?, private_key(&own.key_pem)?).map_err(setup)?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

/// Believes in the one CA that has the fingerprint, and then checks everything that is checked with a CA that is known beforehand.
#[derive(Debug)]
struct Pinned {
    fingerprint: String,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let ca = chain.iter().find(|certificate| fingerprint(certificate) == self.fingerprint);
        let ca =
            ca.ok_or_else(|| rustls::Error::General(format!("the node does not show the CA with the fingerprint {}", self.fingerprint)))?;
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots([ca.clone().into_owned()])?), self.provider.clone())
            .build()
            .map_err(|why| rustls::Error::General(why.to_string()))?
            .verify_server_cert(leaf, chain, name, ocsp, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn roots(authorities: impl IntoIterator<Item = CertificateDer<'static>>) -> Result<RootCertStore, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority)?;
    }
    Ok(roots)
}
