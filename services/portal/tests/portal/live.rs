//! The Overview as it changes.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt;
use http::{Request, StatusCode};
use tower::ServiceExt;
use tracemesh_chassis::Clock;
use tracemesh_portal::config::PortalConfig;

use crate::browser::get;
use crate::fixtures::{SESSION, Scene, portal, router};

async fn open(router: &axum::Router) -> axum::response::Response {
    let request = Request::get("/console/live").header("cookie", format!("tracemesh_session={SESSION}"));
    router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
}

/// The names of the first events, and the whole text that carried them.
async fn events(response: axum::response::Response, count: usize) -> (Vec<String>, String) {
    let mut body = response.into_body().into_data_stream();
    let mut text = String::new();
    while text.matches("\n\n").count() < count {
        let chunk = body.next().await.expect("more events").expect("a chunk");
        text.push_str(std::str::from_utf8(&chunk).expect("UTF-8"));
    }
    let names = text.lines().filter_map(|line| line.strip_prefix("event: ")).map(str::to_owned).collect();
    (names, text)
}

#[tokio::test]
async fn every_part_comes_first_and_then_what_changes() {
    let clock = Clock::manual(1_795_000_000_000_000);
    let router = router(Scene::Calm, clock.clone(), PortalConfig::default());
    let response = open(&router).await;
    assert_eq!(response.status(), StatusCode::OK);
    let (first, rest) = tokio::join!(events(response, 6), async {
        clock.advance(Duration::from_secs(1));
    });
    let ((names, text), ()) = (first, rest);
    assert_eq!(names[..4], ["standing", "intake", "figures", "nodes"]);
    assert!(names[4..].contains(&"intake".to_owned()), "a second later only what reads differently: {names:?}");
    assert!(text.contains("data: <header><h2>接收"), "a part is drawn as the page draws it");
}

#[tokio::test]
async fn a_session_that_has_ended_says_so() {
    let page = get(&portal(Scene::Full), "/console/live").await;
    assert_eq!(page.text, "event: ended\ndata: ended\n\n");
}

#[tokio::test]
async fn live_pages_are_limited() {
    let config = PortalConfig { live_pages: 1, ..PortalConfig::default() };
    let router = router(Scene::Calm, Clock::manual(1_795_000_000_000_000), config);
    let first = open(&router).await;
    assert_eq!(open(&router).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    drop(first);
    assert_eq!(open(&router).await.status(), StatusCode::OK);
}
