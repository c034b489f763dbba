//! How a PostgreSQL schema is opened: made if it is missing, and the only one that its connections see.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};

const PATIENCE: Duration = Duration::from_secs(30);
/// A connection that rested longer is tested before use; one in steady use is spared the round trip.
const RESTED: Duration = Duration::from_secs(2);
/// Processes that start together take turns at making a schema. Any number would do.
const SCHEMA_LOCK: i64 = 0x7472_6163_656d;

/// The pool that writes. Makes the schema, so it is opened first. There are two, because a transaction that reads beside itself must not wait for a
/// connection that only other such transactions could give back.
pub(crate) async fn writer(url: &str, schema: &str, connections: u32) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    make_schema(&options, schema).await?;
    pool(options, schema, connections, "off").await
}

pub(crate) async fn readers(url: &str, schema: &str, connections: u32) -> Result<PgPool, sqlx::Error> {
    pool(url.parse()?, schema, connections, "on").await
}

async fn pool(options: PgConnectOptions, schema: &str, connections: u32, read_only: &str) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options.options([("search_path", schema), ("default_transaction_read_only", read_only)]))
        .await
}

async fn make_schema(options: &PgConnectOptions, schema: &str) -> Result<(), sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    // Looked up first, because CREATE SCHEMA IF NOT EXISTS asks for a right that a service's role need not have.
    let known = sqlx::query("SELECT 1 FROM pg_namespace WHERE nspname = $1").bind(schema).fetch_optional(&mut connection).await?;
    if known.is_none() {
        let mut transaction = connection.begin().await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(SCHEMA_LOCK).execute(&mut *transaction).await?;
        transaction.execute(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\""))).await?;
        transaction.commit().await?;
    }
    connection.close().await
}
