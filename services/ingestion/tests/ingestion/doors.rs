//! G2: whichever door a submission takes, it gets one receipt, in its order, over its own bytes; and the node's totals are the receipts'.

use sha2::{Digest, Sha256};
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{ListReceiptsRequest, Receipt};

use crate::caller::{Caller, EPCIS, JSON, NDJSON, PROTOBUF, ends, message};
use crate::node::Node;
use crate::records::{document, event, harvest, protobuf, rewritten};
use crate::web::receipt;

/// What went in, piece by piece, and what came out.
struct Exchange {
    media_type: &'static str,
    pieces: Vec<Vec<u8>>,
    receipts: Vec<Receipt>,
}

async fn exchange(caller: &Caller, content_type: &str, media_type: &'static str, body: String, pieces: &[String]) -> Exchange {
    let receipts = caller.post(content_type, body).await.receipts();
    Exchange { media_type, pieces: pieces.iter().map(|piece| piece.clone().into_bytes()).collect(), receipts }
}

/// Every receipt stands for its own piece: by number, hash, and the bytes that come back at both doors.
async fn hold(caller: &Caller, exchanges: &[Exchange]) {
    for Exchange { media_type, pieces, receipts } in exchanges {
        assert_eq!(receipts.len(), pieces.len(), "{:?}", ends(receipts));
        let seqs: Vec<u64> = receipts.iter().map(|receipt| receipt.id.rsplit('/').next().unwrap().parse().unwrap()).collect();
        assert!(seqs.is_sorted_by(|one, next| one < next), "{seqs:?}");
        for (piece, receipt) in pieces.iter().zip(receipts) {
            assert_eq!(receipt.sha256, hex::encode(Sha256::digest(piece)), "{}", String::from_utf8_lossy(piece));
            let original = caller.original(&receipt.id).await.unwrap();
            assert_eq!((original.content_type.as_str(), &original.body[..]), (*media_type, &piece[..]));
            let page = caller.get(&format!("/api/v1/receipts/{}/original", receipt.id)).await;
            assert_eq!((page.headers["content-type"].to_str().unwrap(), &page.body[..]), (*media_type, &piece[..]));
            assert_eq!(page.headers["content-disposition"], "attachment", "what a provider sent must not run in a console");
            assert_eq!(caller.receipt(&receipt.id).await.unwrap(), *receipt, "it says the same ever after");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_door_answers_each_submission_with_one_receipt_in_order() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let texts = |ids: [&str; 3]| ids.map(|id| harvest(id, &format!("lot-{id}")).to_string());

    let one = format!("\u{feff}  {}\n", harvest("one", "lot-one"));
    let [a, b, c] = texts(["a1", "a2", "a3"]);
    let [d, e, f] = texts(["l1", "l2", "l3"]);
    let [g, h, i] = ["e1", "e2", "e3"].map(|id| event(&format!("urn:uuid:{id}"), id));
    let events = [&g, &h, &i].map(|event| event.to_string());
    let mut exchanges = vec![
        exchange(&acme, JSON, JSON, one.clone(), &[one.trim_start_matches('\u{feff}').trim().to_owned()]).await,
        exchange(&acme, JSON, JSON, format!("[ {a},\n{b} , {c}]"), &[a, b, c]).await,
        exchange(&acme, NDJSON, JSON, format!("{d}\r\n\n  {e}\n{f}"), &[d, e, f]).await,
        exchange(&acme, EPCIS, EPCIS, document(&[g, h, i]), &events).await,
    ];
    let binary = protobuf(&harvest("p1", "lot-p1"));
    exchanges.push(Exchange { media_type: PROTOBUF, pieces: vec![binary.clone()], receipts: acme.post(PROTOBUF, binary).await.receipts() });
    exchanges.extend(streamed(&acme).await);
    for exchange in &exchanges {
        assert!(exchange.receipts.iter().all(|receipt| receipt.verdict() == Verdict::Accepted), "{:?}", exchange.receipts);
    }
    hold(&acme, &exchanges).await;

    let answered: usize = exchanges.iter().map(|exchange| exchange.receipts.len()).sum();
    let intake = node.intake().await;
    assert_eq!((intake.submissions, intake.accepted, intake.duplicate, intake.rejected), (answered as u64, answered as u64, 0, 0));
    assert_eq!((intake.seq, intake.epoch, intake.journal.as_str()), (answered as u64, 1, "local.ingestion"), "every outcome is an entry");
}

/// One stream with every format in it; each message apart, because an original comes back with its own media type.
async fn streamed(caller: &Caller) -> Vec<Exchange> {
    let pieces: Vec<(&'static str, Vec<u8>)> = vec![
        (JSON, harvest("s1", "lot-s1").to_string().into_bytes()),
        (PROTOBUF, protobuf(&harvest("s2", "lot-s2"))),
        (EPCIS, event("urn:uuid:s3", "s3").to_string().into_bytes()),
        (JSON, format!("\n{}\n", harvest("s4", "lot-s4")).into_bytes()),
    ];
    let messages = pieces.iter().map(|(media_type, body)| message(media_type, body.clone())).collect();
    let receipts = caller.stream(messages).await.unwrap();
    assert_eq!(receipts.len(), pieces.len());
    let exchange = |((media_type, piece), receipt)| Exchange { media_type, pieces: vec![piece], receipts: vec![receipt] };
    pieces.into_iter().zip(receipts).map(exchange).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accepted_duplicate_and_rejected_are_all_there_is() {
    let node = Node::start().await;
    let (acme, operator) = (node.provider("acme").await, node.operator().await);
    let (first, second) = (harvest("1", "lot-1"), harvest("2", "lot-2"));
    let body = format!("[{first},{first},{{}},{second},{},{{\"record_id\":", rewritten(&second));
    let http = acme.post(JSON, body).await.receipts();
    assert_eq!(ends(&http)[..2], ["ACCEPTED", "DUPLICATE"]);
    assert_eq!(ends(&http)[3..], ["ACCEPTED", "DUPLICATE", "record.broken_array"]);
    let grpc = acme.submit(&[first.clone(), harvest("3", "lot-3"), harvest("1", "lot-other")]).await;
    assert_eq!(ends(&grpc), ["DUPLICATE", "ACCEPTED", "record.conflict"]);

    let all: Vec<&Receipt> = http.iter().chain(&grpc).collect();
    let count = |verdict| all.iter().filter(|receipt| receipt.verdict() == verdict).count() as u64;
    let counted = (count(Verdict::Accepted), count(Verdict::Duplicate), count(Verdict::Rejected));
    let intake = node.intake().await;
    assert_eq!((intake.accepted, intake.duplicate, intake.rejected), counted);
    assert_eq!((intake.submissions, intake.seq), (all.len() as u64, all.len() as u64));

    let mut listed = operator.receipts(Default::default()).await.unwrap();
    listed.reverse();
    assert_eq!(listed.iter().collect::<Vec<_>>(), all, "the list has each of them once");
    for verdict in [Verdict::Accepted, Verdict::Duplicate, Verdict::Rejected] {
        let request = ListReceiptsRequest { verdict: verdict.as_str_name().into(), page_size: 1, ..Default::default() };
        assert_eq!(operator.receipts(request).await.unwrap().len() as u64, count(verdict), "page by page");
    }
}

/// What is written at one door reads the same at another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_json_gateway_says_what_grpc_says() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let taken = acme.submit_one(&harvest("1", "lot-1")).await;
    let refused = acme.submit_one(&serde_json::json!({"record_id": "2"})).await;
    for told in [&taken, &refused] {
        let page = acme.get(&format!("/api/v1/receipts/{}", told.id)).await;
        assert_eq!(receipt(&page.json()["receipt"]), *told);
    }
    let listed = acme.get("/api/v1/receipts?page_size=1").await.json();
    assert_eq!(receipt(&listed["receipts"][0]), refused);
    let older = acme.get(&format!("/api/v1/receipts?page_token={}", listed["next_page_token"].as_str().unwrap())).await.json();
    assert_eq!(receipt(&older["receipts"][0]), taken);
}
