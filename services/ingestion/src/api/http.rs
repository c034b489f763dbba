//! Records over HTTP: `POST /api/v1/records`, one record, an array or NDJSON, or an EPCIS document by its content type; receipts come back in
//! the same order. 200 whenever every submission has a receipt, whatever the verdicts; 400 only where nothing could be cut out.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tracemesh_access::Principal;
use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_proto::accepted::Format;
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::json;

use crate::app::Ingestion;
use crate::app::submissions::Arrival;

const RECEIPT: &str = "tracemesh.ingestion.v1.Receipt";

/// The routes of ingestion that are no plain RPC. `body_bytes` bounds a body before and after it is decompressed.
pub fn routes(ingestion: Ingestion, body_bytes: usize) -> Router {
    let records = Router::new()
        .route("/api/v1/records", post(submit))
        .layer(RequestBodyLimitLayer::new(body_bytes))
        .layer(RequestDecompressionLayer::new())
        .layer(DefaultBodyLimit::disable());
    let originals = Router::new().route("/api/v1/receipts/{node}/{epoch}/{seq}/original", get(original));
    records.merge(originals).with_state(ingestion)
}

#[derive(Deserialize)]
struct For {
    /// For the operator: whose submissions these are.
    #[serde(default)]
    provider: String,
}

async fn submit(
    State(ingestion): State<Ingestion>,
    Query(for_whom): Query<For>,
    axum::Extension(actor): axum::Extension<Principal>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Ok(body) = body else { return too_large().into_response() };
    let receipts = take(&ingestion, &actor, &for_whom.provider, &headers, &body).await;
    receipts.map_or_else(IntoResponse::into_response, |receipts| as_json(&receipts))
}

fn too_large() -> Error {
    Error::new(ErrorCode::ResourceExhausted, "error.request.body_too_large")
}

async fn take(ingestion: &Ingestion, actor: &Principal, provider: &str, headers: &HeaderMap, body: &Bytes) -> Result<Vec<Receipt>, Error> {
    let content_type = text(headers, "content-type");
    let format = Format::of(content_type).ok_or_else(|| Error::new(ErrorCode::InvalidArgument, "error.request.media_type").with("value", content_type))?;
    let arrival = Arrival { actor, provider, source: "http", traceparent: text(headers, "traceparent") };
    let submissions = ingestion.cut(&arrival, format, body)?;
    if submissions.is_empty() {
        return Err(Error::invalid(vec![Violation::new("body", "error.submission.nothing")]));
    }
    Ok(ingestion.intake.submit(submissions).await?)
}

async fn original(
    State(ingestion): State<Ingestion>,
    Path((node, epoch, seq)): Path<(String, String, String)>,
    axum::Extension(reader): axum::Extension<Principal>,
) -> Response {
    match ingestion.original(&format!("{node}/{epoch}/{seq}"), &reader).await {
        // As received, and never rendered: what a provider sent must not run in a console.
        Ok((content_type, body)) => {
            let headers = [(CONTENT_TYPE, content_type.as_str()), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (CONTENT_DISPOSITION, "attachment")];
            (headers, body).into_response()
        }
        Err(error) => Error::from(error).into_response(),
    }
}

/// Receipts as the JSON of the contract.
pub fn as_json(receipts: &[Receipt]) -> Response {
    let documents: Vec<serde_json::Value> = receipts.iter().map(|receipt| json::value(RECEIPT, receipt)).collect();
    (StatusCode::OK, axum::Json(documents)).into_response()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
