//! The chain around a code, for those who watch over it.

use axum::response::Response;

use crate::error::{Reason, Trouble};
use crate::pages::desk::Desk;
use crate::views::part::Part;
use crate::views::trace::{asked, page};

/// `GET /console/trace?code=…`
pub async fn explore(desk: Desk) -> Response {
    if !Part::Trace.is_for(&desk.asker) {
        return desk.trouble(&Trouble::Refused(Reason::default())).await;
    }
    let answer = match asked(&desk.query) {
        Some(request) => Some(desk.sources().trace_for(&desk.asker, request).await),
        None => None,
    };
    desk.draw(page(answer.as_ref(), &desk.query, &desk.reader())).await
}
