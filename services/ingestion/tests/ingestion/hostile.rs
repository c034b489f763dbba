//! Submissions that nobody should send, at every door: each ends in a receipt that says where it is wrong, by which rule and what to do, in
//! both languages; and the good ones before and after it are taken.

#[path = "hostile/submissions.rs"]
mod submissions;

use serde_json::json;
use tracemesh_proto::ingestion::v1::{Reason, Receipt};

use crate::caller::{Caller, JSON, NDJSON, PROTOBUF, end, message};
use crate::node::Node;
use crate::records::{harvest, protobuf};
use submissions::{Hostile, refused, unreadable};

/// Two sound records with something between them.
struct Between {
    before: String,
    after: String,
}

impl Between {
    fn new(door: &str, number: usize) -> Between {
        let good = |side: &str| harvest(&format!("{door}-{number}-{side}"), &format!("lot-{door}-{number}-{side}")).to_string();
        Between { before: good("before"), after: good("after") }
    }

    /// The receipt of what stood between, once both of its neighbours were taken.
    fn judge(receipts: Vec<Receipt>, name: &str) -> Receipt {
        let [before, between, after] = <[Receipt; 3]>::try_from(receipts).unwrap_or_else(|receipts| panic!("{name}: {receipts:?}"));
        assert_eq!((end(&before).as_str(), end(&after).as_str()), ("ACCEPTED", "ACCEPTED"), "beside {name}");
        between
    }
}

async fn in_an_array(caller: &Caller, hostile: &Hostile, number: usize) -> Receipt {
    let between = Between::new("array", number);
    let body = [b"[".as_slice(), between.before.as_bytes(), b",", &hostile.body, b",", between.after.as_bytes(), b"]"].concat();
    Between::judge(caller.post(JSON, body).await.receipts(), hostile.name)
}

async fn as_a_line(caller: &Caller, hostile: &Hostile, number: usize) -> Receipt {
    let between = Between::new("line", number);
    let body = [between.before.as_bytes(), b"\n", &hostile.body, b"\n", between.after.as_bytes()].concat();
    Between::judge(caller.post(NDJSON, body).await.receipts(), hostile.name)
}

async fn in_a_stream(caller: &Caller, hostile: &Hostile, number: usize) -> Receipt {
    let between = Between::new("stream", number);
    let messages = [between.before.into_bytes(), hostile.body.clone(), between.after.into_bytes()].map(|body| message(JSON, body));
    Between::judge(caller.stream(messages.into()).await.unwrap(), hostile.name)
}

/// The one reason of a rejection, as `code at field`; nothing is missing in it.
fn reason(receipt: &Receipt, name: &str) -> String {
    assert_eq!(receipt.reasons.len(), 1, "{name}: {receipt:?}");
    says_all(&receipt.reasons[0], name);
    let Reason { code, field, .. } = &receipt.reasons[0];
    if field.is_empty() { code.clone() } else { format!("{code} at {field}") }
}

