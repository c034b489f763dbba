//! Too much of everything: what does not fit is refused, small bodies do not grow into large ones, and whoever sends too much takes nobody
//! else's submissions down.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::StatusCode;
use prost::Message;
use serde_json::{Value, json};
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{ListDeadLettersRequest, ListReceiptsRequest};

use crate::caller::{Caller, JSON, NDJSON, end, ends, message};
use crate::node::Node;
use crate::records::harvest;
use crate::web::{self, Answer};

const MIB: usize = 1 << 20;
/// What a body may have, in the tests that want to be over it.
const LIMIT: usize = 4 * MIB;
/// How much this process may grow over it, with its other tests beside: a fraction of what the bombs would be.
const GROWTH_MIB: usize = 384;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Some 20 KiB that say that they are so many MiB.
fn bomb(mib: usize) -> Vec<u8> {
    gzip(&vec![b' '; MIB]).repeat(mib)
}

async fn post_as(caller: &Caller, encoding: &str, body: Vec<u8>) -> Answer {
    caller.send("POST", "/api/v1/records", &[("content-type", JSON), ("content-encoding", encoding)], body).await
}

fn reason(answer: &Answer) -> (u16, String) {
    let details = answer.json()["details"].clone();
    let of = |value: &Value| value.as_str().map(str::to_owned);
    let violation = details.as_array().unwrap().iter().find_map(|detail| of(&detail["field_violations"][0]["reason"]));
    (answer.status.as_u16(), violation.or_else(|| of(&details[0]["reason"])).unwrap_or_default())
}

/// The most memory that this process has held since [`forget_peak`], in MiB.
fn peak_mib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}

fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_compressed_body_is_read_and_one_that_is_none_is_refused() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let body = harvest("1", "lot-1").to_string();
    let whole = gzip(body.as_bytes());
    let receipts = post_as(&acme, "gzip", whole.clone()).await.receipts();
    assert_eq!(ends(&receipts), ["ACCEPTED"]);
    assert_eq!(acme.original(&receipts[0].id).await.unwrap().body, body, "a submission is what was compressed");
    let cases: [(&str, &str, Vec<u8>, u16, &str); 6] = [
        ("no gzip", "gzip", body.clone().into_bytes(), 400, "SUBMISSION_NOTHING"),
        ("half a gzip", "gzip", whole[..whole.len() / 2].to_vec(), 400, "SUBMISSION_NOTHING"),
        ("nothing", "gzip", Vec::new(), 400, "SUBMISSION_NOTHING"),
        ("brotli", "br", body.clone().into_bytes(), 415, "REQUEST_MEDIA_TYPE"),
        ("two encodings", "gzip, gzip", gzip(&whole), 415, "REQUEST_MEDIA_TYPE"),
        ("one that there is not", "x", body.into_bytes(), 415, "REQUEST_MEDIA_TYPE"),
    ];
    for (name, encoding, body, status, expected) in cases {
        assert_eq!(reason(&post_as(&acme, encoding, body).await), (status, expected.to_owned()), "{name}");
    }
    assert_eq!(node.intake().await.submissions, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_beyond_the_limit_is_refused_however_it_is_wrapped() {
    let node = Node::with(|config| config.limits.http_body_bytes = LIMIT).await;
    let acme = node.provider("acme").await;
    forget_peak();
    let before = peak_mib();
    for (name, body) in [("a GiB of white space", bomb(1024)), ("a byte too many", gzip(&vec![b' '; LIMIT + 1]))] {
        let answer = post_as(&acme, "gzip", body).await;
        assert_eq!(reason(&answer), (413, "REQUEST_BODY_TOO_LARGE".to_owned()), "{name}");
        assert!(String::from_utf8_lossy(&answer.body).contains("4194304"), "it says how much would be taken");
    }
    let head = format!("POST /api/v1/records HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nconnection: close\r\n", acme.token);
    let announced = web::raw(node.http(), format!("{head}content-length: 1099511627776\r\n\r\n").as_bytes()).await;
    assert!(announced.starts_with("HTTP/1.1 413"), "before a byte of it was sent: {announced}");
    let chunk = format!("{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n{}", LIMIT + 1, " ".repeat(LIMIT + 1));
    let unannounced = web::raw(node.http(), chunk.as_bytes()).await;
    assert!(unannounced.starts_with("HTTP/1.1 413"), "{unannounced}");
    let grown = peak_mib() - before;
    assert!(grown < GROWTH_MIB, "{grown} MiB");

    assert_eq!(node.intake().await.submissions, 0);
    let full = format!("{}{}", harvest("1", "lot-1"), " ".repeat(LIMIT - harvest("1", "lot-1").to_string().len()));
    assert_eq!(post_as(&acme, "gzip", gzip(full.as_bytes())).await.status, StatusCode::OK, "what fits is taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ends_at_a_message_beyond_the_limit_and_says_so() {
    let node = Node::with(|config| config.limits.message_bytes = LIMIT).await;
    let acme = node.provider("acme").await;
    let ended = acme.stream(vec![message(JSON, vec![b' '; LIMIT + 1])]).await.unwrap_err();
    assert_eq!(ended.code(), tonic::Code::OutOfRange);
    let info = tonic_types::StatusExt::get_details_error_info(&ended).unwrap();
    assert_eq!(info.reason, "REQUEST_MESSAGE_TOO_LARGE");
    assert_eq!(end(&acme.submit_one(&harvest("1", "lot-1")).await), "ACCEPTED");
}

/// A record of so many bytes; what makes it long is nothing that anybody looks at.
fn heavy(id: &str, bytes: usize) -> Value {
    let mut record = harvest(id, &format!("lot-{id}"));
    record["extension"] = json!({"note": "x".repeat(bytes)});
    record
}

/// No journal entry could hold it: it is answered for, by its hash, and the bytes are not kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_that_no_entry_could_hold_is_rejected_and_blocks_nobody() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let good = |id: &str| harvest(id, &format!("lot-{id}"));
    let body = format!("{}\n{}\n{}", good("1"), heavy("2", 17 * MIB), good("3"));
    let receipts = acme.post(NDJSON, body).await.receipts();
    assert_eq!(ends(&receipts), ["ACCEPTED", "record.too_large", "ACCEPTED"]);
    assert!(receipts[1].reasons[0].value.starts_with("178"), "{:?}", receipts[1].reasons[0]);
    assert_eq!(acme.original(&receipts[1].id).await.unwrap_err().code(), tonic::Code::NotFound);
    assert_eq!(acme.redrive(&receipts[1].id).await.unwrap_err().code(), tonic::Code::NotFound);
    let streamed = acme.submit(&[good("4"), heavy("5", 5 * MIB), good("6")]).await;
    assert_eq!(ends(&streamed), ["ACCEPTED", "record.too_large", "ACCEPTED"]);
    assert_eq!(acme.original(&streamed[1].id).await.unwrap().body.len(), heavy("5", 5 * MIB).to_string().len(), "what fits is kept");
    assert!(crate::node::verify(&node.operator().await.clients).await.ok);
}

/// A commit of the journal holds 32 MiB, a body over HTTP 64.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_no_commit_could_hold_is_taken_in_several() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let lines: Vec<String> = (0..160).map(|number| heavy(&number.to_string(), 240_000).to_string()).collect();
    let small = harvest("small", "lot-small");
    let (posted, beside) = tokio::join!(acme.post(NDJSON, lines.join("\n")), acme.submit_one(&small));
    let receipts = posted.receipts();
    assert_eq!((receipts.len(), end(&beside).as_str()), (160, "ACCEPTED"));
    assert!(receipts.iter().all(|receipt| receipt.verdict() == Verdict::Accepted));
}

