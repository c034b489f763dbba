//! What every answer tells the browser: load nothing from elsewhere, run nothing that stands in the page, let nobody frame it, tell nobody
//! where the reader came from.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, header};

use crate::portal::{Portal, Wire};

/// `popover` and `details` need no script; the one script and the one style sheet are files of our own.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Half a year.
const INSIST_ON_TLS: HeaderValue = HeaderValue::from_static("max-age=15768000");

/// Adds the headers to whatever the pages answered.
pub async fn secure(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if portal.wire == Wire::Encrypted {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, INSIST_ON_TLS);
    }
    response
}
