//! Is the journal on offer the one that we hold a part of?
//!
//! Two things must be continued: the commits that were taken, whose root we know ourselves, and the newest checkpoint that we were shown, which
//! may be ahead of them. When the journal has gone on to a later epoch, both are compared with the end of the epoch in which we know it.

use ed25519_dalek::VerifyingKey;
use tracemesh_proto::journal::v1::{Checkpoint, GetCheckpointRequest, ProveConsistencyRequest};

use super::{Channel, FollowError, Follower, Fork, ForkKind};
use crate::cursor::{self, Cursor};
use crate::{verify_checkpoint, verify_consistency};

impl<T: Channel> Follower<T> {
    /// Asks for a fresh checkpoint, has it proven, keeps it, and answers the journal's epoch.
    pub(super) async fn check_history(&mut self, cursor: &mut Cursor) -> Result<u64, FollowError> {
        let (offered, key) = self.checkpoint(cursor, 0).await?;
        let known = cursor.epoch.max(cursor.checkpoint.as_ref().map_or(0, |shown| shown.epoch));
        if offered.epoch < known {
            return Err(self.fork_by(cursor, ForkKind::EarlierEpoch, &offered));
        }
        let shown = cursor.checkpoint.clone();
        if let Some(shown) = shown.filter(|shown| shown.size > 0) {
            self.continues(cursor, shown.epoch, shown.size, &shown.root, &offered).await?;
        }
        self.continues(cursor, cursor.epoch, cursor.size(), &cursor.root(), &offered).await?;
        let tx = self.db.begin().await?;
        cursor::keep(&tx, &self.name, &self.journal, &key, &offered).await?;
        tx.commit().await?;
        (cursor.public_key, cursor.checkpoint) = (Some(key), Some(offered.clone()));
        Ok(offered.epoch)
    }

    /// That we hold all of an epoch before we go on to a later one.
    pub(super) async fn finish_epoch(&mut self, cursor: &Cursor) -> Result<(), FollowError> {
        if cursor.size() == 0 {
            return Ok(());
        }
        let (end, _) = self.checkpoint(cursor, cursor.epoch).await?;
        if (end.size, &end.root[..]) == (cursor.size(), &cursor.root()[..]) {
            return Ok(());
        }
        Err(self.fork_by(cursor, ForkKind::Inconsistent, &end))
    }

    /// That the tree of `size` and `root` in `epoch` is continued by the journal whose newest checkpoint is `offered`.
    async fn continues(&mut self, cursor: &Cursor, epoch: u64, size: u64, root: &[u8], offered: &Checkpoint) -> Result<(), FollowError> {
        if size == 0 {
            return Ok(());
        }
        let end = match epoch == offered.epoch {
            true => offered.clone(),
            false => self.checkpoint(cursor, epoch).await?.0,
        };
        let kind = match size > end.size {
            true => ForkKind::Shorter,
            false if self.proves(epoch, size, root, &end).await? => return Ok(()),
            false => ForkKind::Inconsistent,
        };
        let mut fork = self.fork(cursor, kind);
        fork.resume_after = (epoch != offered.epoch).then_some(end.seq);
        fork.offered = Some(end);
        Err(FollowError::Fork(fork))
    }

    async fn proves(&mut self, epoch: u64, size: u64, root: &[u8], end: &Checkpoint) -> Result<bool, FollowError> {
        let request = ProveConsistencyRequest { journal: self.journal.clone(), epoch, old_size: size, new_size: end.size };
        let proof = self.client.prove_consistency(request).await?.into_inner().proof;
        Ok(verify_consistency(size, root, end.size, &end.root, &proof).is_ok())
    }

    /// The newest checkpoint of an epoch (0: the current one), signed by the key that we know.
    async fn checkpoint(&mut self, cursor: &Cursor, epoch: u64) -> Result<(Checkpoint, VerifyingKey), FollowError> {
        let request = GetCheckpointRequest { journal: self.journal.clone(), epoch };
        let answer = self.client.get_checkpoint(request).await?.into_inner();
        let checkpoint = answer.checkpoint.unwrap_or_default();
        let stated = answer.public_key.as_ref().try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok());
        let Some(stated) = stated else { return Err(self.fork_by(cursor, ForkKind::OtherKey, &checkpoint)) };
        let key = self.key.or(cursor.public_key).unwrap_or(stated);
        if key != stated {
            return Err(self.fork_by(cursor, ForkKind::OtherKey, &checkpoint));
        }
        if !verify_checkpoint(&checkpoint, &key) || checkpoint.journal != self.journal {
            return Err(self.fork_by(cursor, ForkKind::BadSignature, &checkpoint));
        }
        Ok((checkpoint, key))
    }

    pub(super) fn fork(&self, cursor: &Cursor, kind: ForkKind) -> Box<Fork> {
        Box::new(Fork {
            journal: self.journal.clone(),
            kind,
            held_epoch: cursor.epoch,
            held_seq: cursor.seq,
            held_size: cursor.size(),
            held_root: cursor.root(),
            shown: cursor.checkpoint.clone(),
            offered: None,
            resume_after: None,
        })
    }

    fn fork_by(&self, cursor: &Cursor, kind: ForkKind, offered: &Checkpoint) -> FollowError {
        let fork = self.fork(cursor, kind);
        FollowError::Fork(Box::new(Fork { offered: Some(offered.clone()), ..*fork }))
    }
}
