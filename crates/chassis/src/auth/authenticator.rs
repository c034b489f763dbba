//! From what a caller shows to the principal that it is.

use std::sync::Arc;

use ed25519_dalek::VerifyingKey;
use http::{HeaderMap, header};
use tracemesh_access::token::{self, TokenFault};
use tracemesh_access::{Principal, Role};

use super::{Answer, Credential, CredentialSource, PeerNode, Token};
use crate::clock::Clock;
use crate::error::{Error, ErrorCode};

/// Asks everybody who might know a caller, in order: the node's own signature, the operator's token, the services' sources.
pub struct Authenticator {
    signed_by: VerifyingKey,
    operator_sha256: Option<[u8; 32]>,
    clock: Clock,
    sources: Vec<Arc<dyn CredentialSource>>,
}

impl Authenticator {
    /// `signed_by` is the key of principals on their way between services; `operator_sha256` that of the operator's token, where it is valid.
    pub fn new(
        signed_by: VerifyingKey,
        operator_sha256: Option<[u8; 32]>,
        clock: Clock,
        sources: Vec<Arc<dyn CredentialSource>>,
    ) -> Authenticator {
        Authenticator { signed_by, operator_sha256, clock, sources }
    }

    /// Whether anybody could call gRPC from outside of the node and be known.
    pub fn knows_outsiders(&self) -> bool {
        self.operator_sha256.is_some() || self.sources.iter().any(|source| source.comes_from_outside())
    }

    /// Who is calling. A token goes before the connection's certificate: it says more exactly who asks.
    ///
    /// # Errors
    /// UNAUTHENTICATED for something that nobody knows, and whatever a source refuses with.
    pub async fn principal(&self, headers: &HeaderMap, peer: Option<&PeerNode>) -> Result<Principal, Error> {
        self.known(headers, peer).await?.ok_or_else(|| TokenFault::Malformed.into())
    }

    /// The same; `None` for a token that nobody here knows, and another process of the node might.
    pub(crate) async fn known(&self, headers: &HeaderMap, peer: Option<&PeerNode>) -> Result<Option<Principal>, Error> {
        match (bearer(headers)?, peer) {
            (Some(token), _) => self.of_token(token).await,
            (None, Some(node)) => {
                let unknown = || Error::new(ErrorCode::Unauthenticated, "error.access.certificate_unknown");
                self.of_sources(Credential::Node(node.clone())).await?.ok_or_else(unknown).map(Some)
            }
            (None, None) => Ok(Some(Principal::public())),
        }
    }

    async fn of_token(&self, token: Token) -> Result<Option<Principal>, Error> {
        match token::verify(token.text(), &self.signed_by, self.clock.now_micros()) {
            Ok(principal) => return Ok(Some(principal)),
            Err(TokenFault::Malformed) => (),
            Err(fault) => return Err(fault.into()),
        }
        if self.operator_sha256 == Some(token.sha256()) {
            return Ok(Some(Principal::operator()));
        }
        self.of_sources(Credential::Token(token)).await
    }

    async fn of_sources(&self, shown: Credential) -> Result<Option<Principal>, Error> {
        for source in &self.sources {
            match source.who(&shown).await {
                Answer::Unknown => (),
                Answer::Known(principal) => return outsider(principal).map(Some),
                Answer::Refused(why) => return Err(why),
            }
        }
        Ok(None)
    }
}

/// No token or certificate from outside makes a service of this node: that takes the node's own signature.
fn outsider(principal: Principal) -> Result<Principal, Error> {
    if principal.has(Role::Service) {
        return Err(Error::internal(format!("a credential source answered with {principal}, which only a signed token may be")));
    }
    Ok(principal)
}

fn bearer(headers: &HeaderMap) -> Result<Option<Token>, Error> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().ok().and_then(|text| text.split_once(' '));
    match text {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(Token::new(token.trim()))),
        _ => Err(TokenFault::Malformed.into()),
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use tracemesh_access::Scope;

    use super::*;
    use crate::auth::Side;
    use crate::keys::sha256;

    const NOW: i64 = 1_900_000_000_000_000;

    struct Acme;

    #[tonic::async_trait]
    impl CredentialSource for Acme {
        async fn who(&self, shown: &Credential) -> Answer {
            match shown {
                Credential::Token(token) if token.sha256() == sha256(b"acme") => {
                    Answer::Known(Principal::provider("acme", Scope::NOTHING, Scope::Everything).unwrap())
                }
                Credential::Token(token) if token.text() == "suspended" => {
                    Answer::Refused(Error::new(ErrorCode::PermissionDenied, "error.provider.suspended").with("id", "acme"))
                }
                Credential::Token(token) if token.text() == "impostor" => Answer::Known(Principal::service("registry")),
                _ => Answer::Unknown,
            }
        }
    }

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    async fn ask(authorization: Option<&str>, peer: Option<&PeerNode>) -> Result<String, (ErrorCode, &'static str)> {
        let authenticator =
            Authenticator::new(key().verifying_key(), Some(sha256(b"operator's")), Clock::manual(NOW), vec![Arc::new(Acme)]);
        let headers: HeaderMap = authorization.map(|value| (header::AUTHORIZATION, value.parse().unwrap())).into_iter().collect();
        let principal = authenticator.principal(&headers, peer).await;
        principal.map(|p| p.to_string()).map_err(|e| (e.code(), e.reason()))
    }

    #[tokio::test]
    async fn each_kind_of_caller_is_known_by_what_it_shows() {
        let signed = token::sign(&Principal::service("quality"), &key(), NOW, 60_000_000);
        assert_eq!(ask(Some(&format!("Bearer {signed}")), None).await.unwrap(), "service:quality");
        assert_eq!(ask(Some("Bearer operator's"), None).await.unwrap(), "operator");
        assert_eq!(ask(Some("bearer acme"), None).await.unwrap(), "provider:acme");
        assert_eq!(ask(None, None).await.unwrap(), "public");
    }

    #[tokio::test]
    async fn what_nobody_knows_is_never_silently_the_public() {
        let stranger = PeerNode { id: "xm".into(), fingerprint: "00".into(), side: Side::Below };
        let invalid = Err((ErrorCode::Unauthenticated, "error.access.token_invalid"));
        assert_eq!(ask(Some("Bearer nonsense"), None).await, invalid);
        assert_eq!(ask(Some("Basic YTpi"), None).await, invalid);
        assert_eq!(ask(None, Some(&stranger)).await, Err((ErrorCode::Unauthenticated, "error.access.certificate_unknown")));
    }

    #[tokio::test]
    async fn a_token_of_another_key_or_of_yesterday_is_refused() {
        let other = token::sign(&Principal::operator(), &SigningKey::from_bytes(&[8; 32]), NOW, 60_000_000);
        assert_eq!(ask(Some(&format!("Bearer {other}")), None).await.unwrap_err().1, "error.access.token_invalid");
        let old = token::sign(&Principal::operator(), &key(), NOW - 120_000_000, 60_000_000);
        assert_eq!(ask(Some(&format!("Bearer {old}")), None).await.unwrap_err().1, "error.access.token_expired");
    }

    #[tokio::test]
    async fn a_source_may_refuse_and_may_not_make_services() {
        assert_eq!(ask(Some("Bearer suspended"), None).await.unwrap_err().1, "error.provider.suspended");
        assert_eq!(ask(Some("Bearer impostor"), None).await.unwrap_err().0, ErrorCode::Internal);
    }
}
