//! Serves the pages from the tests' fixtures, for looking at them in a browser:
//! `cargo run -p tracemesh-portal --example look -- full 127.0.0.1:7481`, then `/console/sign-in/once`,
//! or as somebody else: drafter, reviewer, signer, acknowledger, head, security, audit, provider instead of once.
//! Scenes: full, calm, empty, night, failing, partial.

#[path = "../tests/portal/fixtures.rs"]
#[allow(dead_code, reason = "the tests use more of them")]
mod fixtures;

use fixtures::Scene;
use tracemesh_chassis::Clock;
use tracemesh_portal::config::PortalConfig;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let scene = match arguments.next().as_deref() {
        Some("calm") => Scene::Calm,
        Some("empty") => Scene::Empty,
        Some("night") => Scene::Night,
        Some("failing") => Scene::Failing,
        Some("partial") => Scene::Partial,
        Some("full") | None => Scene::Full,
        Some(other) => return Err(std::io::Error::other(format!("no scene is called {other}"))),
    };
    let listener = tokio::net::TcpListener::bind(arguments.next().as_deref().unwrap_or("127.0.0.1:7481")).await?;
    eprintln!("http://{}", listener.local_addr()?);
    axum::serve(listener, fixtures::router(scene, Clock::system(), PortalConfig::default())).await
}
