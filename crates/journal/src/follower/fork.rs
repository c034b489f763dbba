//! A fork: the journal on offer is not the one that this follower holds.

use tracemesh_proto::journal::v1::Checkpoint;

use crate::Hash;

/// Enough to show somebody else what happened: what is held and what is offered, of which at least the offer is signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fork {
    pub journal: String,
    pub kind: ForkKind,
    /// Epoch, seq, size and root of what this follower has taken.
    pub held_epoch: u64,
    pub held_seq: u64,
    pub held_size: u64,
    pub held_root: Hash,
    /// The newest checkpoint that was shown before.
    pub shown: Option<Checkpoint>,
    /// The checkpoint that does not go with it.
    pub offered: Option<Checkpoint>,
    /// Where the journal's history parts from the held epoch, if it says so itself by having begun a new epoch: the last seq before it.
    pub resume_after: Option<u64>,
}

/// How the journal on offer differs from the one held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForkKind {
    /// It ends before what we hold: a database set back to an earlier point.
    Shorter,
    /// It has the length, and other content.
    Inconsistent,
    /// It says that an earlier epoch is current.
    EarlierEpoch,
    /// Its key is not the one we know.
    OtherKey,
    /// A checkpoint is not signed by that key, or names another journal.
    BadSignature,
    /// What it sends does not have the hashes that it says.
    Damaged(String),
}

impl std::fmt::Display for Fork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { journal, held_epoch, held_seq, .. } = self;
        let what = match &self.kind {
            ForkKind::Shorter => "it is shorter than what was taken from it",
            ForkKind::Inconsistent => "it has other commits than those taken from it",
            ForkKind::EarlierEpoch => "it went back to an earlier epoch",
            ForkKind::OtherKey => "its key is not the known one",
            ForkKind::BadSignature => "a checkpoint is not signed by its key",
            ForkKind::Damaged(what) => what,
        };
        write!(f, "{journal} forked after epoch {held_epoch}, seq {held_seq}: {what}")
    }
}