fn says_all(reason: &Reason, name: &str) {
    let texts = [&reason.message_zh, &reason.message_en, &reason.remedy_zh, &reason.remedy_en, &reason.rule];
    assert!(texts.iter().all(|text| !text.is_empty() && !text.contains("(empty)") && !text.contains("（空）")), "{name}: {reason:?}");
    let lacks = [".missing", ".empty", ".not_an_object", ".duplicate_key"].iter().any(|kind| reason.code.ends_with(kind));
    assert!(lacks || !reason.value.is_empty(), "{name}: {reason:?}");
    assert!(reason.value.chars().count() <= 200, "{name}: a value is cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_be_read_is_refused_for_its_one_fault_at_every_door() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let cases = refused();
    for (number, hostile) in cases.iter().enumerate() {
        let alone = acme.post(JSON, hostile.body.clone()).await.receipts().remove(0);
        let all = [
            alone,
            in_an_array(&acme, hostile, number).await,
            as_a_line(&acme, hostile, number).await,
            in_a_stream(&acme, hostile, number).await,
        ];
        for receipt in &all {
            assert_eq!(reason(receipt, hostile.name), hostile.expected, "{}", hostile.name);
        }
    }
    let intake = node.intake().await;
    assert_eq!((intake.accepted as usize, intake.rejected as usize), (6 * cases.len(), 4 * cases.len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_one_rejected_submission_and_spoils_no_other() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    for (number, hostile) in unreadable().iter().enumerate() {
        let alone = acme.post(JSON, hostile.body.clone()).await.receipts();
        assert_eq!(alone.len(), 1, "{}", hostile.name);
        let all = [alone[0].clone(), as_a_line(&acme, hostile, number).await, in_a_stream(&acme, hostile, number).await];
        for receipt in &all {
            assert_eq!(reason(receipt, hostile.name), hostile.expected, "{}", hostile.name);
        }
        // In an array nobody knows where the broken one ends: what comes before it counts, and the rest is one submission.
        let between = Between::new("array", number);
        let rest = [&hostile.body, b",".as_slice(), between.after.as_bytes(), b"]"].concat();
        let body = [b"[".as_slice(), between.before.as_bytes(), b",", &rest].concat();
        let receipts = acme.post(JSON, body).await.receipts();
        assert_eq!(end(&receipts[0]), "ACCEPTED", "before {}", hostile.name);
        let faults: Vec<String> = receipts[1..].iter().map(|receipt| reason(receipt, hostile.name)).collect();
        assert!(matches!(faults[..], [ref fault] if fault == "record.broken_array"), "{}: {faults:?}", hostile.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_protobuf_is_rejected_and_spoils_no_other() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let sound = protobuf(&harvest("0", "lot-0"));
    let mut unknown_class = protobuf(&harvest("1", "lot-1"));
    unknown_class.extend([3 << 3, 99]);
    let cases = [
        ("nothing", Vec::new(), "record.empty"),
        ("cut off", sound[..sound.len() - 3].to_vec(), "record.not_protobuf"),
        ("garbage", vec![0xff; 64], "record.not_protobuf"),
        ("a length of four GiB", vec![0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], "record.not_protobuf"),
        ("a text that is not UTF-8", vec![0x0a, 2, 0xff, 0xfe], "record.not_protobuf"),
        ("a field of another type", vec![0x08, 1], "record.not_protobuf"),
        ("JSON", harvest("2", "lot-2").to_string().into_bytes(), "record.not_protobuf"),
        ("a class of the future", unknown_class, "record.class.unknown at class"),
    ];
    for (number, (name, body, expected)) in cases.into_iter().enumerate() {
        let between = ["before", "after"].map(|side| protobuf(&harvest(&format!("{number}-{side}"), "lot")));
        let [before, after] = between.map(|body| message(PROTOBUF, body));
        let streamed = Between::judge(acme.stream(vec![before, message(PROTOBUF, body.clone()), after]).await.unwrap(), name);
        let posted = acme.post(PROTOBUF, body).await.receipts().remove(0);
        assert_eq!([reason(&streamed, name), reason(&posted, name)], [expected; 2], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_wrong_is_said_at_once() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let receipt = acme
        .submit_one(&json!({
            "record_id": "1", "revision": 0, "class": "EAT", "event_time": "yesterday", "place": {"region": "999999"},
            "units": [{"role": "EATEN", "quantity": {"value": "-1"}}, {"role": "INPUT", "code": {"scheme": "gtin", "value": "12"}}]
        }))
        .await;
    receipt.reasons.iter().for_each(|reason| says_all(reason, "everything"));
    assert_eq!((receipt.record_id.as_str(), receipt.revision), ("1", 0), "its sender recognises it");
    let said: Vec<String> = receipt.reasons.iter().map(|reason| format!("{} at {}", reason.code, reason.field)).collect();
    let expected = [
        "record.revision.low at revision",
        "record.class.unknown at class",
        "record.event_time.malformed at event_time",
        "record.place.region.unknown at place.region",
        "record.units.role.unknown at units[0].role",
        "record.units.quantity.negative at units[0].quantity.value",
        "record.units.code.missing at units[0].code",
        "code.gtin.digits at units[1].code.value",
    ];
    assert_eq!(said, expected);
}
