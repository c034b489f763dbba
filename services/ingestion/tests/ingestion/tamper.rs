//! Somebody who can write to the node's database files, with the node running or not.

use std::path::Path;

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, Statement, Value};
use tempfile::TempDir;

/// A connection of one's own to a service's file.
pub struct Tamperer(DatabaseConnection);

impl Tamperer {
    pub async fn open(data_dir: &Path, service: &str) -> Tamperer {
        let file = data_dir.join(format!("{service}.sqlite"));
        let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
        options.max_connections(1).sqlx_logging(false);
        let connection = sea_orm::Database::connect(options).await.unwrap();
        // What is changed here is changed back soon, and no power fails meanwhile.
        connection.execute_unprepared("PRAGMA synchronous = OFF").await.unwrap();
        Tamperer(connection)
    }

    /// How many rows a statement changed; none where the table's own constraints forbid it.
    pub async fn run(&self, text: &str, values: Vec<Value>) -> Option<u64> {
        let statement = Statement::from_sql_and_values(self.0.get_database_backend(), text, values);
        self.0.execute_raw(statement).await.ok().map(|done| done.rows_affected())
    }

    /// The values of one column, in a fixed order of rows.
    pub async fn column<T: sea_orm::TryGetable>(&self, text: &str) -> Vec<T> {
        let statement = Statement::from_string(self.0.get_database_backend(), text);
        self.0.query_all_raw(statement).await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    pub async fn close(self) {
        self.0.close().await.unwrap();
    }
}

/// A copy of a stopped node's files.
pub fn copy(from: &Path) -> TempDir {
    let to = tempfile::tempdir().unwrap();
    copy_into(from, to.path());
    to
}

fn copy_into(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy_into(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
