//! An empty database for one test.

use tempfile::TempDir;
use tracemesh_store::{Database, DatabaseConfig, MigrationSet};

use crate::postgres;

/// Where one test's tables are. On SQLite each schema is a file in one folder, as on a small node; on PostgreSQL a schema of one database.
#[derive(Debug)]
pub struct Place {
    /// Also for whatever else the test writes.
    pub folder: TempDir,
    url: Option<String>,
}

impl Place {
    /// A folder for SQLite files.
    pub async fn sqlite() -> Self {
        Self { folder: folder(), url: None }
    }

    /// A new database of the process's server.
    pub async fn postgres() -> Self {
        Self { folder: folder(), url: Some(postgres::database().await) }
    }

    /// Where a service of this name has its tables.
    pub fn config(&self, schema: &str) -> DatabaseConfig {
        match &self.url {
            Some(url) => DatabaseConfig::Postgres { url: url.clone(), connections: 12 },
            None => DatabaseConfig::Sqlite { path: self.folder.path().join(schema).with_extension("sqlite") },
        }
    }

    /// The schema, opened and migrated. Opening it twice gives two pools on the same tables, as two processes have.
    pub async fn open(&self, schema: &str, sets: &[MigrationSet]) -> Database {
        let database = Database::open(&self.config(schema), schema).await.expect("a test's database opens");
        database.migrate(sets).await.expect("a test's database migrates");
        database
    }
}

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("tracemesh-").tempdir().expect("a temporary folder can be made")
}

/// For each named `async fn(Place)` one test on SQLite and one on PostgreSQL, in modules of these names.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test($crate::Place::sqlite().await).await })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() { super::$test($crate::Place::postgres().await).await })+
        }
    };
}
