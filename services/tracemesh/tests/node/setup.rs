//! What is done before a node runs: its tables brought forward, its command line made known to shells and manuals.

use crate::process::{Node, data, spawn_command};
use crate::session::run;

#[test]
fn tables_are_brought_forward_before_anything_serves() {
    let folder = tempfile::tempdir().unwrap();
    let one = run(folder.path(), "tracemesh migrate registry --json", true);
    assert_eq!(String::from_utf8(one.stdout).unwrap(), "{\"migrated\":[\"registry\"]}\n");
    let tables = |noun: &str| data(folder.path()).join(format!("{noun}.sqlite")).exists();
    assert!(tables("registry") && !tables("ingestion"));
    for _ in 0..2 {
        let all = run(folder.path(), "tracemesh migrate", true);
        assert_eq!(String::from_utf8(all.stdout).unwrap(), "registry\ningestion\nquality\nemergency\nanalytics\nfederation\n");
    }
    assert_eq!(run(folder.path(), "tracemesh migrate weather", true).status.code(), Some(2));
    assert!(!data(folder.path()).join("endpoints.json").exists(), "nothing has served");
    let node = Node::start_in(folder);
    let running = run(node.folder.path(), "tracemesh migrate", true);
    assert_eq!(running.status.code(), Some(2), "not under a process that works with them");
    assert!(String::from_utf8_lossy(&running.stderr).contains("runs already"), "{running:?}");
    node.stop();
}

#[test]
fn shells_and_manuals_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = String::from_utf8(run(folder.path(), &format!("tracemesh completion {shell}"), false).stdout).unwrap();
        assert!(["serve", "migrate", "recount", "redrive"].iter().all(|word| script.contains(word)), "{shell}: {script}");
    }
    assert_eq!(run(folder.path(), "tracemesh completion abacus", false).status.code(), Some(2));
    let page = String::from_utf8(run(folder.path(), "tracemesh man", false).stdout).unwrap();
    assert!(page.contains(".TH tracemesh 1") && page.contains("recount"), "{page}");
    assert_eq!(run(folder.path(), "tracemesh man pages", false).status.code(), Some(0));
    for page in ["tracemesh.1", "tracemesh-serve.1", "tracemesh-link-join.1"] {
        assert!(folder.path().join("pages").join(page).exists(), "{page}");
    }
}

#[test]
fn a_service_with_a_section_that_it_cannot_read_was_used_wrongly() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(crate::process::CONFIGURATION), "[analytics]\nanounce_interval_ms = 1\n").unwrap();
    let any_port = ["--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0", "--ops", "127.0.0.1:0"];
    let (mut child, _) = spawn_command(folder.path(), &data(folder.path()), &[&["serve", "analytics"], &any_port[..]].concat());
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(crate::process::log(folder.path()).contains("the nearest is `announce_interval_ms`"));
}
