//! What the public says does not match: sent without a name, answered under a number.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use tracemesh_proto::quality::v1::{GetMismatchRequest, ReportMismatchRequest};

use crate::error::Trouble;
use crate::pages::choice::Choice;
use crate::pages::failure::{self, Notice};
use crate::pages::page::{Keep, frame, page};
use crate::pages::posted::Posted;
use crate::portal::Portal;
use crate::views::form::{Entries, Form, Input, Refused};
use crate::views::frame::Frame;
use crate::views::mismatch::{MismatchView, ask, href, report, view};

#[derive(Template)]
#[template(path = "public/mismatch.html")]
struct MismatchPage {
    frame: Frame,
    view: Option<MismatchView>,
    /// Just sent: thanks come first.
    fresh: bool,
    forms: Vec<Form>,
}

/// `GET /mismatch?number=…`: leads to the report's own page; without a number the form that asks for one.
pub async fn find(State(portal): State<Arc<Portal>>, choice: Choice, Query(query): Query<Vec<(String, String)>>) -> Response {
    let number = Entries(query).get("number");
    if !number.is_empty() {
        return Redirect::to(&href(&number)).into_response();
    }
    draw(&portal, &choice, StatusCode::OK, None, vec![ask("", choice.language)], false).await
}

/// `POST /mismatch`
pub async fn send(State(portal): State<Arc<Portal>>, choice: Choice, Posted(entries): Posted) -> Response {
    let request = ReportMismatchRequest { code: entries.get("code"), text: entries.get("text") };
    let trouble = match portal.sources.report_mismatch(request).await {
        Ok(answer) => return Redirect::to(&format!("{}?sent=yes", href(&answer.number))).into_response(),
        Err(trouble) => trouble,
    };
    let status =
        if matches!(trouble, Trouble::WrongQuestion(_)) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::SERVICE_UNAVAILABLE };
    let refused = Refused { form: "mismatch", entries: &entries, trouble: &trouble };
    let form = report(&entries.get("code"), choice.language).after(Some(refused), choice.language);
    draw(&portal, &choice, status, None, vec![form], false).await
}

/// `GET /mismatch/{number}`
pub async fn show(
    State(portal): State<Arc<Portal>>,
    choice: Choice,
    Path(number): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let text = choice.language.text();
    let answer = portal.sources.mismatch(GetMismatchRequest { number: number.clone() }).await;
    match answer.map(|answer| answer.mismatch) {
        Ok(Some(mismatch)) => {
            let view = view(&mismatch, choice.language);
            draw(&portal, &choice, StatusCode::OK, Some(view), vec![], Entries(query).ticked("sent")).await
        }
        Ok(None) | Err(Trouble::NotFound | Trouble::WrongQuestion(_)) => {
            let notice = Notice::new(text.mismatch.unknown, vec![text.mismatch.unknown_why], text);
            failure::notice(&portal, &choice, StatusCode::NOT_FOUND, notice.leading("/mismatch", text.failure.retry)).await
        }
        Err(trouble) => failure::trouble(&portal, &choice, &trouble).await,
    }
}

async fn draw(portal: &Portal, choice: &Choice, status: StatusCode, view: Option<MismatchView>, forms: Vec<Form>, fresh: bool) -> Response {
    page(status, Keep::Nowhere, &MismatchPage { frame: frame(portal, choice).await, view, fresh, forms })
}
