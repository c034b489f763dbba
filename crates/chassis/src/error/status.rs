//! An error as a gRPC status with the details of `google.rpc`.
//!
//! | detail | holds |
//! |---|---|
//! | `ErrorInfo` | reason in capitals (`RECEIPT_UNKNOWN`), domain `tracemesh`, and as metadata the catalogue's key under `code` and the values |
//! | `LocalizedMessage` | message and remedy, once in `zh-CN` and once in `en` |
//! | `BadRequest` | every violation: its field, reason, English text as description, Chinese text as localized message |
//! | `RetryInfo` | when to try again, where that is known |
//!
//! A status travels in HTTP/2 headers, of which a peer takes 16 KiB. Violations beyond [`VIOLATION_BYTES`] are therefore counted, not shown.

use std::collections::HashMap;
use std::error::Error as _;

use tonic::{Code, Status, TimeoutExpired};
use tonic_types::{BadRequest, ErrorDetail, ErrorInfo, FieldViolation, LocalizedMessage, RetryInfo, StatusExt};
use tracemesh_catalogue::Rendered;

use super::{Error, ErrorCode, Violation, rendered, text_of};

/// Whose reasons these are, in `ErrorInfo`.
const DOMAIN: &str = "tracemesh";
/// Most bytes of violations in one status; the first is always shown.
const VIOLATION_BYTES: usize = 4 * 1024;
/// What tonic says when a deadline has passed, as CANCELLED.
const TIMEOUT_TEXT: &str = "Timeout expired";
/// What tonic says of a message above its limit, as OUT_OF_RANGE.
const TOO_LARGE_TEXT: &str = "message length too large";

impl From<Error> for Status {
    fn from(error: Error) -> Status {
        let error = numbered(error);
        let text = rendered(text_of(error.reason), &error.values);
        let (shown, left_out) = shown(&error.violations);
        let mut metadata = metadata(&error);
        if left_out > 0 {
            metadata.insert("violations_left_out".into(), left_out.to_string());
        }
        let mut details: Vec<ErrorDetail> = vec![ErrorInfo::new(capitals(error.reason), DOMAIN, metadata).into()];
        if !shown.is_empty() {
            details.push(BadRequest::new(shown).into());
        }
        if let Some(pause) = error.retry_after {
            details.push(RetryInfo::new(Some(pause)).into());
        }
        details.push(LocalizedMessage::new("zh-CN", chinese(&text)).into());
        details.push(LocalizedMessage::new("en", english(&text)).into());
        Status::with_error_details_vec(error.code.grpc(), text.message_en, details)
    }
}

/// A status as a caller may see it, wherever it came from. One that carries details is ours and stays as it is. The others come from tonic
/// or the transport; they get the texts of their code, and what they say inside goes to the log.
pub fn settle(status: Status) -> Status {
    if status.details().is_empty() { stranger(status).into() } else { status }
}

/// What a connection says in other words: a deadline that passed here is not "cancelled", and a broken connection is not "unknown".
pub fn of_transport(error: tonic::transport::Error) -> Status {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<TimeoutExpired>() {
            return Status::deadline_exceeded("no answer before the deadline");
        }
        text = format!("{text}: {error}");
        cause = error.source();
    }
    Status::unavailable(text)
}

fn stranger(status: Status) -> Error {
    match status.code() {
        Code::Cancelled if status.message() == TIMEOUT_TEXT => ErrorCode::DeadlineExceeded.into(),
        Code::OutOfRange if status.message().contains(TOO_LARGE_TEXT) => {
            Error::new(ErrorCode::OutOfRange, "error.request.message_too_large")
        }
        Code::Unknown if came_from_transport(&status) => ErrorCode::Unavailable.into(),
        code => Error::from(ErrorCode::of(code)),
    }
    .because(status)
}

fn came_from_transport(status: &Status) -> bool {
    status.source().is_some_and(|source| source.is::<tonic::transport::Error>())
}

/// Gives an internal error its number and logs its causes under it. Whatever else has a cause leaves it in the log for who looks closely.
fn numbered(error: Error) -> Error {
    let causes = causes(&error);
    if error.code != ErrorCode::Internal {
        if !causes.is_empty() {
            tracing::debug!(reason = error.reason, causes, "call failed");
        }
        return error;
    }
    let event = format!("{:016x}", rand::random::<u64>());
    tracing::error!(event, reason = error.reason, causes, "internal error");
    Error { values: vec![("id", event)], ..Error::from(ErrorCode::Internal) }
}

fn causes(error: &Error) -> String {
    let mut texts = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts.join(": ")
}

/// `error.receipt.unknown` → `RECEIPT_UNKNOWN`: the form that `google.rpc.ErrorInfo` asks for.
fn capitals(reason: &str) -> String {
    reason.strip_prefix("error.").unwrap_or(reason).replace('.', "_").to_uppercase()
}

fn metadata(error: &Error) -> HashMap<String, String> {
    let values = error.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    values.chain([("code".to_owned(), error.reason.to_owned())]).collect()
}

