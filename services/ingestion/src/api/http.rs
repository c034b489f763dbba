//! Records over HTTP: `POST /api/v1/records`, one record, an array or NDJSON, or an EPCIS document by its content type; receipts come back in
//! the same order. 200 whenever every submission has a receipt, whatever the verdicts; 400 only where nothing could be cut out.
//!
//! Here stand the routes that are no plain RPC. Each is held against the rule of the RPC that it stands for, before its body is read.

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, PathRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{ALLOW, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use http_body_util::LengthLimitError;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tracemesh_access::{Principal, decide};
use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_chassis::rules;
use tracemesh_proto::accepted::Format;
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::json;

use crate::app::Ingestion;
use crate::app::submissions::Arrival;

const RECEIPT: &str = "tracemesh.ingestion.v1.Receipt";
const SUBMIT: &str = "/tracemesh.ingestion.v1.IngestionService/Submit";
const GET_ORIGINAL: &str = "/tracemesh.ingestion.v1.IngestionService/GetOriginal";
const MEDIA_TYPES: &str = "application/json, application/x-ndjson, application/x-protobuf, application/epcis+json";
/// For the operator: whose submissions these are.
const FOR_WHOM: &str = "provider";

/// Ingestion behind HTTP.
#[derive(Clone)]
struct Door {
    ingestion: Ingestion,
    body_bytes: usize,
}

/// The routes of ingestion that are no plain RPC. `body_bytes` bounds a body before and after it is decompressed.
pub fn routes(ingestion: Ingestion, body_bytes: usize) -> Router {
    let records = Router::new()
        .route("/api/v1/records", post(submit).fallback(|method, uri| other_method(method, uri, "POST")))
        .layer(RequestBodyLimitLayer::new(body_bytes))
        // another encoding than gzip passes, so that it is refused in our words
        .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(SUBMIT, admit));
    let originals = Router::new()
        .route("/api/v1/receipts/{node}/{epoch}/{seq}/original", get(original).fallback(|method, uri| other_method(method, uri, "GET")))
        .layer(from_fn_with_state(GET_ORIGINAL, admit));
    records.merge(originals).with_state(Door { ingestion, body_bytes })
}

async fn admit(
    State(rpc): State<&'static str>,
    axum::Extension(caller): axum::Extension<Principal>,
    request: Request,
    next: Next,
) -> Response {
    match decide(&caller, rules::rule_for(rpc).unwrap_or_default()) {
        Ok(()) => next.run(request).await,
        Err(denied) => Error::from(denied).into_response(),
    }
}

async fn submit(
    State(door): State<Door>,
    Query(parameters): Query<Vec<(String, String)>>,
    axum::Extension(actor): axum::Extension<Principal>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let receipts = door.take(&actor, &parameters, &headers, body).await;
    receipts.map_or_else(IntoResponse::into_response, |receipts| as_json(&receipts))
}

impl Door {
    async fn take(
        &self,
        actor: &Principal,
        parameters: &[(String, String)],
        headers: &HeaderMap,
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Vec<Receipt>, Error> {
        let provider = for_whom(parameters)?;
        let format = format(headers)?;
        let body = body.map_err(|why| self.unread(&why))?;
        let arrival = Arrival { actor, provider, source: "http", traceparent: text(headers, "traceparent") };
        let submissions = self.ingestion.cut(&arrival, format, &body)?;
        if submissions.is_empty() {
            return Err(nothing());
        }
        Ok(self.ingestion.intake.submit(submissions).await?)
    }

    /// Over the limit, or no gzip though it says so.
    fn unread(&self, why: &BytesRejection) -> Error {
        if !is_over_limit(why) {
            return nothing();
        }
        let too_large = Error::new(ErrorCode::ResourceExhausted, "error.request.body_too_large");
        too_large.with("limit_bytes", self.body_bytes.to_string())
    }
}

/// Whichever layer counted: ours after decompression, or the process's before it, which says so further below.
fn is_over_limit(why: &BytesRejection) -> bool {
    let mut causes = std::iter::successors(Some(why as &dyn std::error::Error), |cause| cause.source());
    matches!(why, BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)))
        || causes.any(|cause| cause.is::<LengthLimitError>())
}

fn nothing() -> Error {
    Error::invalid(vec![Violation::new("body", "error.submission.nothing")])
}

/// A misspelt parameter must not make it the operator's own submission.
fn for_whom(parameters: &[(String, String)]) -> Result<&str, Error> {
    let unknown = parameters.iter().filter(|(name, _)| name != FOR_WHOM);
    let unknown = unknown.map(|(name, _)| Violation::new(name, "error.request.parameter_unknown").with("nearest", FOR_WHOM));
    let mut named = parameters.iter().filter(|(name, _)| name == FOR_WHOM).map(|(_, value)| value.as_str());
    let provider = named.next().unwrap_or_default();
    let repeated = named.next().map(|_| Violation::new(FOR_WHOM, "error.request.parameter_repeated"));
    let faults: Vec<Violation> = unknown.chain(repeated).collect();
    if faults.is_empty() { Ok(provider) } else { Err(Error::invalid(faults)) }
}

fn format(headers: &HeaderMap) -> Result<Format, Error> {
    let (media_type, encoding) = (text(headers, "content-type"), text(headers, "content-encoding"));
    let refused = |value: String, allowed: String| {
        Error::new(ErrorCode::InvalidArgument, "error.request.media_type").with("value", value).with("allowed", allowed)
    };
    if !["", "identity"].contains(&encoding) {
        return Err(refused(format!("Content-Encoding: {encoding}"), format!("{MEDIA_TYPES}; Content-Encoding: gzip")));
    }
    Format::of(media_type).ok_or_else(|| refused(media_type.to_owned(), MEDIA_TYPES.to_owned()))
}

async fn original(
    State(door): State<Door>,
    place: Result<Path<(String, String, String)>, PathRejection>,
    axum::Extension(reader): axum::Extension<Principal>,
    uri: Uri,
) -> Response {
    let id = place.map_or_else(|_| uri.path().to_owned(), |Path((node, epoch, seq))| format!("{node}/{epoch}/{seq}"));
    match door.ingestion.original(&id, &reader).await {
        // As received, and never rendered: what a provider sent must not run in a console.
        Ok((content_type, body)) => {
            let headers = [(CONTENT_TYPE, content_type.as_str()), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (CONTENT_DISPOSITION, "attachment")];
            (headers, body).into_response()
        }
        Err(error) => Error::from(error).into_response(),
    }
}

async fn other_method(method: Method, uri: Uri, allowed: &'static str) -> Response {
    let refused = Error::new(ErrorCode::Unimplemented, "error.request.method_not_allowed");
    let refused = refused.with("path", uri.path()).with("method", method.as_str()).with("allowed", allowed);
    ([(ALLOW, HeaderValue::from_static(allowed))], refused).into_response()
}

/// Receipts as the JSON of the contract.
pub fn as_json(receipts: &[Receipt]) -> Response {
    let documents: Vec<serde_json::Value> = receipts.iter().map(|receipt| json::value(RECEIPT, receipt)).collect();
    (StatusCode::OK, axum::Json(documents)).into_response()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
