//! What can go wrong at the gateway, for its callers: each variant is something that one of them can do.

use std::time::Duration;

use tracemesh_chassis::TaskError;
use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_chassis::tls::TlsError;
use tracemesh_journal::JournalError;
use tracemesh_peers::RemoteError;
use tracemesh_store::DbErr;

/// When somebody whose question was refused may ask again.
const AGAIN: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum FederationError {
    /// Every fault of the request at once.
    #[error("{} faults in the request", .0.len())]
    Invalid(Vec<Violation>),
    #[error("{0} is linked already")]
    ChildTaken(String),
    #[error("there is no child {0:?}")]
    NoChild(String),
    #[error("{0} is not quarantined")]
    NotQuarantined(String),
    #[error("this node has the parent {0} already")]
    ParentExists(String),
    /// Used, out of date, made for another node, or not a whole code.
    #[error("the invitation is not valid")]
    Invitation,
    #[error("whoever answers at {0} is not who has invited us")]
    Fingerprint(String),
    #[error("{url} cannot be reached: {detail}")]
    Unreachable { url: String, detail: String },
    /// What the parent said when it refused us.
    #[error("the parent refuses: {0}")]
    Refused(tonic::Status),
    /// Another service of this node.
    #[error("{0} does not do its part: {1}")]
    Service(&'static str, tonic::Status),
    #[error("{0} asks too often")]
    TooManyQuestions(String),
    /// A key that cannot be read or written, mostly.
    #[error("the journals of what is for {0} cannot be opened")]
    Downlink(String, #[source] TaskError),
    #[error("another node runs version {0}")]
    Version(String),
    #[error("a certificate cannot be made or read")]
    Tls(#[from] TlsError),
    #[error("the gateway's database does not answer")]
    Database(#[from] DbErr),
    #[error("the gateway's journal cannot be written")]
    Journal(#[from] JournalError),
}

impl FederationError {
    /// Why another node could not be reached.
    pub fn unreachable(url: &str, error: RemoteError) -> Self {
        match error {
            RemoteError::Untrusted { url, .. } => Self::Fingerprint(url),
            RemoteError::Url { url } => Self::Invalid(vec![
                Violation::new("url", "error.request.value_invalid").with("value", url).with("expected", "https://HOST:PORT"),
            ]),
            RemoteError::Away { why, .. } => Self::Unreachable { url: url.to_owned(), detail: why },
            RemoteError::Tls(error) => Self::Tls(error),
        }
    }
}

impl From<FederationError> for Error {
    fn from(error: FederationError) -> Self {
        use FederationError as F;
        match error {
            F::Invalid(violations) => Self::invalid(violations),
            F::ChildTaken(id) => Self::new(ErrorCode::AlreadyExists, "error.link.child_taken").with("id", id),
            F::NoChild(id) => Self::new(ErrorCode::NotFound, "error.link.child_unknown").with("id", id),
            F::NotQuarantined(id) => Self::new(ErrorCode::FailedPrecondition, "error.link.not_quarantined").with("id", id),
            F::ParentExists(parent) => Self::new(ErrorCode::FailedPrecondition, "error.link.parent_exists").with("parent", parent),
            F::Invitation => Self::new(ErrorCode::PermissionDenied, "error.link.invitation_invalid"),
            F::Fingerprint(url) => Self::new(ErrorCode::FailedPrecondition, "error.link.fingerprint").with("url", url),
            F::Unreachable { url, detail } => {
                Self::new(ErrorCode::Unavailable, "error.link.unreachable").with("url", url).with("detail", detail)
            }
            F::Refused(status) => Self::from(ErrorCode::of(status.code())).because(status),
            error @ F::Service(..) => Self::from(ErrorCode::Unavailable).because(error),
            F::TooManyQuestions(id) => {
                Self::new(ErrorCode::ResourceExhausted, "error.link.too_many_questions").with("id", id).retry_after(AGAIN)
            }
            F::Version(version) => Self::new(ErrorCode::FailedPrecondition, "error.link.version").with("version", version),
            F::Tls(error @ TlsError::Request(_)) => {
                let violation = Violation::new("signing_request", "error.request.value_invalid");
                Self::invalid(vec![violation.with("value", error.to_string()).with("expected", "PEM")])
            }
            F::Tls(error) => Self::internal(error),
            error @ F::Downlink(..) => Self::internal(error),
            error @ (F::Database(_) | F::Journal(_)) => Self::from(ErrorCode::Unavailable).because(error),
        }
    }
}

impl From<FederationError> for tonic::Status {
    /// What the parent said is handed on as it was said, texts and all.
    fn from(error: FederationError) -> Self {
        match error {
            FederationError::Refused(status) => status,
            error => Error::from(error).into(),
        }
    }
}