/// The violations that fit, and how many do not.
fn shown(violations: &[Violation]) -> (Vec<FieldViolation>, usize) {
    let mut bytes = 0;
    let shown: Vec<FieldViolation> = violations
        .iter()
        .map(field_violation)
        .take_while(|violation| {
            let first = bytes == 0;
            bytes += violation.field.len() + violation.description.len();
            bytes += violation.localized_message.as_ref().map_or(0, |text| text.message.len());
            first || bytes <= VIOLATION_BYTES
        })
        .collect();
    let left_out = violations.len() - shown.len();
    (shown, left_out)
}

fn field_violation(violation: &Violation) -> FieldViolation {
    let text = rendered(text_of(violation.reason), &violation.values);
    FieldViolation {
        field: violation.field.clone(),
        description: english(&text),
        reason: capitals(violation.reason),
        localized_message: Some(LocalizedMessage::new("zh-CN", chinese(&text))),
    }
}

fn chinese(text: &Rendered) -> String {
    format!("{}{}", text.message_zh, text.remedy_zh)
}

fn english(text: &Rendered) -> String {
    format!("{} {}", text.message_en, text.remedy_en)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn texts(status: &Status) -> Vec<(String, String)> {
        let details = status.get_error_details_vec();
        details
            .into_iter()
            .filter_map(|detail| match detail {
                ErrorDetail::LocalizedMessage(text) => Some((text.locale, text.message)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_status_says_it_to_programs_and_in_both_languages_to_people() {
        let error = Error::new(ErrorCode::NotFound, "error.receipt.unknown").with("id", "xm.ingestion/1/9");
        let status = Status::from(error.retry_after(Duration::from_secs(2)));
        assert_eq!(status.code(), Code::NotFound);
        let info = status.get_details_error_info().unwrap();
        assert_eq!((info.reason.as_str(), info.domain.as_str()), ("RECEIPT_UNKNOWN", "tracemesh"));
        assert_eq!(info.metadata["code"], "error.receipt.unknown");
        assert_eq!(info.metadata["id"], "xm.ingestion/1/9");
        assert_eq!(status.get_details_retry_info().unwrap().retry_delay, Some(Duration::from_secs(2)));
        let locales: Vec<String> = texts(&status).into_iter().map(|(locale, _)| locale).collect();
        assert_eq!(locales, ["zh-CN", "en"]);
        assert!(texts(&status).iter().all(|(_, text)| text.contains("xm.ingestion/1/9")));
    }

    #[test]
    fn violations_come_all_at_once_with_their_fields() {
        let violations = vec![
            Violation::new("page_token", "error.request.page_token").with("value", "x"),
            Violation::new("code", "error.request.value_missing"),
        ];
        let shown = Status::from(Error::invalid(violations)).get_details_bad_request().unwrap().field_violations;
        assert_eq!(shown.iter().map(|v| v.field.as_str()).collect::<Vec<_>>(), ["page_token", "code"]);
        assert_eq!(shown[1].reason, "REQUEST_VALUE_MISSING");
        assert_eq!(shown[1].description, "The field code is required and not there. Add it and send the request again.");
        assert!(shown[1].localized_message.as_ref().unwrap().message.starts_with("缺少必填字段“code”。"));
    }

    #[test]
    fn what_does_not_fit_a_header_is_counted() {
        let violations = (0..500).map(|n| Violation::new(format!("field_{n}"), "error.request.value_missing")).collect();
        let status = Status::from(Error::invalid(violations));
        let shown = status.get_details_bad_request().unwrap().field_violations.len();
        assert!(shown > 10, "{shown}");
        let left_out = &status.get_details_error_info().unwrap().metadata["violations_left_out"];
        assert_eq!(left_out, &(500 - shown).to_string());
        assert!(status.details().len() < 8 * 1024, "{}", status.details().len());
    }

    #[test]
    fn an_internal_error_shows_a_number_and_no_cause() {
        let status = Status::from(Error::internal(std::io::Error::other("disk /dev/sda is full")));
        assert_eq!(status.code(), Code::Internal);
        assert!(!String::from_utf8_lossy(status.details()).contains("sda"));
        let number = &status.get_details_error_info().unwrap().metadata["id"];
        assert_eq!(number.len(), 16);
        assert!(status.message().contains(number.as_str()), "{}", status.message());
    }

    #[test]
    fn a_strange_status_gets_the_texts_of_its_code() {
        let settled = settle(Status::cancelled("Timeout expired"));
        assert_eq!(settled.code(), Code::DeadlineExceeded);
        assert_eq!(texts(&settled).len(), 2);
        let settled = settle(Status::unknown("panicked at src/lib.rs"));
        assert_eq!(settled.code(), Code::Internal);
        assert!(!settled.message().contains("panicked"));
        let settled = settle(Status::out_of_range("Error, decoded message length too large: found 9 bytes, the limit is: 4 bytes"));
        assert_eq!(settled.get_details_error_info().unwrap().reason, "REQUEST_MESSAGE_TOO_LARGE");
    }

    #[test]
    fn a_status_of_ours_stays_as_it_is() {
        let status = Status::from(Error::new(ErrorCode::NotFound, "error.area.unknown").with("id", "1"));
        assert_eq!(settle(status.clone()).details(), status.details());
    }
}
