//! Signing in by a one-time link, and out.
//!
//! A link works once, so nothing but a person may use it up. Mail scanners, a chat's previews and a browser's prefetch open links: what they get is a
//! page with one button, and only pressing it redeems the link. The secret in the address is the proof of who may.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::error::{Reason, Trouble};
use crate::pages::choice::Choice;
use crate::pages::failure::{self, Notice};
use crate::pages::page::{Keep, frame, page};
use crate::pages::posted::comes_from_elsewhere;
use crate::pages::session;
use crate::portal::Portal;
use crate::views::frame::Frame;

const HOME: &str = "/console";
/// Longest secret of a link, in bytes.
const MAX_SECRET_BYTES: usize = 256;

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignInPage {
    frame: Frame,
}

/// `GET /console/sign-in/{secret}`: the same page for every link, good or not.
pub async fn ask(State(portal): State<Arc<Portal>>, choice: Choice) -> Response {
    page(StatusCode::OK, Keep::Nowhere, &SignInPage { frame: frame(&portal, &choice).await })
}

/// `POST /console/sign-in/{secret}`. Another site signs nobody in: that would be into an account of its own.
pub async fn redeem(State(portal): State<Arc<Portal>>, choice: Choice, headers: HeaderMap, Path(secret): Path<String>) -> Response {
    if comes_from_elsewhere(&headers) {
        return failure::trouble(&portal, &choice, &Trouble::Refused(Reason::default())).await;
    }
    if secret.len() > MAX_SECRET_BYTES {
        return bad_link(&portal, &choice).await;
    }
    match portal.sources.redeem_sign_in(secret).await {
        Ok(session) => begin(&portal, &choice, &session).await,
        Err(Trouble::NotSignedIn | Trouble::NotFound | Trouble::WrongQuestion(_)) => bad_link(&portal, &choice).await,
        Err(trouble) => failure::trouble(&portal, &choice, &trouble).await,
    }
}

async fn begin(portal: &Portal, choice: &Choice, session: &str) -> Response {
    match session::begin(session, portal.wire) {
        Some(cookie) => with_cookie(Redirect::to(HOME).into_response(), cookie),
        None => failure::trouble(portal, choice, &Trouble::Unusable("a session that no cookie can hold".into())).await,
    }
}

/// `POST /console/sign-out`. The cookie goes in any case; the session ends where the registry can be told.
pub async fn end(State(portal): State<Arc<Portal>>, choice: Choice, headers: HeaderMap) -> Response {
    if comes_from_elsewhere(&headers) {
        return failure::trouble(&portal, &choice, &Trouble::Refused(Reason::default())).await;
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
