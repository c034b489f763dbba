//! What can go wrong in emergency, for its callers: each variant is something that one of them can do.

use tracemesh_chassis::error::{Error, ErrorCode, Violation};
use tracemesh_journal::JournalError;
use tracemesh_store::DbErr;

use crate::domain::order::OrderState;

/// Names of who is waited for that fit into an error.
const NAMED: usize = 5;

#[derive(Debug, thiserror::Error)]
pub enum EmergencyError {
    /// Every fault of the request at once.
    #[error("{} faults in the request", .0.len())]
    Invalid(Vec<Violation>),
    #[error("no incident {0:?}")]
    NoIncident(String),
    #[error("incident {0} is closed")]
    IncidentClosed(String),
    /// It is another node's.
    #[error("{id} is {node}'s")]
    Elsewhere { id: String, node: String },
    /// Its orders, or its final report.
    #[error("incident {id} is not done: {missing}")]
    Unfinished { id: String, missing: &'static str },
    #[error("no order {0:?}")]
    NoOrder(String),
    #[error("order {id} is {state}")]
    OrderState { id: String, state: OrderState },
    #[error("{name} has {did} order {id}")]
    SamePerson { id: String, name: String, did: &'static str },
    #[error("the document number {0:?} is taken")]
    NumberTaken(String),
    #[error("order {order} has nobody called {establishment:?} at this node")]
    NoEstablishment { order: String, establishment: String },
    #[error("{name} does not answer for {establishment:?}")]
    NotTheirs { name: String, establishment: String },
    #[error("{} have not acknowledged {order}", waiting.len())]
    Waiting { order: String, waiting: Vec<String> },
    /// No record names what the order is about.
    #[error("nothing is known of what the order is about")]
    NothingKnown,
    #[error("the order would be longer than an entry may be")]
    TooLarge,
    #[error("too many boards are watched")]
    TooManyWatchers,
    #[error("ingestion does not say what the order reaches")]
    Scope(tonic::Status),
    #[error("emergency's database does not answer")]
    Database(#[from] DbErr),
    #[error("emergency's journal cannot be written")]
    Journal(#[from] JournalError),
}

impl From<EmergencyError> for Error {
    fn from(error: EmergencyError) -> Self {
        use EmergencyError as E;
        use ErrorCode::{AlreadyExists, FailedPrecondition, NotFound, PermissionDenied};
        match error {
            E::Invalid(violations) => Self::invalid(violations),
            E::NoIncident(id) => Self::new(NotFound, "error.incident.unknown").with("id", id),
            E::IncidentClosed(id) => Self::new(FailedPrecondition, "error.incident.closed").with("id", id),
            E::Elsewhere { id, node } => Self::new(FailedPrecondition, "error.emergency.elsewhere").with("id", id).with("node", node),
            E::Unfinished { id, missing } => {
                Self::new(FailedPrecondition, "error.incident.unfinished").with("id", id).with("missing", missing)
            }
            E::NoOrder(id) => Self::new(NotFound, "error.order.unknown").with("id", id),
            E::OrderState { id, state } => {
                Self::new(FailedPrecondition, "error.order.state").with("id", id).with("state", state.to_string())
            }
            E::SamePerson { id, name, did } => {
                Self::new(PermissionDenied, "error.order.same_person").with("id", id).with("name", name).with("did", did)
            }
            E::NumberTaken(number) => Self::new(AlreadyExists, "error.order.number_taken").with("number", number),
            E::NoEstablishment { order, establishment } => {
                Self::new(NotFound, "error.order.establishment_unknown").with("order", order).with("establishment", establishment)
            }
            E::NotTheirs { name, establishment } => {
                Self::new(PermissionDenied, "error.order.not_theirs").with("name", name).with("establishment", establishment)
            }
            E::Waiting { order, waiting } => Self::new(FailedPrecondition, "error.order.waiting")
                .with("order", order)
                .with("count", waiting.len().to_string())
                .with("some", waiting.into_iter().take(NAMED).collect::<Vec<_>>().join(", ")),
            E::NothingKnown => Self::new(FailedPrecondition, "error.order.nothing_known"),
            E::TooLarge | E::TooManyWatchers => Self::from(ErrorCode::ResourceExhausted).because(error),
            error @ (E::Scope(_) | E::Database(_) | E::Journal(_)) => Self::from(ErrorCode::Unavailable).because(error),
        }
    }
}

impl From<EmergencyError> for tonic::Status {
    fn from(error: EmergencyError) -> Self {
        Error::from(error).into()
    }
}
