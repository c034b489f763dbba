use axum::Router;
use axum::body::Bytes;
use axum::extract::Extension;
use axum::routing::{get, post};
use http::StatusCode;
use tracemesh_access::Principal;
use tracemesh_chassis::{Health, Probe};

use crate::browser::{self, json, send};
use crate::toy::Node;

#[tokio::test]
async fn rpcs_answer_as_json_to_whoever_may_call_them() {
    let node = Node::start().await;
    let links = format!("{}/api/v1/links", node.running.endpoints().http);
    let (status, text) = browser::get(&links, Some(&node.operator_token())).await;
    assert_eq!((status, json(&text)["node"].as_str().unwrap()), (StatusCode::OK, "operator"));
    let (status, text) = browser::get(&links, None).await;
    assert_eq!((status, json(&text)["code"].as_i64()), (StatusCode::UNAUTHORIZED, Some(16)));
    let (status, text) = browser::get(&links, Some("made up")).await;
    assert_eq!((status, json(&text)["details"][0]["reason"].as_str().unwrap()), (StatusCode::UNAUTHORIZED, "ACCESS_TOKEN_INVALID"));
}

#[tokio::test]
async fn the_description_of_the_json_interface_is_public() {
    let node = Node::start().await;
    let (status, text) = browser::get(&format!("{}/openapi.json", node.running.endpoints().http), None).await;
    assert_eq!((status, json(&text)["openapi"].as_str().map(|version| &version[..3])), (StatusCode::OK, Some("3.1")));
}

#[tokio::test]
async fn handlers_of_pages_find_the_caller_and_a_panic_in_one_is_an_answer() {
    let who = get(|Extension(principal): Extension<Principal>| async move { principal.to_string() });
    let broken = get(|| async {
        if true {
            panic!("a template is missing")
        }
    });
    let node = Node::with(|service| service.http(Router::new().route("/who", who).route("/broken", broken))).await;
    let url = &node.running.endpoints().http;
    assert_eq!(browser::get(&format!("{url}/who"), None).await, (StatusCode::OK, "public".to_owned()));
    assert_eq!(browser::get(&format!("{url}/who"), Some("acme's")).await.1, "provider:acme");
    let (status, text) = browser::get(&format!("{url}/broken"), None).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text.contains("template"), "{text}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_before_it_is_read() {
    let length = post(|body: Bytes| async move { body.len().to_string() });
    let folder = tempfile::tempdir().unwrap();
    let mut config = tracemesh_chassis::NodeConfig::on_free_ports(folder.path());
    config.limits.http_body_bytes = 3 << 20;
    let (clock, telemetry) = (tracemesh_chassis::Clock::system(), tracemesh_chassis::Telemetry::detached());
    let process = tracemesh_chassis::Process::prepare(config, clock, telemetry, &[]).await.unwrap();
    let service = tracemesh_chassis::Service::new("ingestion").http(Router::new().route("/length", length));
    let running = process.serve(vec![service]).await.unwrap();
    let url = format!("{}/length", running.endpoints().http);
    assert_eq!(send(&url, "POST", None, vec![b'x'; 3 << 20]).await, (StatusCode::OK, (3 << 20).to_string()));
    let (status, text) = send(&url, "POST", None, vec![b'x'; (3 << 20) + 1]).await;
    assert_eq!((status, json(&text)["code"].as_i64()), (StatusCode::PAYLOAD_TOO_LARGE, Some(8)));
}

#[tokio::test]
async fn readiness_names_every_dependency_and_task_with_its_state() {
    let degraded = Probe::new("federation.parent", || async { Health::Degraded("away since yesterday".into()) });
    let node = Node::with(|service| service.probe(degraded)).await;
    let url = &node.running.endpoints().ops;
    assert_eq!(browser::get(&format!("{url}/healthz"), None).await, (StatusCode::OK, "alive\n".to_owned()));
    let (status, text) = browser::get(&format!("{url}/readyz"), None).await;
    let ready = json(&text);
    assert_eq!((status, ready["ready"].as_bool()), (StatusCode::OK, Some(true)), "a parent that is away stops nothing");
    assert_eq!(ready["dependencies"]["federation.parent"]["state"], "degraded");
    assert_eq!(ready["dependencies"]["certificate"]["state"], "ok");
    assert_eq!(ready["tasks"]["grpc listener"]["state"], "running");
}

#[tokio::test]
async fn a_dependency_without_which_nothing_works_makes_the_process_not_ready() {
    let failed = Probe::new("federation.database", || async { Health::Failed("connection refused".into()) });
    let node = Node::with(|service| service.probe(failed)).await;
    let (status, text) = browser::get(&format!("{}/readyz", node.running.endpoints().ops), None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(json(&text)["dependencies"]["federation.database"]["detail"], "connection refused");
}

#[tokio::test]
async fn metrics_count_calls_by_rpc_and_code() {
    let node = Node::start().await;
    browser::get(&format!("{}/api/v1/links", node.running.endpoints().http), None).await;
    let (_, text) = browser::get(&format!("{}/metrics", node.running.endpoints().ops), None).await;
    let line = r#"rpc_seconds_count{code="16",rpc="tracemesh.federation.v1.FederationService/GetLinkStatus"} 1"#;
    assert!(text.lines().any(|l| l == line), "{text}");
    assert!(text.contains(r#"http_seconds_count{route="/api/v1/{*rest}",status="401"} 1"#), "{text}");
}
