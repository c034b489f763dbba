//! A session at the terminal, told as a README tells it:
//!
//! ```text
//! $ tracemesh send good.json
//! 1 accepted, 0 duplicate, 0 rejected in [..] s
//! ```
//!
//! What follows a command is all of its standard output, `[..]` standing for whatever differs from run to run. A line with `!` in front is in
//! its standard error, and `? 1` is an exit code other than 0. `< FILE` is its input. Files are those of the node's folder.

use std::fs::File;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::process::{Node, tracemesh};

/// A command with what it should come to.
struct Step<'a> {
    command: &'a str,
    code: i32,
    out: Vec<&'a str>,
    err: Vec<&'a str>,
}

/// Plays a session against a node, as its operator unless a command says otherwise.
pub fn play(node: &Node, session: &str) {
    play_in(node.folder.path(), session);
}

/// The same in the folder of a node.
pub fn play_in(folder: &Path, session: &str) {
    for step in steps(session) {
        let output = run(folder, step.command, true);
        step.hold(&output);
    }
}

/// Runs one command in a folder. `data` says where the node's data is.
pub fn run(folder: &Path, command: &str, data: bool) -> Output {
    let (words, input) = match command.split_once(" < ") {
        Some((words, file)) => (words, Stdio::from(File::open(folder.join(file)).unwrap())),
        None => (command, Stdio::null()),
    };
    let mut process = tracemesh();
    process.args(words.split_whitespace().skip(1)).current_dir(folder).stdin(input);
    if data {
        process.arg("--data").arg("data");
    }
    process.output().unwrap()
}

/// Puts records into a file, one a line.
pub fn lines(folder: &Path, file: &str, records: &[Value]) {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(folder.join(file), lines.join("\n")).unwrap();
}

/// What a command prints as JSON, one document a line.
pub fn documents(node: &Node, command: &str) -> Vec<Value> {
    let output = run(node.folder.path(), command, true);
    let out = String::from_utf8(output.stdout).unwrap();
    out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|why| panic!("{command}: {why}: {line}"))).collect()
}

fn steps(session: &str) -> Vec<Step<'_>> {
    let mut steps: Vec<Step<'_>> = Vec::new();
    for line in session.lines().map(str::trim_end).skip_while(|line| line.is_empty()) {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step { command, code: 0, out: Vec::new(), err: Vec::new() });
            continue;
        }
        let step = steps.last_mut().expect("a session begins with a command");
        match (line.strip_prefix("! "), line.strip_prefix("? ")) {
            (Some(err), _) => step.err.push(err),
            (_, Some(code)) => step.code = code.parse().expect("an exit code is a number"),
            _ if line.is_empty() => {}
            _ => step.out.push(line),
        }
    }
    steps
}

impl Step<'_> {
    fn hold(&self, output: &Output) {
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let told = format!("$ {}\n{out}{err}", self.command);
        assert_eq!(output.status.code(), Some(self.code), "{told}");
        let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
        assert_eq!(lines.len(), self.out.len(), "{told}");
        for (line, expected) in lines.iter().zip(&self.out) {
            assert!(matches(line, expected), "expected {expected:?}, found {line:?} in\n{told}");
        }
        for expected in &self.err {
            assert!(err.lines().any(|line| matches(line, expected)), "expected {expected:?} on standard error of\n{told}");
        }
    }
}

/// Whether a line is the pattern, with anything in the places of `[..]`.
fn matches(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}
