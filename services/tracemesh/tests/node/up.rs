//! `up`: what it says, what it leaves in the data directory, and how it ends.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;

use crate::process::{Node, data, log, spawn, terminate};
use crate::session::run;

#[test]
fn a_node_says_where_it_is_in_one_line_and_in_its_data_directory() {
    let node = Node::start();
    let said = &node.endpoints;
    assert_eq!(said["node"], "local");
    for (key, scheme) in [("http", "http://127.0.0.1:"), ("grpc", "https://127.0.0.1:"), ("ops", "http://127.0.0.1:")] {
        assert!(said[key].as_str().unwrap().starts_with(scheme), "{said}");
    }
    let link = said["sign_in"].as_str().unwrap();
    assert!(link.starts_with(said["http"].as_str().unwrap()) && link.contains("/console/sign-in/"), "{link}");
    assert!(std::fs::read_to_string(said["ca"].as_str().unwrap()).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(node.data().join("endpoints.json")).unwrap()).unwrap();
    assert_eq!(kept, *said);
    for secret in ["operator.token", "endpoints.json", "keys/local.ingestion.key"] {
        let mode = std::fs::metadata(node.data().join(secret)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{secret} is its owner's alone");
    }
    node.stop();
}

#[test]
fn to_people_it_says_the_same_in_lines_and_sigterm_ends_it_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, stdout) = spawn(folder.path(), &[]);
    let lines: Vec<String> = BufReader::new(stdout).lines().take(6).map(Result::unwrap).collect();
    let words: Vec<&str> = lines.iter().map(|line| line.split("  ").next().unwrap()).collect();
    assert_eq!(words, ["node", "console", "public", "grpc", "ops", "sign in"]);
    let ended = terminate(&mut child);
    assert_eq!(ended.code(), Some(0), "{}", log(folder.path()));
    let again = Node::start_in(folder);
    assert!(again.endpoints["sign_in"].is_string(), "until somebody has signed in, every start makes a link");
}

#[test]
fn a_second_node_on_the_same_data_is_refused_and_says_what_to_do() {
    let node = Node::start();
    let second = run(node.folder.path(), "tracemesh up --http 127.0.0.1:0 --grpc 127.0.0.1:0 --ops 127.0.0.1:0", true);
    assert_eq!(second.status.code(), Some(2));
    let told = String::from_utf8_lossy(&second.stderr);
    assert!(told.contains("runs already") && told.contains("--data"), "{told}");
    node.stop();
}

#[test]
fn what_cannot_work_is_told_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("node.toml"), "[listn]\nhttp = \"127.0.0.1:0\"\n").unwrap();
    let misspelt = run(folder.path(), "tracemesh up --config node.toml", true);
    assert_eq!(misspelt.status.code(), Some(2));
    let told = String::from_utf8_lossy(&misspelt.stderr);
    assert!(told.contains("there is no key `listn.http`; the nearest is `listen.http`"), "{told}");
    assert!(!data(folder.path()).exists());
    for wrong in ["tracemesh", "tracemesh uup", "tracemesh up --http nowhere", "tracemesh receipt", "tracemesh send"] {
        assert_eq!(run(folder.path(), wrong, false).status.code(), Some(2), "{wrong}");
    }
}
