//! Orders: the list, one with its board, what is done with it, and its text on paper.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;
use tracemesh_access::Role;
use tracemesh_proto::emergency::v1::{GetOrderRequest, GetOrderResponse, ListOrdersRequest, Order};

use crate::error::{Reason, Trouble};
use crate::language::Language;
use crate::pages::desk::Desk;
use crate::pages::incidents::{PAGE_SIZE, incident};
use crate::pages::page::{Keep, page};
use crate::pages::posted::Posted;
use crate::sources::Answer;
use crate::views::emergency::document::{Paper, paper};
use crate::views::emergency::{board, incidents, order as one, order_href, orders};
use crate::views::form::{Entries, Input, Refused};
use crate::views::frame::Frame;
use crate::views::sheet::Block;

#[derive(Template)]
#[template(path = "console/document.html")]
struct DocumentPage {
    frame: Frame,
    /// Where the order's page is.
    back: String,
    papers: [(Frame, Paper); 2],
}

/// `GET /console/orders?state=…`
pub async fn list(desk: Desk) -> Response {
    let state = incidents::state(&desk.query).to_owned();
    let request = ListOrdersRequest { state, page_size: PAGE_SIZE, page_token: desk.query.get("page"), ..ListOrdersRequest::default() };
    let answer = desk.sources().orders(&desk.asker, request).await;
    desk.draw(orders::list(&answer, &desk.query, &desk.reader())).await
}

/// `GET /console/orders/new?incident=…`
pub async fn drafting(desk: Desk) -> Response {
    if !desk.asker.has(Role::Drafter) {
        return desk.trouble(&Trouble::Refused(Reason::default())).await;
    }
    match incident(&desk, &desk.query.get("incident")).await {
        Ok(incident) => {
            let returned = returned(&desk, &desk.query.get("order")).await;
            desk.draw(one::drafting(&incident, returned.as_ref(), None, &desk.reader())).await
        }
        Err(trouble) => desk.trouble(&trouble).await,
    }
}

/// An order that went back to its drafter; None where there is no such.
async fn returned(desk: &Desk, id: &str) -> Option<Order> {
    if id.is_empty() {
        return None;
    }
    order(desk, id).await.ok()?.board?.order.filter(|order| order.state == "returned")
}

/// `POST /console/orders`
pub async fn draft(desk: Desk, Posted(entries): Posted) -> Response {
    let trouble = match desk.sources().draft_order(&desk.asker, one::drafted(&entries)).await {
        Ok(answer) => return desk.lead_to(&order_href(&answer.order.unwrap_or_default().id)),
        Err(trouble) => trouble,
    };
    match incident(&desk, &entries.get("incident")).await {
        Ok(incident) => {
            let refused = Refused { form: "draft", entries: &entries, trouble: &trouble };
            desk.draw_refused(&trouble, one::drafting(&incident, None, Some(refused), &desk.reader())).await
        }
        Err(_) => desk.trouble(&trouble).await,
    }
}

/// `GET /console/orders/{node}/{number}`
pub async fn show(desk: Desk, Path((node, number)): Path<(String, String)>) -> Response {
    let answer = match order(&desk, &id(&node, &number)).await {
        Ok(answer) => answer,
        Err(trouble) => return desk.trouble(&trouble).await,
    };
    match answer.board.as_ref().filter(|_| desk.query.get("as") == "csv") {
        Some(board) => desk.file("establishments", &board::establishments(board, "", usize::MAX, &desk.reader()).csv()),
        None => desk.draw(one::page(&answer, &desk.query.get("establishment"), None, &desk.reader())).await,
    }
}

/// `POST /console/orders/{node}/{number}/{act}`
pub async fn act(desk: Desk, Path((node, number, act)): Path<(String, String, String)>, Posted(entries): Posted) -> Response {
    let id = id(&node, &number);
    let trouble = match done(&desk, &id, &act, &entries).await {
        Ok(id) => return desk.lead_to(&order_href(&id)),
        Err(trouble) => trouble,
    };
    match order(&desk, &id).await {
        Ok(answer) => {
            let refused = Refused { form: &act, entries: &entries, trouble: &trouble };
            let sheet = one::page(&answer, &entries.get("establishment"), Some(refused), &desk.reader());
            desk.draw_refused(&trouble, sheet).await
        }
        Err(_) => desk.trouble(&trouble).await,
    }
}

/// Does it; answers with the id that the order has from then on: a signature gives it a new one.
async fn done(desk: &Desk, id: &str, act: &str, entries: &Entries) -> Answer<String> {
    let (sources, asker) = (desk.sources(), &desk.asker);
    match act {
        "review" => sources.review_order(asker, one::reviewed(id, entries)).await.map(drop)?,
        "cancel" => sources.cancel_order(asker, one::cancelled(id, entries)).await.map(drop)?,
        "acknowledge" | "behalf" => sources.acknowledge(asker, one::acknowledged(id, entries)).await.map(drop)?,
        "recovery" => sources.report_recovery(asker, one::recovered(id, entries)).await.map(drop)?,
        "close" => sources.close_order(asker, one::ended(id, entries)).await.map(drop)?,
        "sign" => {
            let signed = sources.sign_order(asker, one::signed(id, entries)).await?;
            return Ok(signed.order.map_or_else(|| id.to_owned(), |order| order.id));
        }
        _ => return Err(Trouble::NotFound),
    }
    Ok(id.to_owned())
}

/// `GET /console/orders/{node}/{number}/print`: both languages, one below the other.
pub async fn print(desk: Desk, Path((node, number)): Path<(String, String)>) -> Response {
    let answer = match order(&desk, &id(&node, &number)).await {
        Ok(answer) => answer,
        Err(trouble) => return desk.trouble(&trouble).await,
    };
    let (chinese, english) = futures::join!(desk.frame_in(Language::Chinese), desk.frame_in(Language::English));
    let papers = [chinese, english].map(|frame| {
        let paper = paper(&answer, &desk.reader_in(frame.language));
        (frame, paper)
    });
    let document = DocumentPage { frame: desk.frame().await, back: order_href(&id(&node, &number)), papers };
    page(StatusCode::OK, Keep::Nowhere, &document)
}

/// An order's id has one slash.
pub fn id(node: &str, number: &str) -> String {
    format!("{node}/{number}")
}

async fn order(desk: &Desk, id: &str) -> Answer<GetOrderResponse> {
    let answer = desk.sources().order(&desk.asker, GetOrderRequest { id: id.to_owned() }).await?;
    if answer.board.is_none() { Err(Trouble::NotFound) } else { Ok(answer) }
}
