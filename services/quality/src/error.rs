//! What can go wrong in quality, for its callers: each variant is something that one of them can do.

use std::time::Duration;

use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_journal::JournalError;
use tracemesh_rules::Weakened;
use tracemesh_store::DbErr;

use crate::domain::dimension::Dimension;
use crate::domain::finding::State;
use crate::domain::question::QuestionFault;

#[derive(Debug, thiserror::Error)]
pub enum QualityError {
    /// Every fault of the question at once.
    #[error("{} faults in the question", .0.len())]
    Question(Vec<QuestionFault>),
    /// Every fault of the request at once.
    #[error("{} faults in the request", .0.len())]
    Invalid(Vec<Violation>),
    /// Narrow it, or ask by fewer dimensions.
    #[error("the answer has too many rows")]
    TooManyRows,
    /// There is none, or the caller may not see it.
    #[error("no finding {0:?}")]
    NoFinding(String),
    #[error("a finding that is {from} cannot become {to}")]
    Transition { from: State, to: State },
    #[error("no mismatch {0:?}")]
    NoMismatch(String),
    /// What would hold less than the node above wants.
    #[error("{} rules of the node above would be weakened", .0.len())]
    Weakened(Vec<Weakened>),
    /// Rules hold from now on at the earliest.
    #[error("the instant has passed")]
    InstantPassed(i64),
    /// Come again after the pause.
    #[error("too many reports of mismatches")]
    TooManyMismatches { pause: Duration },
    #[error("ingestion does not answer")]
    Ingestion(#[from] tonic::Status),
    #[error("quality's database does not answer")]
    Database(#[from] DbErr),
    #[error("quality's journal cannot be written")]
    Journal(#[from] JournalError),
}

impl From<QualityError> for Error {
    fn from(error: QualityError) -> Self {
        use QualityError as Q;
        match error {
            Q::Question(faults) => Self::invalid(faults.into_iter().map(question_violation).collect()),
            Q::Invalid(violations) => Self::invalid(violations),
            Q::TooManyRows => Self::from(ErrorCode::ResourceExhausted).because(error),
            Q::NoFinding(id) => Self::new(ErrorCode::NotFound, "error.finding.unknown").with("id", id),
            Q::Transition { from, to } => Self::new(ErrorCode::FailedPrecondition, "error.finding.transition")
                .with("from", from.to_string())
                .with("to", to.to_string())
                .with("allowed", from.successors().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
            Q::NoMismatch(number) => Self::new(ErrorCode::NotFound, "error.mismatch.unknown").with("number", number),
            Q::Weakened(weakened) => {
                let named: Vec<String> = weakened.iter().map(|of| format!("{} ({})", of.rule, of.how)).collect();
                Self::new(ErrorCode::FailedPrecondition, "error.rules.weakened").with("rules", named.join(", "))
            }
            Q::InstantPassed(micros) => {
                let at = jiff::Timestamp::from_microsecond(micros).unwrap_or_default();
                Self::new(ErrorCode::FailedPrecondition, "error.rules.instant_passed").with("instant", at.to_string())
            }
            Q::TooManyMismatches { pause } => Self::new(ErrorCode::ResourceExhausted, "error.request.rate_limited").retry_after(pause),
            error @ (Q::Ingestion(_) | Q::Database(_) | Q::Journal(_)) => Self::from(ErrorCode::Unavailable).because(error),
        }
    }
}

impl From<QualityError> for tonic::Status {
    fn from(error: QualityError) -> Self {
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
