//! What can go wrong in the registry, for its callers: each variant is something that one of them can do.

use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_journal::JournalError;
use tracemesh_store::DbErr;

use crate::domain::subject::SubjectState;

#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    #[error("area {0:?} is taken")]
    AreaTaken(String),
    #[error("provider {0:?} is taken")]
    ProviderTaken(String),
    #[error("no provider {0:?}")]
    NoProvider(String),
    #[error("no subject {0:?}")]
    NoSubject(String),
    #[error("no account {0:?}")]
    NoAccount(String),
    #[error("account {0:?} is the caller's own")]
    OwnAccount(String),
    #[error("account {0:?} is suspended")]
    AccountSuspended(String),
    /// Every fault of the request at once.
    #[error("{} faults in the request", .0.len())]
    Invalid(Vec<Violation>),
    #[error("a subject that is {from} cannot become {to}")]
    Transition { from: SubjectState, to: SubjectState },
    #[error("the sign-in link is unknown, used or out of date")]
    SignIn,
    #[error("{0} is not the operator")]
    NotTheOperator(String),
    #[error("{0} belongs to somebody else")]
    OtherProvider(String),
    #[error("the registry's database does not answer")]
    Database(#[from] DbErr),
    #[error("the registry's journal cannot be written")]
    Journal(#[from] JournalError),
}

impl From<RegistryError> for Error {
    fn from(error: RegistryError) -> Self {
        use RegistryError as R;
        match error {
            R::AreaTaken(id) => Self::new(ErrorCode::AlreadyExists, "error.area.taken").with("id", id),
            R::ProviderTaken(id) => Self::new(ErrorCode::AlreadyExists, "error.provider.taken").with("id", id),
            R::NoProvider(id) => Self::new(ErrorCode::NotFound, "error.provider.unknown").with("id", id),
            R::NoSubject(id) => Self::new(ErrorCode::NotFound, "error.subject.unknown").with("id", id),
            R::NoAccount(name) => Self::new(ErrorCode::NotFound, "error.account.unknown").with("name", name),
            R::OwnAccount(name) => Self::new(ErrorCode::PermissionDenied, "error.account.own").with("name", name),
            R::AccountSuspended(name) => Self::new(ErrorCode::FailedPrecondition, "error.account.suspended").with("name", name),
            R::Invalid(violations) => Self::invalid(violations),
            R::Transition { from, to } => Self::new(ErrorCode::FailedPrecondition, "error.subject.transition")
                .with("from", from.to_string())
                .with("to", to.to_string())
                .with("allowed", from.successors().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
            R::SignIn => Self::new(ErrorCode::Unauthenticated, "error.access.sign_in_link"),
            R::NotTheOperator(name) => Self::new(ErrorCode::PermissionDenied, "error.access.operator_needed").with("name", name),
            R::OtherProvider(id) => Self::new(ErrorCode::PermissionDenied, "error.access.other_provider").with("provider", id),
            error @ (R::Database(_) | R::Journal(_)) => Self::from(ErrorCode::Unavailable).because(error),
        }
    }
}

impl From<RegistryError> for tonic::Status {
    fn from(error: RegistryError) -> Self {
        Error::from(error).into()
    }
}
