//! Finding a journal's row, or making it.

use ed25519_dalek::SigningKey;
use sea_orm::DatabaseTransaction;
use tracemesh_store::{Database, sql};

use crate::JournalError;
use crate::checkpoint::{self, COLUMNS, Tuple, numbered, verify_checkpoint};
use crate::journal::Head;

/// The id of the journal of this name and key.
pub(crate) async fn row_of(db: &Database, name: &str, key: &SigningKey, now: i64) -> Result<i64, JournalError> {
    let tx = db.begin().await?;
    let id = match named(&tx, name).await? {
        Some(id) => id,
        None => match renamed(&tx, name, key).await? {
            Some(id) => id,
            None => begun(&tx, name, key, now).await?,
        },
    };
    tx.commit().await?;
    Ok(id)
}

async fn named(tx: &DatabaseTransaction, name: &str) -> Result<Option<i64>, JournalError> {
    Ok(sql::row(tx, "SELECT id FROM journal WHERE name = $1", vec![name.into()]).await?)
}

/// A row whose name somebody altered. An empty journal in its place would give out the same numbers again, so it is known by what cannot be
/// altered unseen: the key, and the name in its first signature.
async fn renamed(tx: &DatabaseTransaction, name: &str, key: &SigningKey) -> Result<Option<i64>, JournalError> {
    let key = key.verifying_key();
    let ids: Vec<i64> = sql::rows(tx, "SELECT id FROM journal WHERE public_key = $1", vec![key.to_bytes().as_slice().into()]).await?;
    for id in ids {
        let text = format!("SELECT {COLUMNS} FROM checkpoint WHERE journal = $1 ORDER BY number LIMIT 1");
        let first = sql::row::<Tuple>(tx, &text, vec![id.into()]).await?.and_then(|row| numbered(name, row).ok());
        if first.is_some_and(|first| verify_checkpoint(&first.checkpoint, &key)) {
            tracing::error!(journal = name, row = id, "the journal stands under another name in its table");
            return Ok(Some(id));
        }
    }
    Ok(None)
}

async fn begun(tx: &DatabaseTransaction, name: &str, key: &SigningKey, now: i64) -> Result<i64, JournalError> {
    let text = "INSERT INTO journal (name, epoch, public_key) VALUES ($1, 1, $2) ON CONFLICT (name) DO NOTHING";
    let made = sql::run(tx, text, vec![name.into(), key.verifying_key().to_bytes().as_slice().into()]).await?;
    let id = named(tx, name).await?.ok_or_else(|| JournalError::Name { name: name.to_owned() })?;
    // Nothing was made where another process was faster.
    if made == 1 {
        checkpoint::begin_epoch(tx, id, key, name, Head { epoch: 1, seq: 0 }, now).await?;
    }
    Ok(id)
}
