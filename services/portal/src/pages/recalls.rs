//! What is under recall now, for everybody.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use http::StatusCode;
use tracemesh_proto::emergency::v1::ListRecallsRequest;

use crate::pages::choice::Choice;
use crate::pages::page::{Keep, frame, page};
use crate::portal::Portal;
use crate::views::candidates::escaped;
use crate::views::form::Entries;
use crate::views::frame::Frame;
use crate::views::moment::{self, Moment};
use crate::views::panel::Panel;
use crate::views::recall::{RecallView, list};

/// Recalls on one page: with them it stays within its weight.
const PAGE_SIZE: u32 = 20;

#[derive(Template)]
#[template(path = "public/recalls.html")]
struct RecallsPage {
    frame: Frame,
    recalls: Panel<Vec<RecallView>>,
    next: Option<String>,
    as_of: Moment,
}

/// `GET /recalls`
pub async fn recalls(State(portal): State<Arc<Portal>>, choice: Choice, Query(query): Query<Vec<(String, String)>>) -> Response {
    let (text, now) = (choice.language.text(), portal.clock.now());
    let request = ListRecallsRequest { page_size: PAGE_SIZE, page_token: Entries(query).get("page") };
    let answer = portal.sources.recalls(request).await;
    let token = answer.as_ref().map_or("", |answer| &answer.next_page_token);
    let told = RecallsPage {
        frame: frame(&portal, &choice).await,
        next: (!token.is_empty()).then(|| format!("/recalls?page={}", escaped(token))),
        as_of: moment::minute(now, text),
        recalls: Panel::new(&answer, text.emergency.recalls_part, choice.language, |answer| list(answer, choice.language)),
    };
    let status = if answer.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    page(status, Keep::Public, &told)
}
