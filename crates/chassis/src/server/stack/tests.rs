use std::time::Duration;

use axum::body::Body;
use axum::routing::any;
use ed25519_dalek::SigningKey;
use http::StatusCode;
use tower::ServiceExt;
use tracemesh_access::{Principal, token};

use super::*;
use crate::clock::Clock;
use crate::telemetry::Telemetry;

const NOW: i64 = 1_900_000_000_000_000;
const SLOW: &str = "/tracemesh.registry.v1.RegistryService/GetNode";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn door() -> Door {
    let authenticator = Arc::new(Authenticator::new(key().verifying_key(), Some([0; 32]), Clock::manual(NOW), Vec::new()));
    Door { authenticator, elsewhere: Arc::default() }
}

/// A handler that never answers, behind the whole stack.
fn hanging(limits: &LimitsConfig) -> Router {
    let calls = observe::Calls::of_grpc(&Telemetry::detached().meter("test"));
    let routes = Router::new().route(SLOW, any(std::future::pending::<()>));
    grpc(routes, limits, door(), calls, Shutdown::default())
}

fn call(timeout: Option<&str>) -> Request {
    let mut request = Request::post(SLOW);
    if let Some(timeout) = timeout {
        request = request.header("grpc-timeout", timeout);
    }
    request.body(Body::empty()).unwrap()
}

fn status(response: &Response) -> &str {
    assert_eq!(response.status(), StatusCode::OK, "gRPC tells its errors in its own header");
    response.headers()["grpc-status"].to_str().unwrap()
}

const DEADLINE_EXCEEDED: &str = "4";
const RESOURCE_EXHAUSTED: &str = "8";

#[tokio::test]
async fn the_callers_deadline_ends_a_call() {
    let response = hanging(&LimitsConfig::default()).oneshot(call(Some("20m"))).await.unwrap();
    assert_eq!(status(&response), DEADLINE_EXCEEDED);
}

#[tokio::test]
async fn without_one_and_beyond_the_longest_ours_does() {
    let none = LimitsConfig { call_timeout_s: 0, ..LimitsConfig::default() };
    assert_eq!(status(&hanging(&none).oneshot(call(None)).await.unwrap()), DEADLINE_EXCEEDED);
    let short = LimitsConfig { call_timeout_max_s: 0, ..LimitsConfig::default() };
    assert_eq!(status(&hanging(&short).oneshot(call(Some("1H"))).await.unwrap()), DEADLINE_EXCEEDED);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_at_once_and_told_when_to_come_back() {
    let router = hanging(&LimitsConfig { concurrent_calls: 1, ..LimitsConfig::default() });
    let first = tokio::time::timeout(Duration::from_secs(1), router.clone().oneshot(call(None)));
    let second = async {
        // the first is polled first, and holds the only place
        tokio::task::yield_now().await;
        tokio::time::timeout(Duration::from_millis(500), router.clone().oneshot(call(None))).await
    };
    let second = tokio::select! { biased; _ = first => panic!("the handler never answers"), second = second => second };
    let response = second.expect("it is not kept waiting").unwrap();
    assert_eq!(status(&response), RESOURCE_EXHAUSTED);
}

#[tokio::test]
async fn no_token_that_is_out_of_date_reaches_a_handler() {
    let old = token::sign(&Principal::service("quality"), &key(), NOW - 120_000_000, 60_000_000);
    let mut request = call(None);
    request.headers_mut().insert("authorization", format!("Bearer {old}").parse().unwrap());
    let response = hanging(&LimitsConfig::default()).oneshot(request).await.unwrap();
    assert_eq!(status(&response), "16", "although everybody may ask who the node is");
}
