//! Migrations as constants: every step carries its text for both databases, so that neither can be forgotten.
//!
//! sqlx's migrator runs them. Not its `migrate!` macro, which reads one folder for one dialect and overlooks files that were added since the
//! last build.

use sqlx::AssertSqlSafe;
use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrationType, Migrator};

use crate::Backend;

/// Steps that are numbered together; their history is the table `_migrations_<name>`.
#[derive(Clone, Copy, Debug)]
pub struct MigrationSet {
    /// Letters and underscores: it becomes part of a table's name.
    pub name: &'static str,
    /// In order; a step that has run anywhere is never changed.
    pub steps: &'static [Migration],
}

/// One step. `NNNN_name.sql` in both folders, by `include_str!`.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// NNNN.
    pub version: i64,
    /// What it brings.
    pub name: &'static str,
    /// Its text for PostgreSQL.
    pub postgres: &'static str,
    /// Its text for SQLite.
    pub sqlite: &'static str,
}

pub(crate) fn migrator(set: &MigrationSet, backend: Backend) -> Migrator {
    let mut migrator = Migrator::with_migrations(set.steps.iter().map(|step| step.of(backend)).collect());
    migrator.dangerous_set_table_name(format!("_migrations_{}", set.name));
    migrator
}

impl Migration {
    fn of(&self, backend: Backend) -> sqlx::migrate::Migration {
        let text = match backend {
            Backend::Sqlite => self.sqlite,
            Backend::Postgres => self.postgres,
        };
        let sql = AssertSqlSafe(text).into_sql_str();
        sqlx::migrate::Migration::new(self.version, self.name.into(), MigrationType::Simple, sql, false)
    }
}
