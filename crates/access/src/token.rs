//! The principal as it travels between services: `base64url(claims).base64url(signature)`.
//!
//! The claims are a JSON text with the words of the contract and two times in Unix microseconds; the signature is Ed25519 over the encoded
//! claims as they stand, so that nothing has to be written again to be checked. A token lives minutes: long enough for one call and a
//! clock that runs a little apart, too short to be worth stealing. There is no list of revoked tokens and no choice of algorithm.
//!
//! Bytes that are not exactly what [`sign`] wrote are refused, down to the unused bits of the last base64 letter.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{Principal, PrincipalFault, Role, Scope};

/// Longest life of a token: five minutes.
pub const MAX_TTL_MICROS: i64 = 5 * 60 * 1_000_000;
/// How far the signer's clock may be ahead of the reader's: thirty seconds.
pub const MAX_SKEW_MICROS: i64 = 30 * 1_000_000;
/// Longest token, in bytes. Longer ones are refused before anything is decoded.
pub const MAX_TOKEN_BYTES: usize = 12 * 1024;

/// Why a token is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Longer than [`MAX_TOKEN_BYTES`].
    #[error("token of {0} bytes is longer than {MAX_TOKEN_BYTES}")]
    TooLong(usize),
    /// Not two base64url texts with a dot between them, or no claims inside.
    #[error("token is not of the form claims.signature")]
    Malformed,
    /// Not signed with this key, or changed afterwards.
    #[error("token is not signed by the node's key")]
    Signature,
    /// Issued in the future: the clocks of two machines are apart.
    #[error("token is {ahead_ms} ms ahead of this machine's clock")]
    NotYet {
        /// By how much.
        ahead_ms: i64,
    },
    /// Its time is over.
    #[error("token expired {late_ms} ms ago")]
    Expired {
        /// Since when.
        late_ms: i64,
    },
    /// Meant to live longer than [`MAX_TTL_MICROS`]: not made by [`sign`].
    #[error("token would live for {0} microseconds, longer than {MAX_TTL_MICROS}")]
    TooLongLived(i64),
    /// Well signed, and speaks of a principal that must not exist: two versions of this software disagree.
    #[error("token names a principal that must not exist: {}", texts(.0))]
    Principal(Vec<PrincipalFault>),
    /// Well signed, and names a role that this version does not know.
    #[error("token names the unknown role {0:?}")]
    Role(String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    name: String,
    roles: Vec<String>,
    areas: Vec<String>,
    categories: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    acting_for: Option<String>,
    issued_micros: i64,
    expires_micros: i64,
}

/// Signs a principal. It lives for `ttl_micros` from `now_micros` on, at most [`MAX_TTL_MICROS`].
pub fn sign(principal: &Principal, key: &SigningKey, now_micros: i64, ttl_micros: i64) -> String {
    let claims = Claims {
        name: principal.name().to_owned(),
        roles: principal.roles().iter().map(|role| role.as_str().to_owned()).collect(),
        areas: principal.areas().words(),
        categories: principal.categories().words(),
        acting_for: principal.acting_for().map(str::to_owned),
        issued_micros: now_micros,
        expires_micros: now_micros.saturating_add(ttl_micros.clamp(0, MAX_TTL_MICROS)),
    };
    let json = serde_json::to_vec(&claims).expect("texts and numbers are always JSON");
    let mut token = URL_SAFE_NO_PAD.encode(json);
    let signature = key.sign(token.as_bytes());
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature.to_bytes()));
    token
}

/// Checks a token and gives back whom it speaks of.
///
/// # Errors
/// The first thing that is wrong with it. The signature comes before all that is said inside.
pub fn verify(token: &str, key: &VerifyingKey, now_micros: i64) -> Result<Principal, TokenFault> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenFault::TooLong(token.len()));
    }
    let (encoded, signature) = token.split_once('.').ok_or(TokenFault::Malformed)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenFault::Malformed)?;
    let signature = Signature::from_slice(&signature).map_err(|_| TokenFault::Malformed)?;
    key.verify_strict(encoded.as_bytes(), &signature).map_err(|_| TokenFault::Signature)?;
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| TokenFault::Malformed)?;
    let claims: Claims = serde_json::from_slice(&json).map_err(|_| TokenFault::Malformed)?;
    claims.check_times(now_micros)?;
    claims.into_principal()
}

impl Claims {
    fn check_times(&self, now_micros: i64) -> Result<(), TokenFault> {
        let life = self.expires_micros.saturating_sub(self.issued_micros);
        let ahead = self.issued_micros.saturating_sub(now_micros);
        let late = now_micros.saturating_sub(self.expires_micros);
        if life > MAX_TTL_MICROS {
            Err(TokenFault::TooLongLived(life))
        } else if ahead > MAX_SKEW_MICROS {
            Err(TokenFault::NotYet { ahead_ms: ahead / 1000 })
        } else if late >= 0 {
            Err(TokenFault::Expired { late_ms: late / 1000 })
        } else {
            Ok(())
        }
    }

    fn into_principal(self) -> Result<Principal, TokenFault> {
        let roles: Vec<Role> =
            self.roles.iter().map(|word| word.parse()).collect::<Result<_, crate::UnknownRole>>().map_err(|e| TokenFault::Role(e.0))?;
        let (areas, categories) = (Scope::from_words(self.areas), Scope::from_words(self.categories));
        Principal::new(self.name, roles, areas, categories, self.acting_for).map_err(TokenFault::Principal)
    }
}

