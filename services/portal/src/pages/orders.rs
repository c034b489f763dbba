//! Orders: the list, one with its board, and what is done with it.

use axum::response::Response;
use tracemesh_proto::emergency::v1::ListOrdersRequest;

use crate::pages::desk::Desk;
use crate::pages::incidents::PAGE_SIZE;
use crate::views::emergency::{incidents, orders};

/// `GET /console/orders?state=…`
pub async fn list(desk: Desk) -> Response {
    let state = incidents::state(&desk.query).to_owned();
    let request = ListOrdersRequest { state, page_size: PAGE_SIZE, page_token: desk.query.get("page"), ..ListOrdersRequest::default() };
    let answer = desk.sources().orders(&desk.asker, request).await;
    desk.draw(orders::list(&answer, &desk.query, &desk.reader())).await
}
