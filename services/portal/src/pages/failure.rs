//! Pages for what went wrong. Most are drawn in the reader's language around the platform's name; two, "no such page" and "something went
//! wrong", are drawn once, in both languages, and need nothing that could fail in turn.

use std::sync::LazyLock;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::error::Trouble;
use crate::language::Language;
use crate::pages::choice::Choice;
use crate::pages::page::{Keep, frame, page};
use crate::portal::Portal;
use crate::text::Text;
use crate::views::code::CodeText;
use crate::views::frame::Frame;

/// After how many seconds a reader is asked to try again.
const RETRY_AFTER_S: u32 = 10;

/// A title, some lines, and one thing to do.
#[derive(Debug)]
pub struct Notice {
    pub title: &'static str,
    pub code: Option<CodeText>,
    pub lines: Vec<&'static str>,
    pub href: String,
    pub action: &'static str,
}

impl Notice {
    /// A notice that leads back to the front page.
    pub fn new(title: &'static str, lines: Vec<&'static str>, text: &Text) -> Self {
        Self { title, code: None, lines, href: "/".into(), action: text.failure.home }
    }

    /// The same, leading elsewhere.
    pub fn leading(self, href: impl Into<String>, action: &'static str) -> Self {
        Self { href: href.into(), action, ..self }
    }
}

#[derive(Template)]
#[template(path = "public/notice.html")]
struct NoticePage {
    frame: Frame,
    notice: Notice,
}

#[derive(Template)]
#[template(path = "public/static.html")]
struct StaticPage {
    notices: [(Language, Notice); 2],
}

/// A notice in the reader's language.
pub async fn notice(portal: &Portal, choice: &Choice, status: StatusCode, notice: Notice) -> Response {
    let frame = frame(portal, choice).await;
    page(status, Keep::Nowhere, &NoticePage { frame, notice })
}

/// The page for a question that got no answer.
pub async fn trouble(portal: &Portal, choice: &Choice, trouble: &Trouble) -> Response {
    let text = choice.language.text();
    let failure = &text.failure;
    let (status, title, why) = match trouble {
        Trouble::Busy => (StatusCode::SERVICE_UNAVAILABLE, failure.busy, failure.busy_why),
        Trouble::NoAnswer(_) => (StatusCode::SERVICE_UNAVAILABLE, failure.unreachable, failure.unreachable_why),
        Trouble::NotFound => (StatusCode::NOT_FOUND, failure.not_found, failure.not_found_why),
        Trouble::WrongQuestion(_) => (StatusCode::BAD_REQUEST, failure.not_found, failure.not_found_why),
        Trouble::Refused(_) | Trouble::SwitchedOff(_) => (StatusCode::FORBIDDEN, failure.refused, failure.refused_why),
        Trouble::NotSignedIn => (StatusCode::UNAUTHORIZED, text.sign_in.needed, text.sign_in.needed_why),
        Trouble::Unusable(_) => (StatusCode::INTERNAL_SERVER_ERROR, failure.broken, failure.broken_why),
    };
    if status.is_server_error() {
        tracing::warn!(%trouble, address = choice.address, "a page could not be made");
    }
    let made = Notice::new(title, vec![why], text).leading(choice.address.clone(), failure.retry);
    retry_later(notice(portal, choice, status, made).await)
}

/// Says when to come back, where coming back helps.
pub fn retry_later(mut response: Response) -> Response {
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
    }
    response
}

/// What no route matches.
pub async fn not_found() -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(|| both(|text| (text.failure.not_found, text.failure.not_found_why)));
    (StatusCode::NOT_FOUND, Html(PAGE.as_str())).into_response()
}

/// Our fault.
pub fn broken() -> Response {
    static PAGE: LazyLock<String> = LazyLock::new(|| both(|text| (text.failure.broken, text.failure.broken_why)));
    (StatusCode::INTERNAL_SERVER_ERROR, Html(PAGE.as_str())).into_response()
}

fn both(words: impl Fn(&Text) -> (&'static str, &'static str)) -> String {
    let notices = Language::ALL.map(|language| {
        let (title, why) = words(language.text());
        (language, Notice::new(title, vec![why], language.text()))
    });
    StaticPage { notices }.render().unwrap_or_else(|_| "404 / 500".into())
}
