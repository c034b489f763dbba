//! The Overview as it changes: server-sent events, one for each part of the page that reads differently now, already drawn. The page and
//! the stream use the same templates, so they cannot disagree.
//!
//! A stream ends after some minutes and the browser opens the next: so a session that has ended stops being served, and a restart of the
//! node is picked up.

mod page;
mod parts;

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, BoxStream, StreamExt};
use http::{HeaderMap, HeaderName, StatusCode, header};

use crate::error::Trouble;
use crate::pages::choice::Choice;
use crate::pages::live::page::LivePage;
use crate::pages::session;
use crate::portal::Portal;
use crate::views::filter::Filter;

/// When a browser should come back for which there is no room, in seconds.
const RETRY_AFTER_S: &str = "30";

/// `GET /console/live`
pub async fn stream(State(portal): State<Arc<Portal>>, choice: Choice, headers: HeaderMap, Query(filter): Query<Filter>) -> Response {
    let asker = match session::principal(&portal, &headers).await {
        Ok(asker) => asker,
        // a refusal would leave the page as it is; this makes it ask for itself and be turned away with words
        Err(Trouble::NotSignedIn) => return events(stream::iter([Ok(Event::default().event("ended").data("ended"))]).boxed()),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let Ok(room) = portal.live_pages.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER_S)]).into_response();
    };
    let page = LivePage::open(portal, choice, asker, filter).await;
    let changes = stream::unfold((page, room), |(page, room)| async move {
        let (event, page) = page.next().await?;
        Some((Ok(event), (page, room)))
    });
    events(changes.boxed())
}

fn events(events: BoxStream<'static, Result<Event, Infallible>>) -> Response {
    // some proxies hold an answer back until it is whole
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}
