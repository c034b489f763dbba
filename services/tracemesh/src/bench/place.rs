//! Where a bench writes: a node's ingestion in a folder that goes away with it.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use ed25519_dalek::SigningKey;
use tempfile::TempDir;
use tracemesh_chassis::Clock;
use tracemesh_ingestion::hot_path::{self, Commit, Prepared};
use tracemesh_journal::Journal;
use tracemesh_store::{Database, DatabaseConfig, MigrationSet};

/// The node that answers for everything.
pub const NODE: &str = "bench";
/// Its ingestion's journal.
pub const JOURNAL: &str = "bench.ingestion";

/// One database file, closed and gone at the end.
pub struct Place {
    folder: TempDir,
    pub db: Database,
}

impl Place {
    pub async fn open(migrations: &[MigrationSet]) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let db = Database::open(&DatabaseConfig::Sqlite { path: file(&folder) }, "bench").await?;
        db.migrate(migrations).await?;
        Ok(Self { folder, db })
    }

    /// Ingestion's tables and journal in it.
    pub async fn with_ingestion() -> anyhow::Result<(Self, Commit)> {
        let place = Self::open(&[tracemesh_journal::MIGRATIONS, tracemesh_ingestion::MIGRATIONS]).await?;
        let clock = Clock::system();
        let key = SigningKey::from_bytes(&[7; 32]);
        let journal = Journal::open(&place.db, JOURNAL, key, Arc::new(move || clock.now_micros())).await?;
        let commit = Commit { node: NODE.into(), db: place.db.clone(), journal };
        Ok((place, commit))
    }

    /// Folds the write-ahead log into the file, and answers how large that is.
    pub async fn close(self) -> anyhow::Result<u64> {
        self.db.close().await;
        Ok(std::fs::metadata(file(&self.folder))?.len())
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("bench.sqlite")
}

/// Commits a batch; a bench whose records are not taken measures something else.
pub async fn take(commit: &Commit, batch: &[Prepared]) -> anyhow::Result<()> {
    let (receipts, failure) = commit.batch(batch).await;
    if let Some(failure) = failure {
        bail!("the commit failed: {failure:?}");
    }
    let accepted = receipts.iter().filter(|receipt| receipt.verdict == hot_path::ACCEPTED).count();
    if accepted != batch.len() {
        bail!("{accepted} of {} records were accepted", batch.len());
    }
    Ok(())
}
