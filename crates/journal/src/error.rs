//! What a journal cannot do, and why.

use tracemesh_store::DbErr;

/// Every way in which a journal refuses or fails.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Refused before anything is opened.
    #[error("{name:?} cannot name a journal: it is NODE.SERVICE or NODE.SERVICE.NAME in lower-case letters, digits and hyphens")]
    Name { name: String },
    /// Nothing to append: a commit without entries would have no seq.
    #[error("a commit needs at least one entry")]
    Empty,
    /// Cut the work into smaller commits, or refuse the submission earlier.
    #[error("{what} of {bytes} bytes is over the limit of {limit}")]
    TooLarge { what: &'static str, bytes: usize, limit: usize },
    /// What is stored is not what was written. Run `audit verify`; reading on would pass it as truth.
    #[error("{journal}: {table} is damaged near seq {seq}: {reason}")]
    Damaged { journal: String, seq: u64, table: &'static str, reason: String },
    /// Somebody outside holds another history than this one. Raise the epoch once it is approved.
    #[error("{journal} takes nothing: {why}")]
    Halted { journal: String, why: String },
    /// A cursor from another history: the journal was set back.
    #[error("{journal} ends at seq {end}, before {asked}")]
    BeyondEnd { journal: String, asked: u64, end: u64 },
    /// A new epoch has begun: check the history again.
    #[error("{journal} is in epoch {current}, not {asked}")]
    OtherEpoch { journal: String, asked: u64, current: u64 },
    /// The tree has no such size, or no checkpoint was signed at it.
    #[error("{journal} has no checkpoint of epoch {epoch} over {size} commits")]
    NoSuchTree { journal: String, epoch: u64, size: u64 },
    /// The database refused or did not answer; the transaction wrote nothing.
    #[error("the journal's database failed")]
    Database(#[from] DbErr),
}
