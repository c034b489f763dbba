//! Requests that are wrong before there is a submission in them: each is answered with a status, its reason, and both languages, and nothing
//! is taken.

use bytes::Bytes;
use futures::StreamExt;
use http::{Request, StatusCode};
use serde_json::Value;
use tonic::client::Grpc;
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint};
use tonic::{Code, Status};
use tonic_types::{ErrorDetail, StatusExt};
use tracemesh_proto::ingestion::v1::*;

use crate::caller::{Caller, EPCIS, JSON, PROTOBUF, ends, message};
use crate::node::Node;
use crate::records::{document, harvest};
use crate::web::{self, Answer};

/// The reason of an error over HTTP; nothing is missing in it.
fn reason(answer: &Answer, name: &str) -> (u16, String) {
    let error = if answer.body.is_empty() { panic!("{name}: {} without a word", answer.status) } else { answer.json() };
    let details = error["details"].as_array().unwrap_or_else(|| panic!("{name}: {error}"));
    let texts: Vec<(&str, &str)> = details.iter().filter_map(|it| Some((it["locale"].as_str()?, it["message"].as_str()?))).collect();
    says_all(&texts, name);
    for violation in details.iter().flat_map(|detail| detail["field_violations"].as_array().into_iter().flatten()) {
        let zh = violation["localized_message"]["message"].as_str().unwrap_or_default();
        says_all(&[("zh-CN", zh), ("en", violation["description"].as_str().unwrap_or_default())], name);
        assert_ne!(violation["field"], "", "{name}: {violation}");
    }
    (answer.status.as_u16(), reason_of(details).to_owned())
}

/// The violation's, where there is one: the error's own then says no more than that there are some.
fn reason_of(details: &[Value]) -> &str {
    let violation = details.iter().find_map(|detail| detail["field_violations"][0]["reason"].as_str());
    violation.or_else(|| details[0]["reason"].as_str()).unwrap_or_default()
}

fn says_all(texts: &[(&str, &str)], name: &str) {
    assert_eq!(texts.iter().map(|(locale, _)| *locale).collect::<Vec<_>>(), ["zh-CN", "en"], "{name}");
    assert!(texts.iter().all(|(_, text)| !text.is_empty() && !text.contains("(empty)") && !text.contains("（空）")), "{name}: {texts:?}");
}

