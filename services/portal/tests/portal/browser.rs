//! A browser without a screen: asks a router and keeps what came back.

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::fixtures::SESSION;

/// An answer.
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// A header as text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header that is text"))
    }
}

/// `GET` as a stranger.
pub async fn get(router: &Router, address: &str) -> Page {
    ask(router, "GET", address, &[]).await
}

/// `GET` as somebody who is signed in.
pub async fn get_signed_in(router: &Router, address: &str) -> Page {
    ask(router, "GET", address, &[("cookie", &format!("tracemesh_session={SESSION}"))]).await
}

/// `GET` as somebody who does a certain work.
pub async fn get_as(router: &Router, who: &str, address: &str) -> Page {
    ask(router, "GET", address, &[("cookie", &format!("tracemesh_session={who}"))]).await
}

/// A form, sent by somebody who does a certain work.
pub async fn post_as(router: &Router, who: &str, address: &str, form: &str) -> Page {
    let cookie = format!("tracemesh_session={who}");
    send(router, "POST", address, &[("cookie", &cookie), FORM, ("sec-fetch-site", "same-origin")], form).await
}

/// What a form is sent as.
pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Any request without a body.
pub async fn ask(router: &Router, method: &str, address: &str, headers: &[(&str, &str)]) -> Page {
    send(router, method, address, headers, "").await
}

/// Any request.
pub async fn send(router: &Router, method: &str, address: &str, headers: &[(&str, &str)], body: &str) -> Page {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let response = router.clone().oneshot(request).await.expect("a router that cannot fail");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Page { status: parts.status, headers: parts.headers, text: String::from_utf8(body.to_vec()).expect("UTF-8") }
}
