//! `tracemesh up` as a process of its own, because nothing else can be killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tracemesh_peers::Clients;
use tracemesh_peers::local::Target;

pub struct Process {
    folder: PathBuf,
    child: Child,
}

/// Where the node keeps its files, in a test's folder.
pub fn data_dir(folder: &Path) -> PathBuf {
    folder.join("data")
}

impl Process {
    /// Starts it, and comes back when it serves. Its log is beside its data.
    pub fn start(folder: &Path, configuration: &str) -> Self {
        let config = folder.join("node.toml");
        std::fs::write(&config, configuration).unwrap();
        let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_tracemesh"));
        command.args(["up", "--json", "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--ops", "127.0.0.1:0"]);
        command.arg("--data").arg(data_dir(folder)).arg("--config").arg(config).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let mut endpoints = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut endpoints).unwrap();
        let process = Self { folder: folder.to_owned(), child };
        assert!(endpoints.contains("grpc"), "the node does not start: {}", process.log());
        process
    }

    /// Its operator.
    pub async fn operator(&self) -> Clients {
        Target::local(&data_dir(&self.folder)).connect().await.unwrap()
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(mut self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
        let stopped = self.child.wait().unwrap();
        assert!(stopped.success(), "{stopped}: {}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// A test that fails leaves no node behind.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
