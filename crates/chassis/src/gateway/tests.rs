//! The gateway in front of a real gRPC server on loopback, asked through its router.

use std::pin::Pin;

use futures::Stream;
use http::StatusCode;
use serde_json::{Value, json};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::transport::{Endpoint, Server};
use tonic::{Request as Call, Response as Answer, Streaming};
use tower::ServiceExt;
use tracemesh_proto::ingestion::v1;
use tracemesh_proto::ingestion::v1::ingestion_service_server::{IngestionService, IngestionServiceServer};

use super::*;
use crate::tasks::Tasks;

/// Answers with what it was asked, so that a test sees what arrived.
struct Echo;

type StreamOf<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

fn header<T>(call: &Call<T>, name: &str) -> String {
    call.metadata().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[tonic::async_trait]
impl IngestionService for Echo {
    type SubmitStream = StreamOf<v1::SubmitResponse>;
    type WatchIntakeStream = StreamOf<v1::WatchIntakeResponse>;

    async fn get_receipt(&self, call: Call<v1::GetReceiptRequest>) -> Result<Answer<v1::GetReceiptResponse>, Status> {
        let (who, trace, id) = (header(&call, "authorization"), header(&call, "traceparent"), call.into_inner().id);
        if id.ends_with("/404") {
            return Err(Error::new(ErrorCode::NotFound, "error.receipt.unknown").with("id", id).into());
        }
        let receipt = v1::Receipt { id, provider: who, record_id: trace, ..Default::default() };
        Ok(Answer::new(v1::GetReceiptResponse { receipt: Some(receipt) }))
    }

    async fn list_receipts(&self, call: Call<v1::ListReceiptsRequest>) -> Result<Answer<v1::ListReceiptsResponse>, Status> {
        let asked = call.into_inner();
        let receipt = v1::Receipt { provider: asked.provider, revision: asked.page_size, received_at: asked.since, ..Default::default() };
        Ok(Answer::new(v1::ListReceiptsResponse { receipts: vec![receipt], next_page_token: asked.page_token }))
    }

    async fn redrive(&self, call: Call<v1::RedriveRequest>) -> Result<Answer<v1::RedriveResponse>, Status> {
        let receipt = v1::Receipt { redrives: call.into_inner().id, ..Default::default() };
        Ok(Answer::new(v1::RedriveResponse { receipt: Some(receipt) }))
    }

    async fn get_intake(&self, _: Call<v1::GetIntakeRequest>) -> Result<Answer<v1::GetIntakeResponse>, Status> {
        Ok(Answer::new(v1::GetIntakeResponse { submissions: 1 << 60, ..Default::default() }))
    }

    async fn watch_intake(&self, _: Call<v1::WatchIntakeRequest>) -> Result<Answer<Self::WatchIntakeStream>, Status> {
        let second = |accepted| Ok(v1::WatchIntakeResponse { accepted, ..Default::default() });
        let broken = Err(Error::new(ErrorCode::Unavailable, "error.intake.unwritable").into());
        Ok(Answer::new(Box::pin(futures::stream::iter([second(1), second(2), broken, second(3)]))))
    }

    async fn submit(&self, _: Call<Streaming<v1::SubmitRequest>>) -> Result<Answer<Self::SubmitStream>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn get_original(&self, _: Call<v1::GetOriginalRequest>) -> Result<Answer<v1::GetOriginalResponse>, Status> {
        Err(Status::unimplemented("not asked here"))
    }

    async fn list_dead_letters(&self, _: Call<v1::ListDeadLettersRequest>) -> Result<Answer<v1::ListDeadLettersResponse>, Status> {
        Err(Status::unknown("panicked at src/store.rs"))
    }
}

async fn gateway() -> Router {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("loopback has free ports");
    let address = listener.local_addr().expect("a bound listener has an address");
    Tasks::new().once("echo", async move {
        let server = Server::builder().add_service(IngestionServiceServer::new(Echo));
        Ok(server.serve_with_incoming(TcpListenerStream::new(listener)).await?)
    });
    let channel = Endpoint::from_shared(format!("http://{address}")).expect("an address is a URI").connect_lazy();
    let channel_of = move |noun: &str| (noun == "ingestion").then(|| channel.clone());
    Gateway::new(channel_of, |principal| format!("signed for {}", principal.name())).router()
}

async fn ask(request: http::request::Builder, body: impl Into<Body>) -> (StatusCode, HeaderMap, String) {
    ask_of(gateway().await, request, body).await
}

async fn ask_of(router: Router, request: http::request::Builder, body: impl Into<Body>) -> (StatusCode, HeaderMap, String) {
    let response = router.oneshot(request.body(body.into()).expect("a well-formed request")).await.expect("a router answers");
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a whole body");
    (parts.status, parts.headers, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

fn get(path: &str) -> http::request::Builder {
    http::Request::get(path)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[tokio::test]
async fn an_answer_has_proto_names_defaults_and_numbers() {
    let (status, headers, body) = ask(get("/api/v1/intake"), "").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(headers[CONTENT_TYPE], "application/json");
    assert_eq!(headers[CACHE_CONTROL], "no-store");
    let expected = json!({"submissions": 1_u64 << 60, "accepted": 0, "duplicate": 0, "rejected": 0, "seq": 0, "epoch": 0, "journal": ""});
    assert_eq!(parsed(&body), expected);
}

#[tokio::test]
async fn the_path_and_the_query_fill_the_request() {
    let path = "/api/v1/receipts?provider=acme&page_size=7&pageToken=a%20b&since=2026-03-31T08:30:00%2B08:00&verdict=";
    let (status, _, body) = ask(get(path), "").await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let body = parsed(&body);
    let receipt = &body["receipts"][0];
    assert_eq!((&receipt["provider"], &receipt["revision"]), (&json!("acme"), &json!(7)));
    assert_eq!(receipt["received_at"], "2026-03-31T00:30:00Z");
    assert_eq!(receipt["verdict"], "VERDICT_UNSPECIFIED");
    assert_eq!(body["next_page_token"], "a b");
}

#[tokio::test]
async fn the_callers_token_and_trace_go_on() {
    let request = get("/api/v1/receipts/xm.ingestion/1/42").header("authorization", "Bearer abc").header("traceparent", "00-1-2-01");
    let (_, _, body) = ask(request, "").await;
    let receipt = &parsed(&body)["receipt"];
    assert_eq!((&receipt["id"], &receipt["provider"]), (&json!("xm.ingestion/1/42"), &json!("Bearer abc")));
    assert_eq!(receipt["record_id"], "00-1-2-01");
}

#[tokio::test]
async fn a_principal_that_the_server_found_goes_before_the_token() {
    let request = get("/api/v1/receipts/x/1/2").header("authorization", "Bearer abc").extension(Principal::operator());
    let (_, _, body) = ask(request, "").await;
    assert_eq!(parsed(&body)["receipt"]["provider"], "Bearer signed for operator");
}

#[tokio::test]
async fn a_body_and_a_path_make_one_request() {
    let redrive = || http::Request::post("/api/v1/deadletters/xm.ingestion/1/7:redrive");
    for body in ["", "{}", r#"{"id": "xm.ingestion/1/7"}"#] {
        let (status, _, answer) = ask(redrive(), body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(parsed(&answer)["receipt"]["redrives"], "xm.ingestion/1/7");
    }
    let (status, _, answer) = ask(redrive(), r#"{"id": "another"}"#).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
}

#[tokio::test]
async fn everything_wrong_with_a_query_is_told_at_once() {
    let (status, _, body) = ask(get("/api/v1/receipts?page_szie=7&page_size=many&provider=a&provider=b&since.seconds=1"), "").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let violations = parsed(&body)["details"][1]["field_violations"].clone();
    let told: Vec<(&str, &str)> =
        violations.as_array().unwrap().iter().map(|v| (v["field"].as_str().unwrap(), v["reason"].as_str().unwrap())).collect();
    assert_eq!(
        told,
        [
            ("page_szie", "REQUEST_PARAMETER_UNKNOWN"),
            ("provider", "REQUEST_PARAMETER_REPEATED"),
            ("since.seconds", "REQUEST_PARAMETER_UNKNOWN"),
            ("page_size", "REQUEST_VALUE_INVALID"),
        ]
    );
    assert_eq!(violations[0]["description"], "There is no query parameter page_szie. Check its name; the nearest is page_size.");
    assert_eq!(violations[0]["localized_message"]["message"], "查询参数“page_szie”不存在。请核对参数名称；最接近的是“page_size”。");
}

#[tokio::test]
async fn what_is_wrong_with_a_body_has_its_own_status() {
    let redrive = || http::Request::post("/api/v1/deadletters/xm.ingestion/1/7:redrive");
    let cases: [(http::request::Builder, Vec<u8>, StatusCode, &str); 5] = [
        (redrive(), b"{\"idd\": 1}".into(), StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
        (redrive(), b"{\"id\": ".into(), StatusCode::BAD_REQUEST, "REQUEST_JSON_MALFORMED"),
        (redrive(), b"[]".into(), StatusCode::BAD_REQUEST, "REQUEST_NOT_AN_OBJECT"),
        (redrive(), vec![b' '; MAX_BODY_BYTES + 1], StatusCode::PAYLOAD_TOO_LARGE, "REQUEST_BODY_TOO_LARGE"),
        (redrive().header(CONTENT_TYPE, "text/xml"), b"{}".into(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "REQUEST_MEDIA_TYPE"),
    ];
    for (request, body, status, reason) in cases {
        let (answered, _, answer) = ask(request, body).await;
        assert_eq!((answered, &parsed(&answer)["details"][0]["reason"]), (status, &json!(reason)));
    }
}

#[tokio::test]
async fn an_error_of_the_service_arrives_in_both_languages() {
    let (status, _, body) = ask(get("/api/v1/receipts/xm.ingestion/1/404"), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let body = parsed(&body);
    assert_eq!((&body["code"], &body["details"][0]["reason"]), (&json!(5), &json!("RECEIPT_UNKNOWN")));
    let texts: Vec<&str> = (1..3).map(|n| body["details"][n]["locale"].as_str().unwrap()).collect();
    assert_eq!(texts, ["zh-CN", "en"]);
}

#[tokio::test]
async fn what_went_wrong_inside_stays_inside() {
    let (status, _, body) = ask(get("/api/v1/deadletters"), "").await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!body.contains("panicked"), "{body}");
}

#[tokio::test]
async fn a_stream_is_lines_and_its_error_is_the_last() {
    let (status, headers, body) = ask(get("/api/v1/intake:watch"), "").await;
    assert_eq!((status, &headers[CONTENT_TYPE]), (StatusCode::OK, &HeaderValue::from_static("application/x-ndjson")));
    let lines: Vec<Value> = body.lines().map(parsed).collect();
    assert_eq!(lines.len(), 3, "{body}");
    assert_eq!((&lines[0]["accepted"], &lines[1]["accepted"]), (&json!(1), &json!(2)));
    assert_eq!(lines[2]["error"]["details"][0]["reason"], "INTAKE_UNWRITABLE");
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_same_form() {
    let (status, _, body) = ask(get("/api/v1/recepits"), "").await;
    assert_eq!((status, &parsed(&body)["details"][0]["metadata"]["nearest"]), (StatusCode::NOT_FOUND, &json!("/api/v1/receipts")));
    let (status, headers, _) = ask(http::Request::delete("/api/v1/receipts"), "").await;
    assert_eq!((status, &headers[ALLOW]), (StatusCode::METHOD_NOT_ALLOWED, &HeaderValue::from_static("GET")));
    let (status, _, _) = ask(get("/api/v1/areas"), "").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "a service that this process does not reach");
}

#[tokio::test]
async fn a_service_that_does_not_answer_is_unavailable() {
    let nowhere = Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
    let router = Gateway::new(move |_| Some(nowhere.clone()), |_| String::new()).router();
    let (status, _, body) = ask_of(router, get("/api/v1/areas"), "").await;
    assert_eq!((status, &parsed(&body)["details"][0]["reason"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("UNAVAILABLE")));
}

#[tokio::test]
async fn exact_routes_of_others_go_first() {
    let original = axum::routing::get(|| async { "bytes" });
    let records = axum::routing::post(|| async { "taken" });
    let others = Router::new().route("/api/v1/records", records).route("/api/v1/receipts/{a}/{b}/{c}/original", original);
    let router = gateway().await.merge(others);
    let (_, _, body) = ask_of(router.clone(), get("/api/v1/receipts/xm.ingestion/1/42/original"), "").await;
    assert_eq!(body, "bytes");
    let (_, _, body) = ask_of(router.clone(), http::Request::post("/api/v1/records"), "").await;
    assert_eq!(body, "taken");
    let (_, _, body) = ask_of(router, get("/api/v1/receipts/xm.ingestion/1/42"), "").await;
    assert_eq!(parsed(&body)["receipt"]["id"], "xm.ingestion/1/42");
}
