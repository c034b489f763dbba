//! The README's ten minutes as a provider and as a regulator, line by line as they stand there.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use crate::process::Node;

const README: &str = include_str!("../../../../README.md");
/// What a test does in its own way: the binary is built, and the node runs, when a line is tried.
const DONE: [&str; 2] = ["cargo build", "tracemesh up"];
/// The answer of all others is yes.
const ANSWERED_NO: &str = "RETIAL";

#[test]
fn what_the_readme_shows_works() {
    let node = Node::start();
    let folder = node.folder.path();
    symlink(node.data(), folder.join("tracemesh-data")).unwrap();
    let said: BTreeMap<&str, String> = ["## Ten minutes as a provider", "## Ten minutes as a regulator"]
        .into_iter()
        .flat_map(commands)
        .filter(|command| !DONE.iter().any(|done| command.starts_with(done)))
        .map(|command| (command, tried(folder, command)))
        .collect();

    let of = |start: &str| said.iter().find(|(command, _)| command.starts_with(start)).unwrap_or_else(|| panic!("{start} is not shown")).1;
    assert!(of("tracemesh send records.ndjson --receipts").contains("1000 accepted, 0 duplicate, 0 rejected"), "{said:#?}");
    assert!(said["tracemesh send records.ndjson"].contains("0 accepted, 1000 duplicate, 0 rejected"), "{said:#?}");
    let records = std::fs::read_to_string(folder.join("records.ndjson")).unwrap();
    assert_eq!(of("tracemesh receipt local.ingestion/1/1 --original"), records.lines().next().unwrap());
    assert!(of("tracemesh trace").contains("local"), "{said:#?}");
}

/// The lines of the first block of commands under a heading, without what is said of them.
fn commands(heading: &str) -> impl Iterator<Item = &'static str> {
    let (_, section) = README.split_once(heading).unwrap_or_else(|| panic!("no {heading}"));
    let (_, block) = section.split_once("```sh\n").expect("commands are shown");
    let (block, _) = block.split_once("```").expect("a block ends");
    block.lines().map(|line| line.split("  #").next().unwrap_or_default().trim())
}

/// What a line prints, once it has come to what it should.
fn tried(folder: &Path, command: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_tracemesh")).parent().unwrap();
    let path = format!("{}:/usr/bin:/bin", binary.display());
    let output: Output = Command::new("bash").args(["-c", command]).current_dir(folder).env("PATH", path).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let expected = i32::from(command.contains(ANSWERED_NO));
    assert_eq!(output.status.code(), Some(expected), "$ {command}\n{out}{err}");
    out.into_owned()
}
