//! What the public says does not match.

use std::time::Duration;

use serde_json::json;
use tonic::Code;
use tonic_types::StatusExt;
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_proto::quality::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::Node;

on_both!(a_report_gets_a_number_and_an_answer, reports_are_bounded);

async fn report(node: &Node, code: &str, text: &str) -> Result<String, tonic::Status> {
    let request = ReportMismatchRequest { code: code.into(), text: text.into() };
    Ok(node.as_principal(&Principal::service("portal")).quality().report_mismatch(request).await?.into_inner().number)
}

async fn get(node: &Node, number: &str) -> Result<Mismatch, tonic::Status> {
    let request = GetMismatchRequest { number: number.into() };
    Ok(node.as_principal(&Principal::service("portal")).quality().get_mismatch(request).await?.into_inner().mismatch.unwrap())
}

async fn a_report_gets_a_number_and_an_answer(place: Place) {
    let node = Node::start(&place).await;
    let number = report(&node, "37060000400010000003", "不是大蒜，我的电话13912345678").await.unwrap();
    assert!(number.starts_with("yantai-M-") && number.len() == 19, "{number}");
    let kept = get(&node, &number).await.unwrap();
    assert_eq!((kept.state.as_str(), kept.text.as_str()), ("open", "不是大蒜，我的电话139******78"));
    assert_eq!(get(&node, "yantai-M-0000000000").await.unwrap_err().code(), Code::NotFound);

    let regulator = Principal::user("li", [Role::Regulator], Scope::Everything, Scope::Everything).unwrap();
    let mut quality = node.as_principal(&regulator).quality();
    let request = AnswerMismatchRequest { number: number.clone(), answer_zh: String::new(), answer_en: "x".into() };
    let fault = quality.answer_mismatch(request.clone()).await.unwrap_err().get_details_bad_request().unwrap();
    assert_eq!(fault.field_violations[0].field, "answer_zh", "both languages are there");
    quality.answer_mismatch(AnswerMismatchRequest { answer_zh: "已核实".into(), ..request }).await.unwrap();
    let answered = get(&node, &number).await.unwrap();
    assert_eq!((answered.state.as_str(), answered.answer_zh.as_str(), answered.answer_en.as_str()), ("answered", "已核实", "x"));

    let list = async |state: &str| {
        let request = ListMismatchesRequest { state: state.into(), ..ListMismatchesRequest::default() };
        node.as_principal(&regulator).quality().list_mismatches(request).await.map(|answer| answer.into_inner().mismatches.len())
    };
    assert_eq!((list("").await.unwrap(), list("answered").await.unwrap(), list("all").await.unwrap()), (0, 1, 1));
    assert_eq!(list("lost").await.unwrap_err().code(), Code::InvalidArgument);
    let kinds: Vec<String> = node.entries().await.into_iter().map(|entry| entry.envelope.kind).collect();
    assert_eq!(kinds, ["mismatch.reported", "mismatch.answered"]);
    node.stop().await;
}

async fn reports_are_bounded(place: Place) {
    let node = Node::start_with(&place, json!({"mismatches_of_a_code": 2, "mismatches_a_minute": 3})).await;
    for _ in 0..2 {
        report(&node, "A", "x").await.unwrap();
    }
    let full = report(&node, "A", "x").await.unwrap_err();
    assert_eq!(full.code(), Code::ResourceExhausted);
    assert_eq!(full.get_details_retry_info().unwrap().retry_delay.unwrap(), Duration::from_secs(3_600));
    report(&node, "B", "x").await.unwrap();
    assert_eq!(report(&node, "C", "x").await.unwrap_err().code(), Code::ResourceExhausted);
    node.clock.advance(Duration::from_secs(60));
    report(&node, "C", "x").await.unwrap();
    assert_eq!(report(&node, "A", "x").await.unwrap_err().code(), Code::ResourceExhausted);
    node.clock.advance(Duration::from_secs(3_600));
    report(&node, "A", "x").await.unwrap();
    assert_eq!(report(&node, "A", &"x".repeat(1_001)).await.unwrap_err().code(), Code::InvalidArgument);
    node.stop().await;
}