/// The same of an error over gRPC.
fn reason_in(status: &Status, name: &str) -> (Code, String) {
    let details = status.get_error_details_vec();
    let texts: Vec<(&str, &str)> = details
        .iter()
        .filter_map(|detail| match detail {
            ErrorDetail::LocalizedMessage(text) => Some((text.locale.as_str(), text.message.as_str())),
            _ => None,
        })
        .collect();
    says_all(&texts, &format!("{name}: {status:?}"));
    let violation = status.get_details_bad_request().and_then(|request| Some(request.field_violations.first()?.reason.clone()));
    (status.code(), violation.or_else(|| Some(status.get_details_error_info()?.reason)).unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_say_who_it_is_is_told_how() {
    let node = Node::start().await;
    let authorizations: [(&str, Option<&[u8]>, &str); 8] = [
        ("nothing", None, "ACCESS_SIGN_IN_NEEDED"),
        ("an empty one", Some(b""), "ACCESS_TOKEN_INVALID"),
        ("a scheme alone", Some(b"Bearer"), "ACCESS_TOKEN_INVALID"),
        ("another scheme", Some(b"Basic YWNtZTpzZWNyZXQ="), "ACCESS_TOKEN_INVALID"),
        ("a made up token", Some(b"Bearer 0123456789abcdef"), "ACCESS_TOKEN_INVALID"),
        ("a long token", Some(&[b'x'; 8_000]), "ACCESS_TOKEN_INVALID"),
        ("no text", Some(b"Bearer \xff\xfe"), "ACCESS_TOKEN_INVALID"),
        ("quotes", Some(b"Bearer ' OR '1'='1"), "ACCESS_TOKEN_INVALID"),
    ];
    for (name, value, expected) in authorizations {
        for (method, path) in
            [("POST", "/api/v1/records"), ("GET", "/api/v1/receipts/local.ingestion/1/1/original"), ("GET", "/api/v1/receipts")]
        {
            let mut request = Request::builder().method(method).uri(path).header("content-type", JSON);
            if let Some(value) = value {
                request = request.header("authorization", value);
            }
            let answer = web::send(node.http(), request.body(Bytes::from(harvest("1", "lot-1").to_string())).unwrap()).await;
            assert_eq!(reason(&answer, name), (401, expected.to_owned()), "{name} at {path}");
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
    }
    assert_eq!(node.intake().await.submissions, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_of_which_nothing_can_be_cut_out_is_refused_whole() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let cases: [(&str, &str, String, u16, &str); 11] = [
        ("no body", JSON, String::new(), 400, "SUBMISSION_NOTHING"),
        ("white space", JSON, " \r\n\t".into(), 400, "SUBMISSION_NOTHING"),
        ("an empty array", JSON, "[]".into(), 400, "SUBMISSION_NOTHING"),
        ("a byte order mark", JSON, "\u{feff}".into(), 400, "SUBMISSION_NOTHING"),
        ("a document without events", EPCIS, document(&[]), 400, "SUBMISSION_NOTHING"),
        ("a table", "text/csv", "a,b\n1,2\n".into(), 415, "REQUEST_MEDIA_TYPE"),
        ("XML", "application/xml", "<a/>".into(), 415, "REQUEST_MEDIA_TYPE"),
        ("a form", "application/x-www-form-urlencoded", "a=1".into(), 415, "REQUEST_MEDIA_TYPE"),
        ("no media type", "?", "{}".into(), 415, "REQUEST_MEDIA_TYPE"),
        ("several media types", "application/json, text/plain", "{}".into(), 415, "REQUEST_MEDIA_TYPE"),
        ("JSON of something else", "application/json-patch+json", "[{}]".into(), 415, "REQUEST_MEDIA_TYPE"),
    ];
    for (name, content_type, body, status, expected) in cases {
        assert_eq!(reason(&acme.post(content_type, body).await, name), (status, expected.to_owned()), "{name}");
    }
    assert_eq!(ends(&acme.post(PROTOBUF, "").await.receipts()), ["record.empty"], "in protobuf no bytes are a message");
    assert_eq!(node.intake().await.submissions, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_asks_for_something_else_is_answered_in_words() {
    let node = Node::start().await;
    let (acme, operator) = (node.provider("acme").await, node.operator().await);
    let body = || harvest("1", "lot-1").to_string();
    let cases: [(&str, &Caller, &str, &str, u16, &str); 17] = [
        ("another method", &acme, "GET", "/api/v1/records", 405, "REQUEST_METHOD_NOT_ALLOWED"),
        ("another method", &acme, "DELETE", "/api/v1/records", 405, "REQUEST_METHOD_NOT_ALLOWED"),
        ("another method", &acme, "POST", "/api/v1/receipts/local.ingestion/1/1/original", 405, "REQUEST_METHOD_NOT_ALLOWED"),
        ("an unknown path", &acme, "POST", "/api/v1/record", 404, "REQUEST_PATH_UNKNOWN"),
        ("somebody else", &acme, "POST", "/api/v1/records?provider=local", 403, "ACCESS_OTHER_PROVIDER"),
        ("nobody", &operator, "POST", "/api/v1/records?provider=nobody", 404, "PROVIDER_UNKNOWN"),
        ("two providers", &operator, "POST", "/api/v1/records?provider=acme&provider=local", 400, "REQUEST_PARAMETER_REPEATED"),
        ("a misspelt parameter", &operator, "POST", "/api/v1/records?provder=acme", 400, "REQUEST_PARAMETER_UNKNOWN"),
        ("no text", &operator, "POST", "/api/v1/records?provider=%ff", 404, "PROVIDER_UNKNOWN"),
        ("no receipt", &acme, "GET", "/api/v1/receipts/local.ingestion/1/99", 404, "RECEIPT_UNKNOWN"),
        ("no number", &acme, "GET", "/api/v1/receipts/local.ingestion/1/x/original", 400, "RECEIPT_ID_INVALID"),
        ("a number beyond 64 bits", &acme, "GET", "/api/v1/receipts/local.ingestion/1/18446744073709551616", 400, "RECEIPT_ID_INVALID"),
        ("the highest number", &acme, "GET", "/api/v1/receipts/local.ingestion/1/18446744073709551615/original", 404, "RECEIPT_UNKNOWN"),
        ("no text", &acme, "GET", "/api/v1/receipts/%ff/1/1/original", 400, "RECEIPT_ID_INVALID"),
        ("a page of minus one", &acme, "GET", "/api/v1/receipts?page_size=-1", 400, "REQUEST_VALUE_INVALID"),
        ("a made up page", &acme, "GET", "/api/v1/receipts?page_token=x", 400, "REQUEST_PAGE_TOKEN"),
        ("a verdict that there is not", &acme, "GET", "/api/v1/receipts?verdict=MAYBE", 400, "REQUEST_VALUE_NOT_ALLOWED"),
    ];
    for (name, caller, method, path, status, expected) in cases {
        let answer = caller.send(method, path, &[("content-type", JSON)], if method == "POST" { body() } else { String::new() }).await;
        assert_eq!(reason(&answer, path), (status, expected.to_owned()), "{name}: {method} {path}");
    }
    assert_eq!(node.intake().await.submissions, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_ask_for_nothing_that_there_is_say_so() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let mut ingestion = acme.clients.ingestion();
    let listed = |page_token: &str, verdict: &str| ListReceiptsRequest {
        page_token: page_token.into(),
        verdict: verdict.into(),
        ..Default::default()
    };
    let invalid = |reason: &str| (Code::InvalidArgument, reason.to_owned());
    for id in ["", "x", "a/b/c", "local.ingestion/1/-1", "local.ingestion/1/1/1", "/1/1"] {
        assert_eq!(reason_in(&acme.receipt(id).await.unwrap_err(), id), invalid("RECEIPT_ID_INVALID"), "{id:?}");
        assert_eq!(reason_in(&acme.redrive(id).await.unwrap_err(), id), invalid("RECEIPT_ID_INVALID"), "{id:?}");
    }
    for id in ["local.ingestion/1/0", "local.ingestion/9/1", "local.registry/1/1", "\u{0}/1/1", "local.ingestion/1/9223372036854775808"] {
        assert_eq!(reason_in(&acme.original(id).await.unwrap_err(), id), (Code::NotFound, "RECEIPT_UNKNOWN".into()), "{id:?}");
    }
    for token in ["x", "\u{0}", "AAAA", &"A".repeat(10_000)] {
        let refused = ingestion.list_receipts(listed(token, "")).await.unwrap_err();
        assert_eq!(reason_in(&refused, token), invalid("REQUEST_PAGE_TOKEN"));
    }
    let refused = ingestion.list_receipts(listed("", "accepted")).await.unwrap_err();
    assert_eq!(reason_in(&refused, "verdict"), invalid("REQUEST_VALUE_NOT_ALLOWED"));
    let refused = ingestion.list_dead_letters(ListDeadLettersRequest { state: "gone".into(), ..Default::default() }).await.unwrap_err();
    assert_eq!(reason_in(&refused, "state"), invalid("REQUEST_VALUE_NOT_ALLOWED"));
    for code in [String::new(), " ".into(), "x".repeat(2_001)] {
        assert_eq!(reason_in(&acme.trace(&code).await.unwrap_err(), "code"), invalid("TRACE_CODE_INVALID"));
    }
    for code in ["\u{0}", "' OR 1=1 --", "opaque:/#", "(01)", "urn:epc:id:sgtin:", "https://x/01/", "身份证", &"9".repeat(2_000)] {
        assert_eq!(reason_in(&acme.trace(code).await.unwrap_err(), code), (Code::NotFound, "TRACE_CODE_UNKNOWN".into()), "{code:?}");
    }
    let sideways = TraceRequest { code: "1".into(), direction: "sideways".into(), ..Default::default() };
    assert_eq!(reason_in(&acme.clients.trace().trace(sideways).await.unwrap_err(), "direction"), invalid("REQUEST_VALUE_NOT_ALLOWED"));
    let denied = ingestion.get_intake(GetIntakeRequest {}).await.unwrap_err();
    assert_eq!(reason_in(&denied, "intake"), (Code::PermissionDenied, "ACCESS_ROLE_NEEDED".into()));
    let denied = acme.clients.trace().collect_hops(CollectHopsRequest::default()).await.unwrap_err();
    assert_eq!(reason_in(&denied, "hops"), (Code::PermissionDenied, "ACCESS_ROLE_NEEDED".into()));
}

/// What says of itself that it is something else is a submission all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_a_media_type_that_nobody_reads_is_rejected_and_its_stream_goes_on() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let good = |id: &str| message(JSON, harvest(id, &format!("lot-{id}")).to_string());
    let receipts = acme.stream(vec![good("1"), message("text/csv", "a,b"), good("2")]).await.unwrap();
    assert_eq!(ends(&receipts), ["ACCEPTED", "error.request.media_type", "ACCEPTED"]);
    let reason = &receipts[1].reasons[0];
    assert_eq!((reason.field.as_str(), reason.value.as_str()), ("content_type", "text/csv"));
    assert!(reason.remedy_en.contains("application/x-protobuf"), "{reason:?}");
    assert_eq!(acme.original(&receipts[1].id).await.unwrap().body, "a,b");
}

/// What nobody may submit ends its stream; what came before it was taken, and its receipts come first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_at_a_submission_for_nobody_after_the_receipts_of_those_before_it() {
    let node = Node::start().await;
    let operator = node.operator().await;
    let (queue, mut answers) = operator.open().await;
    queue.send(message(JSON, harvest("1", "lot-1").to_string())).await.unwrap();
    assert_eq!(ends(&[answers.next().await.unwrap().unwrap()]), ["ACCEPTED"]);
    queue.send(SubmitRequest { provider: "nobody".into(), ..message(JSON, "{}") }).await.unwrap();
    let ended = answers.next().await.unwrap().unwrap_err();
    assert_eq!(reason_in(&ended, "for nobody"), (Code::NotFound, "PROVIDER_UNKNOWN".into()));
    assert!(answers.next().await.is_none());
    assert_eq!(node.intake().await.submissions, 1);
}

/// Another message in the place of ours: its fourth field is a number where ours is a text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_does_not_decode_ends_its_stream_and_nothing_else() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(node.ca()));
    let channel = Endpoint::from_shared(node.grpc().to_owned()).unwrap().tls_config(tls).unwrap().connect().await.unwrap();
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.unwrap();
    let odd = ListReceiptsRequest { page_size: 7, ..Default::default() };
    let mut request = tonic::Request::new(futures::stream::iter([odd]));
    request.metadata_mut().insert("authorization", format!("Bearer {}", acme.token).parse().unwrap());
    let codec = tonic_prost::ProstCodec::<ListReceiptsRequest, SubmitResponse>::default();
    let path = "/tracemesh.ingestion.v1.IngestionService/Submit".parse().unwrap();
    let ended = match grpc.streaming(request, path, codec).await {
        Ok(answers) => answers.into_inner().message().await.unwrap_err(),
        Err(ended) => ended,
    };
    let (code, reason) = reason_in(&ended, "another message");
    assert!(matches!(code, Code::InvalidArgument | Code::Internal), "{code:?} {reason}");
    assert_eq!(ends(&[acme.submit_one(&harvest("1", "lot-1")).await]), ["ACCEPTED"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_http_ends_its_connection_and_nothing_else() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let head = format!("POST /api/v1/records HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: {JSON}\r\n", acme.token);
    let cases = [
        ("no HTTP", "hello\r\n\r\n".to_owned()),
        ("two lengths", format!("{head}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}")),
        ("a length that is none", format!("{head}content-length: -1\r\n\r\n{{}}")),
        ("a chunk that is none", format!("{head}transfer-encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n")),
        ("headers without end", format!("{head}x: {}\r\n\r\n", "y".repeat(1 << 20))),
    ];
    for (name, bytes) in cases {
        let answer = web::raw(node.http(), bytes.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{name}: {answer}");
    }
    assert_eq!(node.intake().await.submissions, 0);
    assert_eq!(acme.post(JSON, harvest("1", "lot-1").to_string()).await.status, StatusCode::OK);
}
