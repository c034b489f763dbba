//! From a template to an answer.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::pages::choice::Choice;
use crate::pages::failure;
use crate::portal::Portal;
use crate::views::frame::{Frame, platform};

/// How long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// By the reader's browser, if it asks each time whether it still holds.
    Public,
    /// Nowhere: pages behind a sign-in, and whatever holds a secret.
    Nowhere,
}

/// The frame of a page of this portal.
pub async fn frame(portal: &Portal, choice: &Choice) -> Frame {
    let here = portal.known.get(&*portal.sources, portal.clock.now()).await;
    Frame {
        language: choice.language,
        large: choice.large,
        platform: platform(here.node.as_ref(), choice.language),
        switch_language: choice.switch_language(),
        switch_type: choice.switch_type(),
    }
}

/// Draws a page. A template that cannot be drawn is our fault, logged, and told with the page that needs no template.
pub fn page(status: StatusCode, keep: Keep, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, caching(keep), Html(html)).into_response(),
        Err(why) => {
            tracing::error!(%why, "a page could not be drawn");
            failure::broken()
        }
    }
}

/// Languages and cookies change what an address shows.
fn caching(keep: Keep) -> [(http::HeaderName, HeaderValue); 2] {
    let control = match keep {
        Keep::Public => "private, no-cache",
        Keep::Nowhere => "no-store",
    };
    [
        (header::CACHE_CONTROL, HeaderValue::from_static(control)),
        (header::VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie")),
    ]
}
