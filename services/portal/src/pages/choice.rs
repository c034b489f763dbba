//! How the reader wants to read: language and type size. `?lang=` and `?type=` in any address choose; the choice is remembered in a cookie,
//! and before any choice the browser's language counts.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Uri, header};

use crate::language::Language;
use crate::views::frame::with_parameter;

const YEAR_S: u32 = 31_536_000;

/// What the reader has chosen, and the address that the switches lead back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub language: Language,
    pub large: bool,
    /// Path and query of the request.
    pub address: String,
}

impl Choice {
    fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::from_accept);
        let chosen = |name: &str| parameter(uri, name).or_else(|| cookie(headers, name));
        Self {
            language: chosen("lang").and_then(Language::from_tag).or_else(accepted).unwrap_or_default(),
            large: chosen("type") == Some("large"),
            address: uri.path_and_query().map_or("/", |address| address.as_str()).to_owned(),
        }
    }

    /// This address in the other language.
    pub fn switch_language(&self) -> String {
        with_parameter(&self.address, "lang", self.language.other().tag())
    }

    /// This address in the other type size.
    pub fn switch_type(&self) -> String {
        with_parameter(&self.address, "type", if self.large { "normal" } else { "large" })
    }
}

impl<S: Sync> FromRequestParts<S> for Choice {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.uri, &parts.headers))
    }
}

/// Keeps for a year what the address chooses. Only values that we know are written back.
pub async fn remember(request: Request, next: Next) -> Response {
    let language = parameter(request.uri(), "lang").and_then(Language::from_tag).map(|language| ("lang", language.tag()));
    let size = parameter(request.uri(), "type").filter(|size| matches!(*size, "large" | "normal")).map(|size| ("type", size.to_owned()));
    let mut response = next.run(request).await;
    let chosen = language.map(|(name, tag)| (name, tag.to_owned())).into_iter().chain(size);
    for (name, value) in chosen {
        let cookie = format!("{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// A parameter of the address, as it is written there: ours need no unescaping.
fn parameter<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    uri.query()?.split('&').filter_map(|pair| pair.split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// A cookie's value.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(known, _)| *known == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(address: &'static str, headers: &[(http::HeaderName, &'static str)]) -> Choice {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        Choice::of(&Uri::from_static(address), &headers)
    }

    #[test]
    fn the_address_goes_before_the_cookie_and_the_cookie_before_the_browser() {
        let headers = [(header::COOKIE, "a=b; lang=zh-CN; type=large"), (header::ACCEPT_LANGUAGE, "en")];
        assert_eq!(choice("/", &headers).language, Language::Chinese);
        assert!(choice("/", &headers).large);
        assert_eq!(choice("/?lang=en", &headers).language, Language::English);
        assert_eq!(choice("/", &headers[1..]).language, Language::English);
        assert_eq!(choice("/?lang=xx", &[]).language, Language::Chinese);
    }

    #[test]
    fn switches_lead_back_to_the_same_page() {
        let choice = choice("/t/1?lang=en", &[]);
        assert_eq!(choice.switch_language(), "/t/1?lang=zh-CN");
        assert_eq!(choice.switch_type(), "/t/1?lang=en&type=large");
    }
}