/// What a sender says about a submission is bounded as well, for all of it stands in the journal.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_beside_the_record_can_be_made_large() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let traced = tracemesh_proto::ingestion::v1::SubmitRequest {
        traceparent: "0".repeat(20 * MIB),
        ..message(JSON, harvest("1", "lot-1").to_string())
    };
    assert_eq!(ends(&acme.stream(vec![traced]).await.unwrap()), ["ACCEPTED"]);

    let mut named = harvest("2", "lot-2");
    named["record_id"] = json!("长".repeat(MIB));
    let refused = acme.submit_one(&named).await;
    assert_eq!(end(&refused), "record.record_id.too_long");
    assert!(refused.record_id.starts_with('长') && refused.record_id.len() <= 512, "{} bytes", refused.record_id.len());

    let long = "k".repeat(100_000);
    let twice: Vec<String> = (0..100).map(|member| format!("\"{member}\":1,\"{member}\":2")).collect();
    let keyed =
        harvest("3", "lot-3").to_string().replacen("\"revision\":1", &format!("\"revision\":1,\"{long}\":{{{}}}", twice.join(",")), 1);
    let refused = acme.post(JSON, keyed).await.receipts().remove(0);
    assert!(refused.reasons.len() >= 100 && refused.reasons.iter().all(|reason| reason.field.len() <= 512), "{}", refused.reasons.len());
}

/// With their texts, two hundred reasons weigh a hundred times what it takes to deserve them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_broken_submissions_get_short_answers() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let broken = json!({"record_id": "1", "units": vec![json!({}); 100]});
    let alone = acme.submit_one(&broken).await;
    assert_eq!(alone.reasons.len(), 201, "one at a time is told everything");
    assert_eq!(alone.reasons[200].code, "record.and_more");

    let body = vec![broken.to_string(); 4_000].join("\n");
    let answer = acme.post(NDJSON, body).await;
    assert!(answer.body.len() < 32 * MIB, "{} MiB", answer.body.len() / MIB);
    let receipts = answer.receipts();
    assert_eq!(receipts.len(), 4_000);
    let shown: Vec<(usize, &str)> = receipts.iter().map(|it| (it.reasons.len(), it.reasons.last().unwrap().value.as_str())).collect();
    assert!(shown.iter().all(|shown| *shown == (6, "197")), "{:?}", shown[0]);

    assert_eq!(acme.receipts(ListReceiptsRequest { page_size: 1_000, ..Default::default() }).await.unwrap().len(), 4_001);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_far_from_the_largest_message_however_much_is_wrong() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let broken = json!({"record_id": "1", "units": vec![json!({"role": "身份".repeat(90)}); 100]});
    for _ in 0..2 {
        acme.submit(&vec![broken.clone(); 50]).await;
    }
    let mut ingestion = acme.clients.ingestion();
    let receipts = ingestion.list_receipts(ListReceiptsRequest { page_size: 1_000, ..Default::default() }).await.unwrap().into_inner();
    let letters =
        ingestion.list_dead_letters(ListDeadLettersRequest { page_size: 1_000, ..Default::default() }).await.unwrap().into_inner();
    for (bytes, next) in [(receipts.encoded_len(), receipts.next_page_token), (letters.encoded_len(), letters.next_page_token)] {
        assert!((12 * MIB..20 * MIB).contains(&bytes) && !next.is_empty(), "{} MiB", bytes / MIB);
    }
    assert_eq!((acme.receipts(Default::default()).await.unwrap().len(), acme.dead_letters("open").await.len()), (100, 100));
}
