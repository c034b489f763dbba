use prost::Message;
use tracemesh_proto::journal::v1::{Checkpoint, JournalState};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// What is known of one of a child's journals.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub journal: String,
    /// The first key that it showed; another one is a fork.
    pub public_key: Vec<u8>,
    /// The last one that was proven.
    pub checkpoint: Option<Checkpoint>,
    /// What was offered since and waits for its proof.
    pub offered: Option<Checkpoint>,
}

type Row = (String, Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

const COLUMNS: &str = "journal, public_key, checkpoint, offered";

/// Journals that one child may speak of: a node has a dozen.
const JOURNALS_MAX: i64 = 64;

/// Keeps what a child says of one of its journals, until it is proven. False where it speaks of more than there can be.
pub async fn offer(db: &impl ConnectionTrait, child: &str, state: &JournalState) -> Result<bool, DbErr> {
    if get(db, child, &state.journal).await?.is_none() && count(db, child).await? >= JOURNALS_MAX {
        return Ok(false);
    }
    let text = "INSERT INTO held (child, journal, public_key, checkpoint, offered) VALUES ($1, $2, $3, NULL, $4) \
                ON CONFLICT (child, journal) DO UPDATE SET offered = excluded.offered";
    let offered = state.checkpoint.clone().unwrap_or_default().encode_to_vec();
    let values = vec![child.into(), state.journal.clone().into(), state.public_key.to_vec().into(), offered.into()];
    Ok(sql::run(db, text, values).await? == 1)
}

/// Holds a proven checkpoint from now on. What was offered before the proof began is answered by it.
pub async fn hold(db: &impl ConnectionTrait, child: &str, proven: &Checkpoint, answered: &Checkpoint) -> Result<(), DbErr> {
    let text =
        "UPDATE held SET checkpoint = $1, offered = CASE WHEN offered = $2 THEN NULL ELSE offered END WHERE child = $3 AND journal = $4";
    let values = vec![proven.encode_to_vec().into(), answered.encode_to_vec().into(), child.into(), proven.journal.clone().into()];
    sql::run(db, text, values).await.map(drop)
}

pub async fn get(db: &impl ConnectionTrait, child: &str, journal: &str) -> Result<Option<Held>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM held WHERE child = $1 AND journal = $2");
    sql::row::<Row>(db, &text, vec![child.into(), journal.into()]).await?.map(from_row).transpose()
}

/// All of a child's journals; a node has some ten.
pub async fn all(db: &impl ConnectionTrait, child: &str) -> Result<Vec<Held>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM held WHERE child = $1 ORDER BY journal LIMIT 100");
    sql::rows::<Row>(db, &text, vec![child.into()]).await?.into_iter().map(from_row).collect()
}

async fn count(db: &impl ConnectionTrait, child: &str) -> Result<i64, DbErr> {
    Ok(sql::row::<i64>(db, "SELECT count(*) FROM held WHERE child = $1", vec![child.into()]).await?.unwrap_or_default())
}

/// Forgets all, keys too: an operator has approved another history.
pub async fn forget(db: &impl ConnectionTrait, child: &str) -> Result<(), DbErr> {
    sql::run(db, "DELETE FROM held WHERE child = $1", vec![child.into()]).await.map(drop)
}

fn from_row((journal, public_key, checkpoint, offered): Row) -> Result<Held, DbErr> {
    let checkpoint = checkpoint.map(|bytes| super::decode("held", &bytes)).transpose()?;
    let offered = offered.map(|bytes| super::decode("held", &bytes)).transpose()?;
    Ok(Held { journal, public_key, checkpoint, offered })
}
