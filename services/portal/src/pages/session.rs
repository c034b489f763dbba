//! Who is signed in. The browser holds one cookie that only this host, over the same site, gets to see; the registry says whose it is, on
//! every request: a session that was ended or has run out opens nothing a moment later.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use tracemesh_access::Principal;

use crate::error::Trouble;
use crate::pages::choice::{Choice, cookie};
use crate::pages::failure::{self, Notice};
use crate::portal::{Portal, Wire};

const NAME: &str = "tracemesh_session";
/// The registry ends sessions after 12 hours; so does the browser.
const MAX_AGE_S: u32 = 43_200;
/// Longest session that is asked about, in bytes.
const MAX_SESSION_BYTES: usize = 256;

/// A person who is signed in. As an argument of a handler it turns everybody else away, with a page that says how to sign in.
#[derive(Debug)]
pub struct SignedIn(pub Principal);

impl FromRequestParts<Arc<Portal>> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Arc<Portal>) -> Result<Self, Response> {
        let Ok(choice) = Choice::from_request_parts(parts, portal).await;
        match principal(portal, &parts.headers).await {
            Ok(principal) => Ok(Self(principal)),
            Err(Trouble::NotSignedIn) => Err(turned_away(portal, &choice).await),
            Err(trouble) => Err(failure::trouble(portal, &choice, &trouble).await),
        }
    }
}

/// Whose request it is; `NotSignedIn` without a session that holds.
pub async fn principal(portal: &Portal, headers: &HeaderMap) -> Result<Principal, Trouble> {
    let session = of(headers).ok_or(Trouble::NotSignedIn)?;
    match portal.sources.session(session.to_owned()).await {
        Err(Trouble::NotFound) => Err(Trouble::NotSignedIn),
        answer => answer,
    }
}

/// The session that the request carries.
pub fn of(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, NAME).filter(|session| !session.is_empty() && session.len() <= MAX_SESSION_BYTES)
}

/// The cookie that begins a session. None for a session that no cookie can hold.
pub fn begin(session: &str, wire: Wire) -> Option<HeaderValue> {
    let is_plain = session.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'"' | b'\\'));
    if is_plain { set(session, MAX_AGE_S, wire) } else { None }
}

/// The cookie that ends it.
pub fn end(wire: Wire) -> Option<HeaderValue> {
    set("", 0, wire)
}

fn set(value: &str, max_age_s: u32, wire: Wire) -> Option<HeaderValue> {
    let secure = if wire == Wire::Encrypted { "; Secure" } else { "" };
    HeaderValue::try_from(format!("{NAME}={value}; Path=/console; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}")).ok()
}

async fn turned_away(portal: &Portal, choice: &Choice) -> Response {
    let text = choice.language.text();
    let notice = Notice::new(text.sign_in.needed, vec![text.sign_in.needed_why, text.sign_in.how], text);
    failure::notice(portal, choice, http::StatusCode::UNAUTHORIZED, notice).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_out_of_reach_of_scripts_and_of_other_sites() {
        let cookie = begin("abc", Wire::Encrypted).expect("a plain session");
        assert_eq!(cookie, "tracemesh_session=abc; Path=/console; Max-Age=43200; HttpOnly; SameSite=Strict; Secure");
        assert!(begin("a; Path=/", Wire::Plain).is_none());
    }
}
