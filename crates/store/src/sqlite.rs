//! How a SQLite file is opened: one connection writes, others read beside it.

use std::path::Path;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

const READERS: u32 = 4;
/// Memory for the writer's pages, in KiB. Rows with hashes as keys lie all over their tables, and a large batch touches thousands of pages; what
/// does not fit is written and read again within the transaction. SQLite by itself takes 2 MB.
const WRITER_CACHE_KIB: u32 = 16 << 10;
/// Pages in the write-ahead log before they are folded into the file, 64 MiB. A page that many commits touch is then folded once.
const FOLD_PAGES: u32 = 16 << 10;
/// How long a writer waits for its turn, inside the process or for another one's lock.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn writer(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    // Erased bodies must not survive in free pages.
    let options = options(path).create_if_missing(true).pragma("secure_delete", "on");
    // A negative size is in KiB, a positive one in pages.
    let options = options.pragma("cache_size", format!("-{WRITER_CACHE_KIB}")).pragma("wal_autocheckpoint", FOLD_PAGES.to_string());
    pool(1).connect_with(options).await
}

pub(crate) async fn readers(path: &Path) -> Result<SqlitePool, sqlx::Error> {
    pool(READERS).connect_with(options(path).pragma("query_only", "on")).await
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    // A file's connection does not go stale: no test, no end of life.
    let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(PATIENCE);
    pool.test_before_acquire(false).idle_timeout(None).max_lifetime(None)
}
