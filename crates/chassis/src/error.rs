//! How a call fails, once for the whole mesh.
//!
//! A service has its own enum of what can go wrong, and one place where that becomes an [`Error`]: a code of a closed set, by which
//! programs act; a reason, which is the key of a text in the catalogue, by which people act; and what the text's blanks are filled with.
//! From there it is the same everywhere: `status.rs` makes the gRPC status with the details of `google.rpc`, `http.rs` the HTTP answer with
//! the same details as JSON, in both languages.
//!
//! An internal error shows its caller a number and nothing else. The chain of causes is logged under that number where the error leaves the
//! process, and only there.

mod denial;
mod http;
mod status;

use std::fmt;
use std::time::Duration;

use tonic::Code;
use tracemesh_catalogue::Message;

pub use self::http::{answer, json};
pub use status::{of_transport, settle};

/// Longest value that an error repeats to its caller, in characters.
pub const MAX_VALUE_CHARS: usize = 200;

/// What a caller can do about an error: the closed set, each the gRPC code of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// There is no such thing, or the caller may not see it.
    NotFound,
    /// The id is taken.
    AlreadyExists,
    /// The request is wrong whatever the state is; the violations say where.
    InvalidArgument,
    /// The request would be right in another state.
    FailedPrecondition,
    /// The caller is known and may not.
    PermissionDenied,
    /// The caller is not known.
    Unauthenticated,
    /// A quota or a size is used up.
    ResourceExhausted,
    /// The position lies outside what there is.
    OutOfRange,
    /// Try again: nothing happened.
    Unavailable,
    /// It took too long: whether it happened is not known.
    DeadlineExceeded,
    /// Somebody else changed the same thing: read again.
    Aborted,
    /// The caller went away.
    Cancelled,
    /// This version does not do that.
    Unimplemented,
    /// What is stored is not what was stored.
    DataLoss,
    /// Our fault.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [ErrorCode; 15] = [
        ErrorCode::NotFound,
        ErrorCode::AlreadyExists,
        ErrorCode::InvalidArgument,
        ErrorCode::FailedPrecondition,
        ErrorCode::PermissionDenied,
        ErrorCode::Unauthenticated,
        ErrorCode::ResourceExhausted,
        ErrorCode::OutOfRange,
        ErrorCode::Unavailable,
        ErrorCode::DeadlineExceeded,
        ErrorCode::Aborted,
        ErrorCode::Cancelled,
        ErrorCode::Unimplemented,
        ErrorCode::DataLoss,
        ErrorCode::Internal,
    ];

    /// On the wire, and the reason for where nothing more exact is known.
    const fn row(self) -> (Code, &'static str) {
        match self {
            ErrorCode::NotFound => (Code::NotFound, "error.not_found"),
            ErrorCode::AlreadyExists => (Code::AlreadyExists, "error.already_exists"),
            ErrorCode::InvalidArgument => (Code::InvalidArgument, "error.invalid_argument"),
            ErrorCode::FailedPrecondition => (Code::FailedPrecondition, "error.failed_precondition"),
            ErrorCode::PermissionDenied => (Code::PermissionDenied, "error.permission_denied"),
            ErrorCode::Unauthenticated => (Code::Unauthenticated, "error.unauthenticated"),
            ErrorCode::ResourceExhausted => (Code::ResourceExhausted, "error.resource_exhausted"),
            ErrorCode::OutOfRange => (Code::OutOfRange, "error.out_of_range"),
            ErrorCode::Unavailable => (Code::Unavailable, "error.unavailable"),
            ErrorCode::DeadlineExceeded => (Code::DeadlineExceeded, "error.deadline_exceeded"),
            ErrorCode::Aborted => (Code::Aborted, "error.aborted"),
            ErrorCode::Cancelled => (Code::Cancelled, "error.cancelled"),
            ErrorCode::Unimplemented => (Code::Unimplemented, "error.unimplemented"),
            ErrorCode::DataLoss => (Code::DataLoss, "error.data_loss"),
            ErrorCode::Internal => (Code::Internal, "error.internal"),
        }
    }

    /// The code on the wire.
    pub const fn grpc(self) -> Code {
        self.row().0
    }

    /// The catalogue's key for where nothing more exact is known.
    pub const fn reason(self) -> &'static str {
        self.row().1
    }

    /// From the wire. `Unknown`, and an error that says `Ok`, are somebody's mistake: internal.
    pub fn of(code: Code) -> ErrorCode {
        ErrorCode::ALL.into_iter().find(|known| known.grpc() == code).unwrap_or(ErrorCode::Internal)
    }
}

