//! `tracemesh up` as a process of its own, because nothing else can be killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tracemesh_peers::Clients;
use tracemesh_peers::local::Target;

/// A file of this name in a node's folder, if there is one, configures it.
pub const CONFIGURATION: &str = "node.toml";
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(10);

/// A node that runs, in a folder of its own.
pub struct Node {
    pub folder: TempDir,
    child: Child,
    /// What it said once it was ready.
    pub endpoints: Value,
}

impl Node {
    pub fn start() -> Node {
        Node::start_in(tempfile::tempdir().unwrap())
    }

    /// On the files that lie in a folder, or on none. Comes back when the node serves.
    pub fn start_in(folder: TempDir) -> Node {
        let (child, stdout) = spawn(folder.path(), &["--json"]);
        let endpoints = announced(folder.path(), stdout);
        Node { folder, child, endpoints }
    }

    pub fn data(&self) -> PathBuf {
        data(self.folder.path())
    }

    pub async fn operator(&self) -> Clients {
        Target::local(&self.data()).connect().await.unwrap()
    }

    /// `kill -9`.
    pub fn kill(mut self) -> TempDir {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.into_folder()
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) -> TempDir {
        let stopped = terminate(&mut self.child);
        assert!(stopped.success(), "{stopped}: {}", log(self.folder.path()));
        self.into_folder()
    }

    fn into_folder(mut self) -> TempDir {
        std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap())
    }
}

/// A test that fails leaves no node behind.
impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// SIGTERM, and how it ended.
pub fn terminate(child: &mut Child) -> ExitStatus {
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    child.wait().unwrap()
}

/// What a process says in its one line once it serves.
pub fn announced(folder: &Path, stdout: ChildStdout) -> Value {
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap_or_else(|why| panic!("{why}: {line:?}: {}", log(folder)))
}

/// `tracemesh up` on free ports, with its data and its log in a folder.
pub fn spawn(folder: &Path, more: &[&str]) -> (Child, ChildStdout) {
    let up = ["up", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--ops", "127.0.0.1:0"];
    spawn_command(folder, &data(folder), &[&up, more].concat())
}

/// A process of the binary that serves, with its configuration and its log in a folder.
pub fn spawn_command(folder: &Path, data: &Path, command_line: &[&str]) -> (Child, ChildStdout) {
    let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
    let mut command = tracemesh();
    command.args(command_line).arg("--data").arg(data);
    let configuration = folder.join(CONFIGURATION);
    if configuration.exists() {
        command.arg("--config").arg(configuration);
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    (child, stdout)
}

pub fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

pub fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap_or_default()
}

/// The binary, which finds nothing in the environment that the tests have not put there.
pub fn tracemesh() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tracemesh"));
    for name in ["TRACEMESH_NODE", "TRACEMESH_TOKEN", "TRACEMESH_CA"] {
        command.env_remove(name);
    }
    command
}

/// Looks until there is something, and gives up after a while.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, look).await
}

pub async fn eventually_within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + patience;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < until, "{what}: not within {} s", patience.as_secs());
        tokio::time::sleep(PAUSE).await;
    }
}
