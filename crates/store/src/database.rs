//! An open database: where to write, where to read.

use std::sync::Arc;

use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbErr, IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::{PgPool, SqlitePool};

use crate::{DatabaseConfig, MigrationSet, StoreError, migrate, postgres, sqlite};

/// Which of the two databases it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// One service's tables. Cheap to clone; all clones share the connections.
#[derive(Clone, Debug)]
pub struct Database {
    schema: Arc<str>,
    pools: Pools,
    write: DatabaseConnection,
    read: DatabaseConnection,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres { write: PgPool, read: PgPool },
}

impl Database {
    /// Connects and, on PostgreSQL, makes the schema. `schema` is the service's noun; on SQLite it only names the database in errors.
    pub async fn open(config: &DatabaseConfig, schema: &str) -> Result<Self, StoreError> {
        check_name(schema)?;
        let failed = |source| StoreError::Open { schema: schema.to_owned(), source };
        let pools = match config {
            DatabaseConfig::Sqlite { path } => {
                let write = sqlite::writer(path).await.map_err(failed)?;
                Pools::Sqlite { write, read: sqlite::readers(path).await.map_err(failed)? }
            }
            DatabaseConfig::Postgres { url, connections } => {
                let each = (connections / 2).max(1);
                let write = postgres::writer(url, schema, each).await.map_err(failed)?;
                Pools::Postgres { write, read: postgres::readers(url, schema, each).await.map_err(failed)? }
            }
        };
        Ok(Self { schema: schema.into(), write: pools.writing(), read: pools.reading(), pools })
    }

    /// Brings the schema forward, set after set. Several processes may do it at once.
    pub async fn migrate(&self, sets: &[MigrationSet]) -> Result<(), StoreError> {
        for set in sets {
            let migrator = migrate::migrator(set, self.backend());
            let run = match &self.pools {
                Pools::Sqlite { write, .. } => migrator.run(write).await,
                Pools::Postgres { write, .. } => migrator.run(write).await,
            };
            run.map_err(|source| StoreError::Migrate { schema: self.schema.to_string(), set: set.name, source })?;
        }
        Ok(())
    }

    /// A transaction that may write. Dropped without a commit, it is rolled back. Never begin one while holding another: on SQLite it would wait
    /// for itself.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        // A deferred transaction of SQLite that reads first may find, when it writes, that another process was faster.
        let sqlite_transaction_mode = (self.backend() == Backend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        self.write.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..Default::default() }).await
    }

    /// For single reading statements.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// A reading transaction in which every statement sees the same moment.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        match self.backend() {
            Backend::Sqlite => self.read.begin().await,
            Backend::Postgres => self.read.begin_with_config(Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)).await,
        }
    }

    /// Which of the two it is: for what only one of them can do.
    pub fn backend(&self) -> Backend {
        match self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres { .. } => Backend::Postgres,
        }
    }

    /// The service's noun.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// sqlx's own pool, for what sea-orm cannot do: COPY. Its connections have the schema in their search path.
    pub fn sqlx_postgres_pool(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Postgres { write, .. } => Some(write),
            Pools::Sqlite { .. } => None,
        }
    }

    /// Waits for connections in use and closes all.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Postgres { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Sqlite { write, read } => {
                // The writer goes last: it is the one that may fold the write-ahead log into the file.
                read.close().await;
                write.close().await;
            }
        }
    }
}

impl Pools {
    fn writing(&self) -> DatabaseConnection {
        match self {
            Pools::Sqlite { write, .. } => write.clone().into(),
            Pools::Postgres { write, .. } => write.clone().into(),
        }
    }

    fn reading(&self) -> DatabaseConnection {
        match self {
            Pools::Sqlite { read, .. } => read.clone().into(),
            Pools::Postgres { read, .. } => read.clone().into(),
        }
    }
}

/// Schema names are written into SQL texts, so they are checked rather than quoted.
fn check_name(schema: &str) -> Result<(), StoreError> {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let good = schema.len() <= 39 && schema.starts_with(|c: char| c.is_ascii_lowercase()) && schema.chars().all(rest);
    if good { Ok(()) } else { Err(StoreError::SchemaName { schema: schema.to_owned() }) }
}
