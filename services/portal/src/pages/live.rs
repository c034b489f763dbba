//! Pages as they change, the Overview and the board of an order: server-sent events, one for each part of the page that reads differently now, already drawn. The page and
//! the stream use the same templates, so they cannot disagree.
//!
//! A stream ends after some minutes and the browser opens the next: so a session that has ended stops being served, and a restart of the
//! node is picked up.

mod board;
mod changes;
mod page;
mod parts;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, BoxStream, StreamExt};
use http::{HeaderMap, HeaderName, StatusCode, header};
use tokio::sync::OwnedSemaphorePermit;
use tracemesh_access::Principal;

use crate::error::Trouble;
use crate::pages::choice::Choice;
use crate::pages::live::board::LiveBoard;
use crate::pages::live::page::LivePage;
use crate::pages::orders::id;
use crate::pages::session;
use crate::portal::Portal;
use crate::views::filter::Filter;

/// When a browser should come back for which there is no room, in seconds.
const RETRY_AFTER_S: &str = "30";

/// How long one stream lives.
const LIFE: Duration = Duration::from_secs(300);

/// `GET /console/live`
pub async fn overview(State(portal): State<Arc<Portal>>, choice: Choice, headers: HeaderMap, Query(filter): Query<Filter>) -> Response {
    let (asker, room) = match admit(&portal, &headers).await {
        Ok(admitted) => admitted,
        Err(response) => return response,
    };
    let page = LivePage::open(portal, choice, asker, filter).await;
    changes(page, room, LivePage::next)
}

/// `GET /console/orders/{node}/{number}/live`
pub async fn order(
    State(portal): State<Arc<Portal>>,
    choice: Choice,
    headers: HeaderMap,
    Path((node, number)): Path<(String, String)>,
) -> Response {
    let (asker, room) = match admit(&portal, &headers).await {
        Ok(admitted) => admitted,
        Err(response) => return response,
    };
    match LiveBoard::open(portal, choice, asker, id(&node, &number)).await {
        Ok(board) => changes(board, room, LiveBoard::next),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Who looks, and a place among those that are kept current.
async fn admit(portal: &Portal, headers: &HeaderMap) -> Result<(Principal, OwnedSemaphorePermit), Response> {
    let asker = match session::principal(portal, headers).await {
        Ok(asker) => asker,
        // a refusal would leave the page as it is; this makes it ask for itself and be turned away with words
        Err(Trouble::NotSignedIn) => return Err(events(stream::iter([Ok(Event::default().event("ended").data("ended"))]).boxed())),
        Err(_) => return Err(StatusCode::SERVICE_UNAVAILABLE.into_response()),
    };
    let room = portal.live_pages.clone().try_acquire_owned();
    let room = room.map_err(|_| (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER_S)]).into_response())?;
    Ok((asker, room))
}

/// The changes of a page until it ends; its place is kept for as long.
fn changes<P, N>(page: P, room: OwnedSemaphorePermit, next: impl Fn(P) -> N + Copy + Send + 'static) -> Response
where
    P: Send + 'static,
    N: Future<Output = Option<(Event, P)>> + Send + 'static,
{
    let changes = stream::unfold((page, room), move |(page, room)| async move {
        let (event, page) = next(page).await?;
        Some((Ok(event), (page, room)))
    });
    events(changes.boxed())
}

fn events(events: BoxStream<'static, Result<Event, Infallible>>) -> Response {
    // some proxies hold an answer back until it is whole
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}
