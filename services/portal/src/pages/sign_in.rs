//! Signing in by a one-time link, and out.
//!
//! A link works once, so nothing but a person's own visit may use it up: `HEAD` and a browser's prefetch do not. A visit that comes from
//! another site (a chat, a mail in the browser) gets a page that goes on by itself instead of a redirect, because the session's cookie is
//! not sent along a redirect that another site began.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::error::Trouble;
use crate::pages::choice::Choice;
use crate::pages::failure::{self, Notice};
use crate::pages::page::{Keep, frame, page};
use crate::pages::session;
use crate::portal::Portal;
use crate::views::frame::Frame;

const HOME: &str = "/console";
/// Longest secret of a link, in bytes.
const MAX_SECRET_BYTES: usize = 256;

#[derive(Template)]
#[template(path = "console/signed_in.html")]
struct SignedInPage {
    frame: Frame,
    home: &'static str,
}

/// `HEAD /console/sign-in/{secret}`: a preview learns nothing and uses nothing up.
pub async fn peek() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `GET /console/sign-in/{secret}`
pub async fn redeem(State(portal): State<Arc<Portal>>, choice: Choice, headers: HeaderMap, Path(secret): Path<String>) -> Response {
    if says(&headers, "sec-purpose", "prefetch") || says(&headers, "purpose", "prefetch") {
        return StatusCode::NO_CONTENT.into_response();
    }
    if secret.len() > MAX_SECRET_BYTES {
        return bad_link(&portal, &choice).await;
    }
    match portal.sources.redeem_sign_in(secret).await {
        Ok(session) => begin(&portal, &choice, &headers, &session).await,
        Err(Trouble::NotSignedIn | Trouble::NotFound | Trouble::WrongQuestion(_)) => bad_link(&portal, &choice).await,
        Err(trouble) => failure::trouble(&portal, &choice, &trouble).await,
    }
}

async fn begin(portal: &Portal, choice: &Choice, headers: &HeaderMap, session: &str) -> Response {
    let Some(cookie) = session::begin(session, portal.wire) else {
        return failure::trouble(portal, choice, &Trouble::Unusable("a session that no cookie can hold".into())).await;
    };
    let response = if says(headers, "sec-fetch-site", "cross-site") {
        page(StatusCode::OK, Keep::Nowhere, &SignedInPage { frame: frame(portal, choice).await, home: HOME })
    } else {
        Redirect::to(HOME).into_response()
    };
    with_cookie(response, cookie)
}

/// `POST /console/sign-out`. The cookie goes in any case; the session ends where the registry can be told.
pub async fn end(State(portal): State<Arc<Portal>>, choice: Choice, headers: HeaderMap) -> Response {
    if says(&headers, "sec-fetch-site", "cross-site") {
        return failure::trouble(&portal, &choice, &Trouble::Refused).await;
    }
    if let Some(session) = session::of(&headers)
        && let Err(trouble) = portal.sources.end_session(session.to_owned()).await
    {
        tracing::warn!(%trouble, "a session was not ended; it runs out by itself");
    }
    let text = choice.language.text();
    let notice = Notice::new(text.sign_in.signed_out, vec![text.sign_in.signed_out_why], text);
    let response = failure::notice(&portal, &choice, StatusCode::OK, notice).await;
    match session::end(portal.wire) {
        Some(cookie) => with_cookie(response, cookie),
        None => response,
    }
}

async fn bad_link(portal: &Portal, choice: &Choice) -> Response {
    let text = choice.language.text();
    let notice = Notice::new(text.sign_in.bad_link, vec![text.sign_in.bad_link_why, text.sign_in.how], text);
    failure::notice(portal, choice, StatusCode::UNAUTHORIZED, notice).await
}

fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn says(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.get(name).and_then(|said| said.to_str().ok()).is_some_and(|said| said.starts_with(value))
}
