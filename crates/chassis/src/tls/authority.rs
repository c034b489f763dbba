//! The CA itself: opened or made, and its three kinds of signature.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::path::Path;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{CA_DAYS, LINK_DAYS, NODE_URI, SERVER_DAYS, TlsError, certificates, day_after};
use crate::private_file;

const SECONDS_PER_DAY: i64 = 86_400;

/// A CA with its key.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

/// What a child makes to be enrolled: the key stays, the request travels.
pub struct SigningRequest {
    /// PEM; the private key.
    pub key_pem: String,
    /// PEM; the signing request.
    pub request_pem: String,
}

impl SigningRequest {
    /// A new key and a request for it.
    pub fn new(node: &str) -> Result<SigningRequest, TlsError> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, node);
        let request = params.serialize_request(&key)?;
        Ok(SigningRequest { key_pem: key.serialize_pem(), request_pem: request.pem()? })
    }
}

impl Authority {
    pub(super) fn open(ca_path: &Path, key_path: &Path, node: &str, now: Timestamp) -> Result<Authority, TlsError> {
        let content = |path: &Path, why: String| TlsError::Content { path: path.to_owned(), why };
        let (pem, key) = match (private_file::read(ca_path)?, private_file::read(key_path)?) {
            (Some(pem), Some(key)) => (pem, KeyPair::from_pem(&key).map_err(|e| content(key_path, e.to_string()))?),
            (Some(_), None) => return Err(content(key_path, "is missing, while the CA certificate beside it is there".into())),
            (None, _) => make(ca_path, key_path, node, now)?,
        };
        let der = certificates(&pem).map_err(|e| content(ca_path, e.to_string()))?.remove(0);
        let issuer = Issuer::from_ca_cert_der(&der, key).map_err(|e| content(ca_path, e.to_string()))?;
        Ok(Authority { issuer, pem, der })
    }

    pub(super) fn pem(&self) -> &str {
        &self.pem
    }

    pub(super) fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// The node's own certificate followed by the CA, so that whoever pinned the CA alone finds it in the handshake.
    pub(super) fn sign_server(&self, key: &KeyPair, node: &str, names: &[String], now: Timestamp) -> Result<String, TlsError> {
        let mut params = valid(named(node, names)?, now, SERVER_DAYS);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        Ok(params.signed_by(key, &self.issuer)?.pem() + &self.pem)
    }

    pub(super) fn sign_link(&self, request_pem: &str, node: &str, now: Timestamp) -> Result<String, TlsError> {
        let mut request = CertificateSigningRequestParams::from_pem(request_pem).map_err(|why| TlsError::Request(why.to_string()))?;
        request.params = valid(CertificateParams::default(), now, LINK_DAYS);
        request.params.distinguished_name.push(DnType::CommonName, node);
        request.params.subject_alt_names = vec![node_uri(node)?];
        request.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        Ok(request.signed_by(&self.issuer)?.pem())
    }

    /// Whether a kept certificate is of this CA, has exactly these names, and a third of its time left.
    pub(super) fn still_good(&self, pem: &str, node: &str, names: &[String], now: Timestamp) -> bool {
        let Ok(chain) = certificates(pem) else { return false };
        let Ok((_, leaf)) = X509Certificate::from_der(&chain[0]) else { return false };
        let third = i64::from(SERVER_DAYS) * SECONDS_PER_DAY / 3;
        chain.get(1) == Some(&self.der)
            && node_of_certificate(&chain[0]).as_deref() == Some(node)
            && names_of(&leaf) == server_names(names)
            && now.as_second() + third < leaf.validity().not_after.timestamp()
    }
}

/// The node that a certificate names.
pub fn node_of_certificate(certificate: &CertificateDer<'_>) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let names = &certificate.subject_alternative_name().ok()??.value.general_names;
    names.iter().find_map(|name| match name {
        GeneralName::URI(uri) => uri.strip_prefix(NODE_URI).map(str::to_owned),
        _ => None,
    })
}

/// When the first certificate of the text expires.
pub(super) fn expires(pem: &str) -> Option<Timestamp> {
    let chain = certificates(pem).ok()?;
    let (_, leaf) = X509Certificate::from_der(&chain[0]).ok()?;
    Timestamp::from_second(leaf.validity().not_after.timestamp()).ok()
}

fn make(ca_path: &Path, key_path: &Path, node: &str, now: Timestamp) -> Result<(String, KeyPair), TlsError> {
    let key = KeyPair::generate()?;
    let mut params = valid(CertificateParams::default(), now, CA_DAYS);
    params.distinguished_name.push(DnType::CommonName, format!("tracemesh node {node} CA"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    let pem = params.self_signed(&key)?.pem();
    // the key first: a certificate without its key would stop every later start
    private_file::replace(key_path, &key.serialize_pem())?;
    private_file::replace_public(ca_path, &pem)?;
    Ok((pem, key))
}

fn named(node: &str, names: &[String]) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::new(server_names(names).into_iter().collect::<Vec<_>>())?;
    params.subject_alt_names.push(node_uri(node)?);
    params.distinguished_name.push(DnType::CommonName, node);
    Ok(params)
}

/// This machine's own names, and those by which others reach it.
fn server_names(names: &[String]) -> BTreeSet<String> {
    ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into_iter().chain(names.iter().cloned()).collect()
}

fn node_uri(node: &str) -> Result<SanType, TlsError> {
    Ok(SanType::URI(format!("{NODE_URI}{node}").try_into()?))
}

/// From yesterday, as clocks differ, for so many days; leaves sign nothing.
fn valid(mut params: CertificateParams, now: Timestamp, days: i32) -> CertificateParams {
    let at = |date: jiff::civil::Date| date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    params.not_before = at(day_after(now, -1));
    params.not_after = at(day_after(now, days));
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params
}

/// The DNS names and addresses of a certificate, as text.
fn names_of(certificate: &X509Certificate<'_>) -> BTreeSet<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return BTreeSet::new() };
    let text = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    };
    names.value.general_names.iter().filter_map(text).collect()
}

fn address(bytes: &[u8]) -> Option<String> {
    let v4 = <[u8; 4]>::try_from(bytes).map(|b| IpAddr::from(b).to_string());
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(|b| IpAddr::from(b).to_string())).ok()
}
