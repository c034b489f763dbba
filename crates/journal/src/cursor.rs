//! Cursors: how far a follower has come, kept in the follower's own tables and moved in the transaction of what it made of the entries.
//!
//! Beside its number a cursor holds the right edge of the tree over all commits taken. So a follower knows the root of what it has itself, and
//! can ask for a proof that the history on offer continues exactly that; and it holds the newest checkpoint that it was shown, so that a
//! history that was shown and never taken cannot be withdrawn either.

use bytes::Bytes;
use ed25519_dalek::VerifyingKey;
use prost::Message;
use sea_orm::ConnectionTrait;
use tracemesh_proto::journal::v1::Checkpoint;
use tracemesh_store::{DbErr, sql};

use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::row;

/// A follower's place in a journal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor {
    /// 0 before the first commit.
    pub epoch: u64,
    /// The last entry taken; 0 before the first.
    pub seq: u64,
    /// The key that signs the journal's checkpoints, once known.
    pub public_key: Option<VerifyingKey>,
    /// The newest checkpoint that was checked.
    pub checkpoint: Option<Checkpoint>,
    pub(crate) frontier: Frontier,
}

type Tuple = (i64, i64, i64, Vec<u8>, Vec<u8>, Vec<u8>);

impl Cursor {
    /// Commits of the epoch that were taken.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over them.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The same place, from which a later epoch's tree begins anew.
    pub(crate) fn in_epoch(&self, epoch: u64) -> Self {
        let frontier = if epoch == self.epoch { self.frontier.clone() } else { Frontier::default() };
        Self { epoch, frontier, ..self.clone() }
    }
}

/// Where `follower` stands in `journal`; at the beginning, if it never ran.
pub async fn cursor(db: &impl ConnectionTrait, follower: &str, journal: &str) -> Result<Cursor, DbErr> {
    let text = "SELECT epoch, seq, size, frontier, public_key, checkpoint FROM cursor WHERE follower = $1 AND journal = $2";
    let Some(row) = sql::row::<Tuple>(db, text, vec![follower.into(), journal.into()]).await? else { return Ok(Cursor::default()) };
    read(row).ok_or_else(|| DbErr::Custom(format!("the cursor of {follower} in {journal} cannot be read: rebuild it from the beginning")))
}

/// Sets a follower back to the beginning, in the transaction that empties what it made. The journal's key stays known.
pub async fn reset(tx: &impl ConnectionTrait, follower: &str, journal: &str) -> Result<(), DbErr> {
    stand(tx, follower, journal, 0).await
}

/// Lets a follower go on with a history that does not continue all that it holds: after a fork, once a person has approved it. `after` is
/// [`crate::Fork::resume_after`], the last seq that both have; what was taken beyond it remains as it was.
pub async fn resume(tx: &impl ConnectionTrait, follower: &str, journal: &str, after: u64) -> Result<(), DbErr> {
    if cursor(tx, follower, journal).await?.seq > after {
        return stand(tx, follower, journal, after).await;
    }
    // It was shown more than it took: it only forgets what it was shown.
    let text = "UPDATE cursor SET checkpoint = $1 WHERE follower = $2 AND journal = $3";
    sql::run(tx, text, vec![Vec::<u8>::new().into(), follower.into(), journal.into()]).await?;
    Ok(())
}

/// Puts the cursor between two epochs, or at the beginning: whatever epoch comes next, its tree begins there.
async fn stand(tx: &impl ConnectionTrait, follower: &str, journal: &str, seq: u64) -> Result<(), DbErr> {
    let text = "UPDATE cursor SET epoch = 0, seq = $1, size = 0, frontier = $2, checkpoint = $2 WHERE follower = $3 AND journal = $4";
    sql::run(tx, text, vec![(seq as i64).into(), Vec::<u8>::new().into(), follower.into(), journal.into()]).await?;
    Ok(())
}

/// Moves the cursor if it still stands where `from` says. Not to be able to means that the same follower runs elsewhere.
pub(crate) async fn advance(tx: &impl ConnectionTrait, follower: &str, journal: &str, from: &Cursor, to: &Cursor) -> Result<bool, DbErr> {
    let text = "UPDATE cursor SET epoch = $1, seq = $2, size = $3, frontier = $4
                WHERE follower = $5 AND journal = $6 AND epoch = $7 AND seq = $8 AND size = $9";
    let numbers = |cursor: &Cursor| [cursor.epoch as i64, cursor.seq as i64, cursor.size() as i64].map(Into::into);
    let mut values = numbers(to).to_vec();
    values.extend([to.frontier.peaks().concat().into(), follower.into(), journal.into()]);
    values.extend(numbers(from));
    Ok(sql::run(tx, text, values).await? == 1)
}

/// Keeps what the journal has just proven, and makes the row if there is none.
pub(crate) async fn keep(
    db: &impl ConnectionTrait,
    follower: &str,
    journal: &str,
    key: &VerifyingKey,
    shown: &Checkpoint,
) -> Result<(), DbErr> {
    let text =
        "INSERT INTO cursor (follower, journal, epoch, seq, size, frontier, public_key, checkpoint) VALUES ($1, $2, 0, 0, 0, $3, $4, $5)
                ON CONFLICT (follower, journal) DO UPDATE SET public_key = excluded.public_key, checkpoint = excluded.checkpoint";
    let (key, shown) = (key.to_bytes().as_slice().into(), shown.encode_to_vec().into());
    sql::run(db, text, vec![follower.into(), journal.into(), Vec::<u8>::new().into(), key, shown]).await?;
    Ok(())
}

fn read((epoch, seq, size, frontier, public_key, checkpoint): Tuple) -> Option<Cursor> {
    let peaks = frontier.chunks(size_of::<Hash>()).map(|peak| row::hash(peak.to_vec()).ok()).collect::<Option<Vec<Hash>>>()?;
    let public_key = match public_key.as_slice() {
        [] => None,
        key => Some(VerifyingKey::from_bytes(key.try_into().ok()?).ok()?),
    };
    let checkpoint = match checkpoint.as_slice() {
        [] => None,
        bytes => Some(Checkpoint::decode(Bytes::copy_from_slice(bytes)).ok()?),
    };
    Some(Cursor {
        epoch: row::number(epoch).ok()?,
        seq: row::number(seq).ok()?,
        frontier: Frontier::new(row::number(size).ok()?, peaks)?,
        public_key,
        checkpoint,
    })
}
