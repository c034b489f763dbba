//! A node whose services are processes of their own, all with one configuration and one data directory.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Child;

use rand::RngExt;
use serde_json::Value;
use tempfile::TempDir;

use crate::process::{CONFIGURATION, announced, data, log, spawn_command, terminate};
use crate::session::run;

pub const SERVICES: [&str; 5] = ["registry", "ingestion", "analytics", "federation", "portal"];

/// Where one service listens, whenever it runs.
struct Addresses {
    grpc: String,
    http: String,
}

pub struct Services {
    pub folder: TempDir,
    addresses: BTreeMap<&'static str, Addresses>,
    running: BTreeMap<&'static str, Child>,
}

impl Services {
    /// All of them at once: none waits for another one to be there. `more` is configured besides the addresses.
    pub fn start(more: &str) -> Services {
        let address = || format!("127.0.0.1:{}", free_port());
        let addresses: BTreeMap<_, _> = SERVICES.map(|noun| (noun, Addresses { grpc: address(), http: address() })).into();
        let peers: String = addresses.iter().map(|(noun, at)| format!("{noun} = \"https://{}\"\n", at.grpc)).collect();
        let public_url = format!("public_url = \"http://{}\"\n", addresses["portal"].http);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(CONFIGURATION), format!("{more}\n[listen]\n{public_url}[peers]\n{peers}")).unwrap();
        let mut services = Services { folder, addresses, running: BTreeMap::new() };
        let begun = SERVICES.map(|noun| (noun, services.spawn(noun)));
        for (noun, (child, stdout)) in begun {
            services.running.insert(noun, child);
            announced(services.folder.path(), stdout);
        }
        services
    }

    /// Starts one that does not run, where it was before, and waits until it serves.
    pub fn restart(&mut self, noun: &'static str) -> Value {
        let (child, stdout) = self.spawn(noun);
        self.running.insert(noun, child);
        announced(self.folder.path(), stdout)
    }

    /// `kill -9`.
    pub fn kill(&mut self, noun: &str) {
        let mut child = self.running.remove(noun).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks all to stop, and holds that they do so in order.
    pub fn stop(mut self) {
        for (noun, mut child) in std::mem::take(&mut self.running) {
            let stopped = terminate(&mut child);
            assert!(stopped.success(), "{noun}: {stopped}: {}", log(self.folder.path()));
        }
    }

    pub fn data(&self) -> PathBuf {
        data(self.folder.path())
    }

    pub fn grpc(&self, noun: &str) -> String {
        format!("https://{}", self.addresses[noun].grpc)
    }

    /// What a command prints as JSON.
    pub fn json(&self, command: &str) -> Value {
        let output = run(self.folder.path(), &format!("{command} --json"), true);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{command}: {why}: {output:?}"))
    }

    /// One request over HTTP to a service: the status and the body.
    pub fn http(&self, noun: &str, head: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.addresses[noun].http).unwrap();
        let length = body.len();
        write!(stream, "{head}\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn spawn(&self, noun: &'static str) -> (Child, std::process::ChildStdout) {
        let Addresses { grpc, http } = &self.addresses[noun];
        spawn_command(self.folder.path(), &["serve", noun, "--grpc", grpc, "--http", http, "--ops", "127.0.0.1:0", "--json"])
    }
}

/// A test that fails leaves nothing behind.
impl Drop for Services {
    fn drop(&mut self) {
        for child in self.running.values_mut() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Below the range from which the system takes ports for outgoing connections: a service that is down for a moment finds its port again.
fn free_port() -> u16 {
    let mut dice = rand::rng();
    loop {
        let port = dice.random_range(12_000..32_000);
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
