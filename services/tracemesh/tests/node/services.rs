//! A node whose services are processes of their own, all with one configuration, and one data directory or one each.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, ChildStdout};

use rand::RngExt;
use serde_json::Value;
use tempfile::TempDir;
use tracemesh_chassis::Clock;
use tracemesh_chassis::keys::Keys;
use tracemesh_chassis::tls::NodeTls;

use crate::process::{CONFIGURATION, announced, data, log, spawn_command, terminate};
use crate::session::run;

pub const SERVICES: [&str; 7] = ["registry", "ingestion", "quality", "emergency", "analytics", "federation", "portal"];

/// Where one service listens, whenever it runs.
struct Addresses {
    grpc: String,
    http: String,
}

/// Where their files are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Files {
    Together,
    /// As on machines of their own, which share the node's identity alone.
    Apart,
}

pub struct Services {
    pub folder: TempDir,
    files: Files,
    addresses: BTreeMap<&'static str, Addresses>,
    running: BTreeMap<&'static str, Child>,
    /// Where each answers probes.
    ops: BTreeMap<&'static str, String>,
}

impl Services {
    /// On one data directory.
    pub fn start(more: &str) -> Services {
        Services::start_with(Files::Together, more)
    }

    /// All of them at once: none waits for another one to be there. `more` is configured besides the addresses.
    pub fn start_with(files: Files, more: &str) -> Services {
        let address = || format!("127.0.0.1:{}", free_port());
        let addresses: BTreeMap<_, _> = SERVICES.map(|noun| (noun, Addresses { grpc: address(), http: address() })).into();
        let peers: String = addresses.iter().map(|(noun, at)| format!("{noun} = \"https://{}\"\n", at.grpc)).collect();
        let public_url = format!("public_url = \"http://{}\"\n", addresses["portal"].http);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(CONFIGURATION), format!("{more}\n[listen]\n{public_url}[peers]\n{peers}")).unwrap();
        let mut services = Services { folder, files, addresses, running: BTreeMap::new(), ops: BTreeMap::new() };
        if files == Files::Apart {
            services.share_identity();
        }
        let begun = SERVICES.map(|noun| (noun, services.spawn(noun)));
        for (noun, (child, stdout)) in begun {
            services.serves(noun, child, stdout);
        }
        services
    }

    /// Starts one that does not run, where it was before, and waits until it serves.
    pub fn restart(&mut self, noun: &'static str) -> Value {
        let (child, stdout) = self.spawn(noun);
        self.serves(noun, child, stdout)
    }

    fn serves(&mut self, noun: &'static str, child: Child, stdout: ChildStdout) -> Value {
        self.running.insert(noun, child);
        let said = announced(self.folder.path(), stdout);
        self.ops.insert(noun, said["ops"].as_str().unwrap().trim_start_matches("http://").to_owned());
        said
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

    /// What a service says of what it depends on.
    pub fn readiness(&self, noun: &str) -> Value {
        let (status, body) = exchange(&self.ops[noun], "GET /readyz HTTP/1.1", "");
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// One request over HTTP to a service: the status and the body.
    pub fn http(&self, noun: &str, head: &str, body: &str) -> (u16, String) {
        exchange(&self.addresses[noun].http, head, body)
    }

    fn spawn(&self, noun: &'static str) -> (Child, ChildStdout) {
        let Addresses { grpc, http } = &self.addresses[noun];
        let command_line = ["serve", noun, "--grpc", grpc, "--http", http, "--ops", "127.0.0.1:0", "--json"];
        spawn_command(self.folder.path(), &self.data_of(noun), &command_line)
    }

    /// The gateway's is where commands look.
    fn data_of(&self, noun: &str) -> PathBuf {
        match self.files {
            Files::Apart if noun != "federation" => self.folder.path().join(noun),
            _ => self.data(),
        }
    }

    /// Made beforehand, as the secret that an operator hands to all of them.
    fn share_identity(&self) {
        Keys::open(&self.data()).unwrap();
        NodeTls::open(&self.data(), "local", &[], Clock::system().now()).unwrap();
        for noun in SERVICES.into_iter().filter(|noun| *noun != "federation") {
            std::fs::create_dir(self.data_of(noun)).unwrap();
            symlink(self.data().join("identity"), self.data_of(noun).join("identity")).unwrap();
        }
    }
}

fn exchange(address: &str, head: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(stream, "{head}\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
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
