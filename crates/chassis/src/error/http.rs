//! An error as an HTTP answer: `google.rpc.Status` as JSON, with the same details that gRPC carries.
//!
//! The status line follows `google.rpc.Code`; a few reasons that only HTTP has keep their own (405, 413, 415). `Retry-After` repeats the
//! detail `RetryInfo`, and 401 says that a bearer token is asked for. Names in the JSON are those of the proto, as everywhere in our JSON.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde_json::{Value, json};
use tonic::Status;
use tonic_types::StatusExt;

use super::{Error, ErrorCode, settle};

/// The types of `google.rpc`, by which details are read whatever they are.
static STATUS: LazyLock<MessageDescriptor> = LazyLock::new(|| {
    let pool = DescriptorPool::decode(tonic_types::pb::FILE_DESCRIPTOR_SET).expect("tonic-types ships whole descriptors");
    pool.get_message_by_name("google.rpc.Status").expect("google.rpc has a Status")
});

const JSON: SerializeOptions = SerializeOptions::new().use_proto_field_name(true);

/// The HTTP answer for a status. One without details is settled first.
pub fn answer(status: Status) -> Response {
    let status = settle(status);
    let mut response = (status_code(&status), json(&status).to_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = retry_after_seconds(&status) {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The status as the JSON of `google.rpc.Status`: `code` as a number, `message` in English, and the details.
pub fn json(status: &Status) -> Value {
    detailed(status).unwrap_or_else(|| json!({"code": status.code() as i32, "message": status.message(), "details": []}))
}

/// None where the details are of no type that we know; they are then left out rather than guessed at.
fn detailed(status: &Status) -> Option<Value> {
    let message = DynamicMessage::decode(STATUS.clone(), status.details()).ok()?;
    let value = message.serialize_with_options(serde_json::value::Serializer, &JSON).ok()?;
    value.get("code").is_some().then_some(value)
}

fn status_code(status: &Status) -> StatusCode {
    let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
    match (reason.as_str(), ErrorCode::of(status.code())) {
        ("REQUEST_METHOD_NOT_ALLOWED", _) => StatusCode::METHOD_NOT_ALLOWED,
        ("REQUEST_BODY_TOO_LARGE", _) => StatusCode::PAYLOAD_TOO_LARGE,
        ("REQUEST_MEDIA_TYPE", _) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        (_, code) => of(code),
    }
}

/// The mapping that `google.rpc.Code` documents.
fn of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidArgument | ErrorCode::FailedPrecondition | ErrorCode::OutOfRange => StatusCode::BAD_REQUEST,
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::PermissionDenied => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::AlreadyExists | ErrorCode::Aborted => StatusCode::CONFLICT,
        ErrorCode::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Cancelled => StatusCode::from_u16(499).expect("three digits are a status"),
        ErrorCode::Internal | ErrorCode::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
    }
}

/// Whole seconds, rounded up: half a second must not become "at once".
fn retry_after_seconds(status: &Status) -> Option<u64> {
    let pause = status.get_details_retry_info()?.retry_delay?;
    Some(pause.as_millis().div_ceil(1000) as u64)
}

/// HTTP handlers return the error as it is.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        answer(self.into())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::Violation;

    #[test]
    fn the_json_is_that_of_google_rpc_status() {
        let violation = Violation::new("by", "error.figures.dimension_unknown").with("value", "colour").with("allowed", "day, month");
        let value = json(&Error::invalid(vec![violation]).into());
        assert_eq!(value["code"], 3);
        let details = value["details"].as_array().unwrap();
        let types: Vec<&str> = details.iter().map(|d| d["@type"].as_str().unwrap().rsplit('.').next().unwrap()).collect();
        assert_eq!(types, ["ErrorInfo", "BadRequest", "LocalizedMessage", "LocalizedMessage"]);
        assert_eq!(details[0]["reason"], "INVALID_ARGUMENT");
        let shown = &details[1]["field_violations"][0];
        assert_eq!(shown["field"], "by");
        assert_eq!(shown["localized_message"]["locale"], "zh-CN");
        assert_eq!(details[2]["locale"], "zh-CN");
        assert_eq!(details[3]["locale"], "en");
    }

    #[test]
    fn headers_say_how_to_come_back() {
        let busy = Error::new(ErrorCode::ResourceExhausted, "error.request.rate_limited").retry_after(Duration::from_millis(1500));
        let response = busy.into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[RETRY_AFTER], "2");
        let response = Error::from(ErrorCode::Unauthenticated).into_response();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
    }

    #[test]
    fn what_only_http_knows_keeps_its_status() {
        let large = Error::new(ErrorCode::ResourceExhausted, "error.request.body_too_large").with("limit_bytes", "1");
        assert_eq!(large.into_response().status(), StatusCode::PAYLOAD_TOO_LARGE);
        let media = Error::new(ErrorCode::InvalidArgument, "error.request.media_type");
        assert_eq!(media.into_response().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }

    #[test]
    fn details_that_nobody_knows_are_left_out() {
        let status = Status::with_details(tonic::Code::NotFound, "gone", bytes::Bytes::from_static(b"\xff\xff"));
        assert_eq!(json(&status), json!({"code": 5, "message": "gone", "details": []}));
    }
}
