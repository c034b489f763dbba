//! The way into the console of a running node: its first link, and the next one once that was used.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::process::Node;
use crate::session::{documents, play};

#[test]
fn a_console_whose_link_was_used_opens_again() {
    let node = Node::start();
    let first = path(&node, &node.endpoints["sign_in"]);
    assert_eq!(ask(&node, "GET", &first, "").0, 200);
    let session = enter(&node, &first).expect("a link that was only looked at is good");
    assert_eq!(ask(&node, "GET", "/console", &session).0, 200);
    assert_eq!(enter(&node, &first), None);

    play(
        &node,
        "
$ tracemesh sign-in --why holidays
http://127.0.0.1:[..]/console/sign-in/[..]
! tracemesh: good once, within a day; other links and sessions of the administrator have ended
",
    );
    assert_eq!(ask(&node, "GET", "/console", &session).0, 401);
    let next = path(&node, &documents(&node, "tracemesh sign-in --json")[0]["sign_in"]);
    let session = enter(&node, &next).expect("the newest link is good");
    assert_eq!(ask(&node, "GET", "/console", &session).0, 200);
    node.stop();
}

fn path(node: &Node, link: &Value) -> String {
    let http = node.endpoints["http"].as_str().unwrap();
    link.as_str().and_then(|link| link.strip_prefix(http)).expect("the link leads to the console").to_owned()
}

/// Presses the button on the page of a link. The session's cookie, if one was set.
fn enter(node: &Node, path: &str) -> Option<String> {
    let (status, head) = ask(node, "POST", path, "");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "))?.split(';').next()?;
    assert_eq!(status, 303, "{head}");
    Some(cookie.to_owned())
}

/// The status and the head of an answer.
fn ask(node: &Node, method: &str, path: &str, cookie: &str) -> (u16, String) {
    let address = node.endpoints["http"].as_str().unwrap().trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).unwrap();
    write!(connection, "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let head = answer.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head)
}
