#![doc = include_str!("../README.md")]

mod append;
mod block;
mod checkpoint;
mod commit;
pub mod cursor;
mod entry;
mod epoch;
mod erase;
mod error;
mod follower;
mod hash;
mod journal;
mod merkle;
mod open;
mod proof;
mod read;
mod row;
mod section;
mod server;
mod time;
mod tree;
mod verify;

pub use append::{Appended, Staged};
pub use block::COMMIT_BYTES_MAX;
pub use checkpoint::verify_checkpoint;
pub use commit::{BadCommit, open_commit};
pub use cursor::{Cursor, cursor};
pub use entry::{DecodedCommit, DecodedEntry, ENTRY_BYTES_MAX, Entry, StoredEntry};
pub use epoch::EPOCH_BEGAN;
pub use error::JournalError;
pub use follower::{Channel, FollowError, FollowPace, Follower, Fork, ForkKind, Handler, HandlerError};
pub use hash::{Hash, checkpoint_text};
pub use journal::{Clock, Head, Journal, Pace};
pub use proof::{ProofError, Proven, verify_consistency, verify_inclusion};
pub use read::Page;
pub use server::{JournalServer, Verifier, VerifierError};
pub use tracemesh_proto::journal::v1::{Block, Checkpoint, Commit, Envelope, FirstBad};
pub use verify::{Disagreement, Verification, Visitor};

use tracemesh_store::{Migration, MigrationSet};

/// The tables of journals and followers, for the schema of every service that has either.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    name: "journal",
    steps: &[
        Migration {
            version: 1,
            name: "journal",
            postgres: include_str!("../migrations/postgres/0001_journal.sql"),
            sqlite: include_str!("../migrations/sqlite/0001_journal.sql"),
        },
        Migration {
            version: 2,
            name: "halted",
            postgres: include_str!("../migrations/postgres/0002_halted.sql"),
            sqlite: include_str!("../migrations/sqlite/0002_halted.sql"),
        },
    ],
};
