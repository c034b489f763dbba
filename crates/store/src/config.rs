//! Where a service's tables are.

use std::path::PathBuf;

/// One service's database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// One file, made if it is missing; its folder must exist. Its journal files (`-wal`, `-shm`) stand beside it.
    Sqlite { path: PathBuf },
    /// `postgres://user:password@host:port/database`, or a Unix socket by `?host=/folder`. The schema is given apart.
    /// `connections` is how many may be open at once, half of them for reading.
    Postgres { url: String, connections: u32 },
}
