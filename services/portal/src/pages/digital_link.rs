//! GS1 Digital Link: the address on a product is the address of its page. People get the page; machines that ask for
//! `application/linkset+json` get the links that there are (RFC 9264, with GS1's link types).
//!
//! Keys and qualifiers that are resolved: 01 with 10 and 21, 00, 414. Others of the standard lead to "no such page".

use std::sync::Arc;

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Uri, header};
use serde_json::json;
use tracemesh_codes::{Scheme, parse};

use crate::language::Language;
use crate::pages::choice::Choice;
use crate::pages::{failure, public};
use crate::portal::{Portal, Wire};

/// The domain under which GS1 itself writes Digital Links: a canonical form that the trace service reads.
const CANONICAL: &str = "https://id.gs1.org";
const LINKSET: &str = "application/linkset+json";

/// `GET` of a Digital Link. A key that fails its check is told as such: no record could ever carry it.
pub async fn resolve(State(portal): State<Arc<Portal>>, choice: Choice, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    let Some((scheme, key)) = key(uri.path()) else { return failure::not_found().await };
    if parse(scheme, "", key).is_err() {
        return public::bad_code(&portal, &choice, key).await;
    }
    if wants_linkset(&uri, &headers) {
        return linkset(&format!("{}{}", base(&portal, &headers), uri.path()));
    }
    // the path goes on as it was written: an escaped slash in a lot is not a slash
    let mut response = public::of_code(&portal, &choice, &format!("{CANONICAL}{}", uri.path())).await;
    if let Ok(link) = HeaderValue::try_from(format!(r#"<{}>; rel="linkset"; type="{LINKSET}""#, uri.path())) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// What the address names. Qualifiers stand in the order of the standard, each at most once.
fn key(path: &str) -> Option<(Scheme, &str)> {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let found = match parts.as_slice() {
        ["01", gtin] | ["01", gtin, "10" | "21", _] | ["01", gtin, "10", _, "21", _] => (Scheme::Gtin, *gtin),
        ["00", sscc] => (Scheme::Sscc, *sscc),
        ["414", gln] => (Scheme::Gln, *gln),
        _ => return None,
    };
    parts.iter().all(|part| !part.is_empty()).then_some(found)
}

fn wants_linkset(uri: &Uri, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(|accept| accept.contains(LINKSET));
    accepts || uri.query().is_some_and(|query| query.split('&').any(|pair| matches!(pair, "linkType=linkset" | "linkType=all")))
}

/// How the reader reached us, where the operator has not said it.
fn base(portal: &Portal, headers: &HeaderMap) -> String {
    let scheme = if portal.wire == Wire::Encrypted { "https" } else { "http" };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    if portal.public_url.is_empty() { format!("{scheme}://{host}") } else { portal.public_url.clone() }
}

/// One page in two languages: it is the default, and it is the one about traceability.
fn linkset(anchor: &str) -> Response {
    let link = json!({
        "href": anchor,
        "type": "text/html",
        "title": Language::Chinese.text().chain.steps,
        "title*": [{ "value": Language::English.text().chain.steps, "language": "en" }],
        "hreflang": Language::ALL.map(Language::tag),
    });
    let linkset = json!({
        "linkset": [{
            "anchor": anchor,
            "https://gs1.org/voc/defaultLink": [link],
            "https://gs1.org/voc/traceability": [link],
        }],
    });
    ([(header::CONTENT_TYPE, LINKSET), (header::VARY, "Accept")], linkset.to_string()).into_response()
}
