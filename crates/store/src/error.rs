//! What can go wrong before a database is ready.

/// Opening or migrating failed; names the schema.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Refused before anything is opened.
    #[error("{schema:?} cannot name a schema: a lower-case letter, then at most 38 letters, digits or underscores")]
    SchemaName { schema: String },
    /// A file that cannot be made, a server that does not answer or does not let us in.
    #[error("the database of {schema} cannot be opened")]
    Open { schema: String, source: sqlx::Error },
    /// A text failed, or one that ran has been altered since.
    #[error("the migrations {set:?} of {schema} did not run")]
    Migrate { schema: String, set: &'static str, source: sqlx::migrate::MigrateError },
}
