//! What can go wrong in ingestion, for its callers: each variant is something that one of them can do.

use std::time::Duration;

use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_journal::JournalError;
use tracemesh_store::DbErr;

/// When a sender that was turned away may come again.
const AGAIN: Duration = Duration::from_secs(1);
/// What somebody has to approve takes longer.
const SETTLED: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum IngestionError {
    /// Somebody else reads the source now; what was read of it is dropped and read again from the stored offset.
    #[error("{of} no longer stands at {expected}")]
    SourceMoved { of: String, expected: i64 },
    #[error("no receipt {0:?}")]
    NoReceipt(String),
    #[error("{0:?} is no receipt id: NODE.ingestion/EPOCH/SEQ")]
    NotAReceiptId(String),
    #[error("the body of {0} was erased")]
    Erased(String),
    #[error("no dead letter {0:?}")]
    NoDeadLetter(String),
    #[error("no provider {0:?}")]
    NoProvider(String),
    #[error("provider {0:?} is suspended")]
    Suspended(String),
    #[error("{0} belongs to somebody else")]
    OtherProvider(String),
    #[error("{} faults in the request", .0.len())]
    Invalid(Vec<Violation>),
    /// Nothing was taken; send again after a while.
    #[error("too many submissions are waiting")]
    Busy,
    #[error("the commit failed: nothing or only a part was taken")]
    NotTaken,
    /// The parent holds another history of this node: nothing is taken until that is settled.
    #[error("nothing is taken: {0}")]
    Quarantined(String),
    #[error("ingestion is stopping")]
    Stopped,
    #[error("{0:?} is known neither here nor where this node could ask")]
    NoTrace(String),
    #[error("ingestion's database does not answer")]
    Database(#[from] DbErr),
    #[error("ingestion's journal cannot be written or read")]
    Journal(#[from] JournalError),
}

impl From<IngestionError> for Error {
    fn from(error: IngestionError) -> Self {
        use IngestionError as I;
        match error {
            I::NoReceipt(id) => Self::new(ErrorCode::NotFound, "error.receipt.unknown").with("id", id),
            I::NotAReceiptId(value) => Self::invalid(vec![Violation::new("id", "error.receipt.id_invalid").with("value", value)]),
            I::Erased(id) => Self::new(ErrorCode::NotFound, "error.receipt.body_gone").with("id", id),
            I::NoDeadLetter(id) => Self::new(ErrorCode::NotFound, "error.dead_letter.unknown").with("id", id),
            I::NoProvider(id) => Self::new(ErrorCode::NotFound, "error.provider.unknown").with("id", id),
            I::Suspended(id) => Self::new(ErrorCode::PermissionDenied, "error.provider.suspended").with("id", id),
            I::OtherProvider(id) => Self::new(ErrorCode::PermissionDenied, "error.access.other_provider").with("provider", id),
            I::Invalid(violations) => Self::invalid(violations),
            I::Busy => Self::new(ErrorCode::ResourceExhausted, "error.intake.busy").retry_after(AGAIN),
            I::Stopped => Self::new(ErrorCode::Unavailable, "error.intake.stopped").retry_after(AGAIN),
            I::NotTaken | I::SourceMoved { .. } => Self::new(ErrorCode::Unavailable, "error.intake.unwritable").retry_after(AGAIN),
            I::Quarantined(detail) => {
                Self::new(ErrorCode::Unavailable, "error.intake.quarantined").with("detail", detail).retry_after(SETTLED)
            }
            I::NoTrace(code) => Self::new(ErrorCode::NotFound, "error.trace.code_unknown").with("code", code),
            I::Journal(damaged @ JournalError::Damaged { .. }) => Self::from(ErrorCode::DataLoss).because(damaged),
            error @ (I::Database(_) | I::Journal(_)) => Self::from(ErrorCode::Unavailable).because(error),
        }
    }
}

impl From<IngestionError> for tonic::Status {
    fn from(error: IngestionError) -> Self {
        Error::from(error).into()
    }
}
