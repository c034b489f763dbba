//! The public pages: the front page, and the page of one code. They work without a script, on old phones, and show nothing that belongs to
//! a person or a business.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use serde::Deserialize;
use tracemesh_proto::emergency::v1::GetRecallStateRequest;
use tracemesh_proto::ingestion::v1::TraceResponse;

use crate::error::Trouble;
use crate::pages::choice::Choice;
use crate::pages::failure::{self, Notice};
use crate::pages::page::{Keep, frame, page};
use crate::portal::Portal;
use crate::views::candidates;
use crate::views::chain as draw;
use crate::views::chain::ChainView;
use crate::views::code::CodeText;
use crate::views::form::{Form, Input};
use crate::views::frame::Frame;
use crate::views::mismatch;
use crate::views::platforms::Platforms;
use crate::views::recall::{self, RecallState};
use crate::views::unknown::{UnknownView, unknown};

/// Longest code that is looked up, in bytes: a Digital Link with all its qualifiers fits many times.
const MAX_CODE_BYTES: usize = 512;

#[derive(Template)]
#[template(path = "public/front.html")]
struct FrontPage {
    frame: Frame,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "public/chain.html")]
struct ChainPage {
    frame: Frame,
    view: ChainView,
    recalls: RecallState,
    /// For whoever holds something else in hand.
    mismatch: Form,
}

#[derive(Template)]
#[template(path = "public/unknown.html")]
struct UnknownPage {
    frame: Frame,
    view: UnknownView,
}

/// `GET /`
pub async fn front(State(portal): State<Arc<Portal>>, choice: Choice) -> Response {
    let frame = frame(&portal, &choice).await;
    page(StatusCode::OK, Keep::Public, &FrontPage { frame, fault: None })
}

/// What the search form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    code: String,
}

/// `GET /t?code=…`: leads to the code's own page, whose address can be shared.
pub async fn search(State(portal): State<Arc<Portal>>, choice: Choice, Query(search): Query<Search>) -> Response {
    let text = &choice.language.text().search;
    let code = search.code.trim();
    let fault = match code.len() {
        0 => text.empty,
        1..=MAX_CODE_BYTES => return Redirect::to(&own_page(code).unwrap_or_else(|| candidates::href(code))).into_response(),
        _ => text.too_long,
    };
    let frame = frame(&portal, &choice).await;
    page(StatusCode::BAD_REQUEST, Keep::Public, &FrontPage { frame, fault: Some(fault) })
}

/// A scanned code may be the address of a page like ours: then only its path counts, on this node.
fn own_page(code: &str) -> Option<String> {
    let (scheme, rest) = code.split_once("://")?;
    let path = &rest[rest.find('/')?..];
    let is_ours = path.starts_with("/t/") && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (is_ours && matches!(scheme, "http" | "https")).then(|| path.split(['?', '#']).next().unwrap_or_default().to_owned())
}

/// `GET /t/{code}`
pub async fn chain(State(portal): State<Arc<Portal>>, choice: Choice, Path(code): Path<String>) -> Response {
    of_code(&portal, &choice, code.trim()).await
}

/// The page of a code, whichever address asked for it.
pub async fn of_code(portal: &Portal, choice: &Choice, code: &str) -> Response {
    if code.is_empty() || code.len() > MAX_CODE_BYTES {
        return bad_code(portal, choice, code).await;
    }
    let now = portal.clock.now();
    match portal.chains.find(&*portal.sources, code, now).await {
        Ok(found) if found.answer.records.is_empty() => not_found(portal, choice, code, &found.answer).await,
        Ok(found) => {
            let here = portal.known.get(&*portal.sources, now).await;
            let drawn = ChainPage {
                frame: frame(portal, choice).await,
                view: draw::chain(code, &found.answer, found.at, &here.places, choice.language),
                recalls: recalls(portal, choice, code, &found.answer).await,
                mismatch: mismatch::report(code, choice.language),
            };
            page(StatusCode::OK, Keep::Public, &drawn)
        }
        Err(Trouble::NotFound) => not_found(portal, choice, code, &TraceResponse::default()).await,
        Err(Trouble::WrongQuestion(_)) => bad_code(portal, choice, code).await,
        Err(Trouble::NoAnswer(why)) => no_answer(portal, choice, code, &why).await,
        Err(trouble) => failure::trouble(portal, choice, &trouble).await,
    }
}

/// Asked anew every time: a recall is not kept for ten minutes.
async fn recalls(portal: &Portal, choice: &Choice, code: &str, answer: &TraceResponse) -> RecallState {
    let request = GetRecallStateRequest { units: recall::units(code, answer) };
    let told = portal.sources.recall_state(request).await;
    if let Err(trouble) = &told {
        tracing::warn!(%trouble, "the public was not told whether a code is under recall");
    }
    recall::state(&told, choice.language)
}

async fn not_found(portal: &Portal, choice: &Choice, code: &str, answer: &TraceResponse) -> Response {
    let here = portal.known.get(&*portal.sources, portal.clock.now()).await;
    let view = unknown(code, answer, &Platforms::of(answer, &here.places, choice.language));
    page(StatusCode::NOT_FOUND, Keep::Public, &UnknownPage { frame: frame(portal, choice).await, view })
}

/// For the public, no answer is neither "known" nor "unknown", and the page says so.
async fn no_answer(portal: &Portal, choice: &Choice, code: &str, why: &str) -> Response {
    tracing::warn!(why, "the trace index did not answer the public");
    let text = choice.language.text();
    let notice = Notice::new(text.failure.no_answer, vec![text.failure.no_answer_why], text);
    let notice = Notice { code: Some(CodeText::new(code)), ..notice }.leading(choice.address.clone(), text.failure.retry);
    failure::retry_later(failure::notice(portal, choice, StatusCode::SERVICE_UNAVAILABLE, notice).await)
}

/// The page for what can be no code at all.
pub async fn bad_code(portal: &Portal, choice: &Choice, code: &str) -> Response {
    let text = choice.language.text();
    let notice = Notice::new(text.failure.bad_code, vec![text.failure.bad_code_why], text);
    failure::notice(portal, choice, StatusCode::BAD_REQUEST, Notice { code: Some(CodeText::new(code)), ..notice }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_path_of_a_scanned_page_counts() {
        assert_eq!(own_page("https://elsewhere.example/t/3706%2F1?x=1").as_deref(), Some("/t/3706%2F1"));
        assert_eq!(own_page("https://id.gs1.org/01/06903244679763"), None);
        assert_eq!(own_page("javascript://x/t/1"), None);
        assert_eq!(own_page("37060000400010000003"), None);
    }
}
