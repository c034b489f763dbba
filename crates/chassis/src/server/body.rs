//! The largest body that HTTP takes.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_LENGTH;
use http_body_util::Limited;

use crate::error::{Error, ErrorCode};

/// In bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(pub(super) usize);

/// Refuses a body that says that it is larger, before a byte of it is read, and ends one that says nothing where the limit is.
pub(super) async fn limit(State(Limit(bytes)): State<Limit>, request: Request, next: Next) -> Response {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > bytes as u64) {
        let too_large = Error::new(ErrorCode::ResourceExhausted, "error.request.body_too_large");
        return too_large.with("limit_bytes", bytes.to_string()).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, bytes)))).await
}