/// What an error's or a violation's blanks are filled with.
type Values = Vec<(&'static str, String)>;

/// One thing that is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    field: String,
    reason: &'static str,
    values: Values,
}

impl Violation {
    /// `field` is the path in the request with proto names and dots, `units.0.code`; `reason` the key of its text in the catalogue, whose
    /// blank `{field}` is filled from here.
    pub fn new(field: impl Into<String>, reason: &'static str) -> Violation {
        debug_assert!(tracemesh_catalogue::lookup(reason).is_some(), "the catalogue has no text for {reason}");
        let field = cut(field);
        Violation { values: vec![("field", field.clone())], field, reason }
    }

    /// Fills a blank of the text.
    #[must_use]
    pub fn with(mut self, blank: &'static str, value: impl Into<String>) -> Violation {
        self.values.push((blank, cut(value)));
        self
    }

    /// Where it is wrong.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The catalogue's key.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

/// Why a call fails.
#[derive(Debug)]
pub struct Error {
    code: ErrorCode,
    reason: &'static str,
    values: Values,
    violations: Vec<Violation>,
    retry_after: Option<Duration>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// `reason` is the key of its text in the catalogue.
    pub fn new(code: ErrorCode, reason: &'static str) -> Error {
        debug_assert!(tracemesh_catalogue::lookup(reason).is_some(), "the catalogue has no text for {reason}");
        Error { code, reason, values: Vec::new(), violations: Vec::new(), retry_after: None, source: None }
    }

    /// A request that is wrong in one or more places, told all at once.
    pub fn invalid(violations: Vec<Violation>) -> Error {
        Error { violations, ..ErrorCode::InvalidArgument.into() }
    }

    /// Our fault. The source is for the log, never for the caller.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::from(ErrorCode::Internal).because(source)
    }

    /// Fills a blank of the text.
    #[must_use]
    pub fn with(mut self, blank: &'static str, value: impl Into<String>) -> Error {
        self.values.push((blank, cut(value)));
        self
    }

    /// Says when trying again makes sense.
    #[must_use]
    pub fn retry_after(mut self, pause: Duration) -> Error {
        self.retry_after = Some(pause);
        self
    }

    /// Keeps what caused it. A caller never sees it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.source = Some(source.into());
        self
    }

    /// What a program goes by.
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    /// The catalogue's key.
    pub fn reason(&self) -> &'static str {
        self.reason
    }

    /// What is wrong with the request, field by field.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

/// The error of a code about which nothing more is known.
impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Error {
        Error::new(code, code.reason())
    }
}

/// The English text, for logs and for the operator's terminal.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&rendered(text_of(self.reason), &self.values).message_en)?;
        for violation in &self.violations {
            write!(f, " {}", rendered(text_of(violation.reason), &violation.values).message_en)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The text of a reason, or of an internal error where somebody made a key up: a caller is never left without one.
fn text_of(reason: &str) -> &'static Message {
    tracemesh_catalogue::lookup(reason)
        .or_else(|| tracemesh_catalogue::lookup(ErrorCode::Internal.reason()))
        .expect("the catalogue has a text for every error code")
}

fn rendered(text: &Message, values: &Values) -> tracemesh_catalogue::Rendered {
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    text.render(&values)
}

fn cut(value: impl Into<String>) -> String {
    let value = value.into();
    match value.char_indices().nth(MAX_VALUE_CHARS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_code_on_the_wire_and_a_text() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::of(code.grpc()), code);
            assert!(tracemesh_catalogue::lookup(code.reason()).is_some(), "{code:?}");
        }
        assert_eq!(ErrorCode::of(Code::Unknown), ErrorCode::Internal);
    }

    #[test]
    fn an_error_reads_as_a_sentence_with_its_violations() {
        let error = Error::invalid(vec![Violation::new("page_token", "error.request.page_token").with("value", "x")]);
        assert_eq!(error.to_string(), "The request does not meet the requirements. The page token x is not one of ours.");
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let error = Error::new(ErrorCode::NotFound, "error.receipt.unknown").with("id", "䶮".repeat(5000));
        assert_eq!(error.values[0].1.chars().count(), MAX_VALUE_CHARS + 1);
    }
}
