//! What can go wrong before a database is ready.

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{schema:?} cannot name a schema: a lower-case letter, then at most 38 letters, digits or underscores")]
    SchemaName { schema: String },
    #[error("the database of {schema} cannot be opened")]
    Open { schema: String, source: sqlx::Error },
    #[error("the migrations {set:?} of {schema} did not run")]
    Migrate { schema: String, set: &'static str, source: sqlx::migrate::MigrateError },
}