fn texts(faults: &[PrincipalFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Neighbour;

    const NOW: i64 = 1_900_000_000_000_000;
    const MINUTE: i64 = 60_000_000;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn verified(token: &str, now: i64) -> Result<Principal, TokenFault> {
        verify(token, &key().verifying_key(), now)
    }

    #[test]
    fn a_principal_comes_back_as_it_went() {
        let child = Principal::node("fj-xm", Neighbour::Child, Scope::from_words(["350200"]), Scope::from_words(["FOOD", "茶叶"])).unwrap();
        for principal in [child, Principal::public(), Principal::operator().on_behalf_of("acme").unwrap()] {
            let token = sign(&principal, &key(), NOW, MINUTE);
            assert_eq!(verified(&token, NOW + MINUTE - 1), Ok(principal));
        }
    }

    #[test]
    fn a_token_ends_and_does_not_begin_early() {
        let token = sign(&Principal::operator(), &key(), NOW, MINUTE);
        assert_eq!(verified(&token, NOW + MINUTE), Err(TokenFault::Expired { late_ms: 0 }));
        assert!(verified(&token, NOW - MAX_SKEW_MICROS).is_ok());
        assert_eq!(verified(&token, NOW - MAX_SKEW_MICROS - 1), Err(TokenFault::NotYet { ahead_ms: 30_000 }));
    }

    #[test]
    fn no_token_outlives_the_limit() {
        let token = sign(&Principal::operator(), &key(), NOW, i64::MAX);
        assert!(verified(&token, NOW + MAX_TTL_MICROS - 1).is_ok());
        assert!(verified(&token, NOW + MAX_TTL_MICROS).is_err());
    }

    #[test]
    fn another_key_signs_nothing_here() {
        let token = sign(&Principal::operator(), &SigningKey::from_bytes(&[8; 32]), NOW, MINUTE);
        assert_eq!(verified(&token, NOW), Err(TokenFault::Signature));
    }

    #[test]
    fn what_was_signed_elsewhere_is_still_checked() {
        let claims = r#"{"name":"user:li","roles":["AUDIT_ADMINISTRATOR","SECURITY_ADMINISTRATOR"],"areas":[],"categories":[],"issued_micros":0,"expires_micros":60000000}"#;
        let fault = verified(&signed(claims), 0).unwrap_err();
        assert!(matches!(&fault, TokenFault::Principal(faults) if faults.len() == 1), "{fault}");
        assert_eq!(verified(&signed(&claims.replace("60000000", "400000000")), 0), Err(TokenFault::TooLongLived(400_000_000)));
        assert_eq!(verified(&signed(&claims.replace("AUDIT", "AUDITING")), 0), Err(TokenFault::Role("AUDITING_ADMINISTRATOR".into())));
        assert_eq!(verified(&signed("{}"), 0), Err(TokenFault::Malformed));
    }

    #[test]
    fn the_longest_principal_still_fits() {
        let words = (0..400).map(|n| format!("{n:012}"));
        let principal = Principal::provider("acme", Scope::from_words(words), Scope::NOTHING).unwrap();
        let token = sign(&principal, &key(), NOW, MINUTE);
        assert!(token.len() <= MAX_TOKEN_BYTES, "{}", token.len());
        assert_eq!(verified(&token, NOW), Ok(principal));
        assert_eq!(verified(&"a".repeat(MAX_TOKEN_BYTES + 1), NOW), Err(TokenFault::TooLong(MAX_TOKEN_BYTES + 1)));
    }

    fn signed(claims: &str) -> String {
        let encoded = URL_SAFE_NO_PAD.encode(claims);
        let signature = key().sign(encoded.as_bytes());
        format!("{encoded}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    proptest! {
        #[test]
        fn any_changed_byte_is_refused(at in any::<prop::sample::Index>(), to in 0u8..128) {
            let token = sign(&Principal::operator(), &key(), NOW, MINUTE);
            let at = at.index(token.len());
            let bits = token.as_bytes()[at] ^ to;
            prop_assume!(bits != 0);
            prop_assert!(verified(&flip(&token, at, bits), NOW).is_err());
        }

        #[test]
        fn no_text_is_a_panic(text in ".{0,200}") {
            prop_assert!(verified(&text, NOW).is_err());
        }
    }

    #[test]
    fn no_byte_of_a_token_is_free() {
        let token = sign(&Principal::operator(), &key(), NOW, MINUTE);
        for at in 0..token.len() {
            let flipped = flip(&token, at, 1 << (at % 7));
            assert!(verified(&flipped, NOW).is_err(), "byte {at}");
        }
        let last = token.len() - 1;
        for bit in 0..7 {
            assert!(verified(&flip(&token, last, 1 << bit), NOW).is_err(), "bit {bit} of the last letter");
        }
    }

    fn flip(token: &str, at: usize, bits: u8) -> String {
        let mut bytes = token.to_owned().into_bytes();
        bytes[at] ^= bits;
        String::from_utf8(bytes).expect("ASCII stays ASCII")
    }
}
