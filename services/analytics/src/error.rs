//! What can go wrong in analytics, for its callers: each variant is something that one of them can do.

use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_journal::{BadCommit, JournalError};
use tracemesh_store::DbErr;

use crate::domain::dimension::Dimension;
use crate::domain::month::Month;
use crate::domain::question::QuestionFault;
use crate::domain::sheet::SheetFault;

#[derive(Debug, thiserror::Error)]
pub enum AnalyticsError {
    /// Every fault of the question at once.
    #[error("{} faults in the question", .0.len())]
    Question(Vec<QuestionFault>),
    /// Narrow it, or ask by fewer dimensions.
    #[error("the answer has too many rows")]
    TooManyRows,
    /// Raise `analytics.recount_records_max`, where there is memory for it.
    #[error("there are more records than a recount holds")]
    TooManyRecords,
    #[error("there are no figures of {0:?}")]
    NoOrigin(String),
    #[error("{origin} has no figures for {month}")]
    NoMonth { origin: String, month: String },
    /// Every fault of somebody's figures at once.
    #[error("{} faults in the figures", .0.len())]
    Sheet(Vec<SheetFault>),
    #[error("the figures of {origin} for {month} do not have their hash")]
    HashMismatch { origin: String, month: Month },
    /// The journal has less than was counted: it was set back.
    #[error("{journal} ends at {end}, before {asked}")]
    Shorter { journal: String, end: u64, asked: u64 },
    #[error("{journal} is damaged: {bad}")]
    Damaged { journal: String, bad: BadCommit },
    #[error("ingestion does not answer")]
    Ingestion(#[from] tonic::Status),
    #[error("analytics' database does not answer")]
    Database(#[from] DbErr),
    #[error("analytics' journal cannot be written")]
    Journal(#[from] JournalError),
}

impl From<AnalyticsError> for Error {
    fn from(error: AnalyticsError) -> Self {
        use AnalyticsError as A;
        match error {
            A::Question(faults) => Self::invalid(faults.into_iter().map(question_violation).collect()),
            A::Sheet(faults) => Self::invalid(faults.into_iter().map(sheet_violation).collect()),
            A::TooManyRows | A::TooManyRecords => Self::from(ErrorCode::ResourceExhausted).because(error),
            A::NoOrigin(origin) => Self::new(ErrorCode::NotFound, "error.figures.origin_unknown").with("origin", origin),
            A::NoMonth { origin, month } => {
                Self::new(ErrorCode::NotFound, "error.figures.month_unknown").with("origin", origin).with("month", month)
            }
            A::HashMismatch { origin, month } => {
                Self::new(ErrorCode::InvalidArgument, "error.figures.hash_mismatch").with("origin", origin).with("month", month.to_string())
            }
            A::Shorter { journal, end, asked } => Self::new(ErrorCode::OutOfRange, "error.journal.beyond_end")
                .with("journal", journal)
                .with("end", end.to_string())
                .with("asked", asked.to_string()),
            A::Damaged { journal, bad } => Self::new(ErrorCode::DataLoss, "error.journal.damaged")
                .with("journal", journal)
                .with("seq", bad.seq_from.to_string())
                .because(bad),
            error @ (A::Ingestion(_) | A::Database(_) | A::Journal(_)) => Self::from(ErrorCode::Unavailable).because(error),
        }
    }
}

impl From<AnalyticsError> for tonic::Status {
    fn from(error: AnalyticsError) -> Self {
        Error::from(error).into()
    }
}

fn question_violation(fault: QuestionFault) -> Violation {
    match fault {
        QuestionFault::Date { field, value } => Violation::new(field, "error.request.date_invalid").with("value", value),
        QuestionFault::Reversed { from, to } => {
            Violation::new("from", "error.figures.range_reversed").with("from", from.to_string()).with("to", to.to_string())
        }
        QuestionFault::Dimension { index, value } => {
            let allowed: Vec<&str> = Dimension::ALL.iter().map(|(_, word)| *word).collect();
            let violation = Violation::new(format!("by.{index}"), "error.figures.dimension_unknown");
            violation.with("value", value).with("allowed", allowed.join(", "))
        }
    }
}

fn sheet_violation(SheetFault { field, value, expected }: SheetFault) -> Violation {
    Violation::new(field, "error.request.value_invalid").with("value", value).with("expected", expected)
}
