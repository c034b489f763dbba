//! What every command does with its answer: data to stdout, one exit code for each kind of end.

use serde::Serialize;
use tracemesh_chassis::config::ConfigError;
use tracemesh_chassis::process::StartError;

/// Done, or: the answer is yes.
pub const DONE: u8 = 0;
/// The answer is no: a rejected record, a failed verification.
pub const NO: u8 = 1;
/// Wrong use.
pub const WRONG_USE: u8 = 2;
/// A service or node did not answer.
pub const UNREACHABLE: u8 = 3;

/// The command was called in a way that cannot work; clap's own refusals end the same way.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongUse(pub String);

/// Which exit code a failure means: what the caller did wrong is 2, what the node refused is 1, the rest is an answer that did not come.
pub fn code_of(failure: &anyhow::Error) -> u8 {
    let taken = matches!(failure.downcast_ref(), Some(StartError::RunsAlready { .. } | StartError::Bind(_)));
    if failure.is::<WrongUse>() || failure.is::<ConfigError>() || taken {
        return WRONG_USE;
    }
    match failure.downcast_ref::<tonic::Status>().map(tonic::Status::code) {
        Some(tonic::Code::InvalidArgument | tonic::Code::OutOfRange | tonic::Code::Unauthenticated | tonic::Code::PermissionDenied) => {
            WRONG_USE
        }
        Some(tonic::Code::NotFound | tonic::Code::FailedPrecondition | tonic::Code::AlreadyExists) => NO,
        _ => UNREACHABLE,
    }
}

/// A failure for the operator: what a node said stands in its status, the rest in the chain of causes.
pub fn told(failure: &anyhow::Error) -> String {
    match failure.downcast_ref::<tonic::Status>() {
        Some(status) => status.message().to_owned(),
        None => format!("{failure:#}"),
    }
}

/// One JSON document on a line of its own.
pub fn json(document: &impl Serialize) -> anyhow::Result<()> {
    use std::io::Write;
    let mut line = serde_json::to_vec(document)?;
    line.push(b'\n');
    Ok(std::io::stdout().lock().write_all(&line)?)
}
