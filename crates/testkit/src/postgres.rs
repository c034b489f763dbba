//! One PostgreSQL server for all tests of a process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// Never dropped: that the process ends is what closes the pipe, and the keeper stops the server then.
static SERVER: LazyLock<Server> = LazyLock::new(Server::start);
static DATABASES: AtomicU32 = AtomicU32::new(0);

struct Server {
    folder: PathBuf,
    _keeper: Child,
}

/// The URL of a new database, a clone of the server's template.
pub async fn database() -> String {
    let server = tokio::task::spawn_blocking(|| &*SERVER).await.expect("the server starts");
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut connection = server.connect().await;
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database can be made");
    connection.close().await.expect("the connection closes");
    server.url(&name)
}

impl Server {
    fn start() -> Self {
        let mut command = keeper();
        command.args(["sh", "-c", include_str!("postgres.sh"), "sh"]).arg(programs());
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a shell can be started");
        let mut folder = String::new();
        let stdout = keeper.stdout.take().expect("the keeper's output is a pipe");
        BufReader::new(stdout).read_line(&mut folder).expect("the keeper's output can be read");
        assert!(!folder.is_empty(), "PostgreSQL could not be initialised: its messages stand above");
        Self { folder: folder.trim_end().into(), _keeper: keeper }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.folder.display())
    }

    /// Connects as soon as the server lets in.
    async fn connect(&self) -> PgConnection {
        let url = self.url("postgres");
        for _ in 0..1_000 {
            if let Ok(connection) = PgConnection::connect(&url).await {
                return connection;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("PostgreSQL does not answer; see {}/log", self.folder.display());
    }
}

/// `env`, or a way to run what follows as somebody who is not root.
fn keeper() -> Command {
    let root = fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0);
    if !root {
        return Command::new("env");
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = if users.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" };
    let group = if user == "postgres" { "postgres" } else { "nogroup" };
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={group}"), "--clear-groups".into()]);
    command
}

#[allow(clippy::disallowed_methods, reason = "a test's tools are found where its user's shell finds them")]
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).chain(installed).collect();
    folders.retain(|folder| has(folder, "initdb") && has(folder, "postgres"));
    folders.pop().expect("initdb and postgres are in PATH or in /usr/lib/postgresql/*/bin: install PostgreSQL to run these tests")
}

fn has(folder: &Path, program: &str) -> bool {
    folder.join(program).exists()
}
