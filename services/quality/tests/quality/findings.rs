//! A finding on its way: said at once, answered, mended, or escalated.

use std::time::Duration;

use prost::Message;
use serde_json::json;
use tonic::Code;
use tonic_types::StatusExt;
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_proto::quality::v1::*;
use tracemesh_proto::time::micros;
use tracemesh_testkit::{Place, on_both};

use crate::node::{NOW, Node, all, indicators};

on_both!(a_correction_closes_what_it_mends, people_answer_and_decide, what_nobody_answers_is_escalated, what_is_old_is_forgotten);

/// 12 kg out of 10.
const OVERSOLD: &str = "
    p1 PRODUCE 5T06:00 farm OUT:L1=10,kg cert=Q1
    r1 RETAIL 5T09:00 stall IN:L1=14,斤 by=bolt
    r2 RETAIL 5T09:05 stall IN:L1=5,kg by=bolt
";

fn regulator() -> Principal {
    Principal::user("li", [Role::Regulator], Scope::Everything, Scope::Everything).unwrap()
}

fn provider(id: &str) -> Principal {
    Principal::provider(id, Scope::Everything, Scope::Everything).unwrap()
}

fn words(finding: &Finding) -> Vec<&str> {
    finding.steps.iter().map(|step| step.state.as_str()).collect()
}

async fn explain(node: &Node, who: &Principal, text: &str) -> Result<Finding, tonic::Status> {
    let request = ExplainFindingRequest { id: "yantai-F-1".into(), text: text.into() };
    Ok(node.as_principal(who).quality().explain_finding(request).await?.into_inner().finding.unwrap())
}

async fn decide(node: &Node, decision: &str, why: &str) -> Result<Finding, tonic::Status> {
    let request = DecideFindingRequest { id: "yantai-F-1".into(), decision: decision.into(), why: why.into() };
    Ok(node.as_principal(&regulator()).quality().decide_finding(request).await?.into_inner().finding.unwrap())
}

async fn a_correction_closes_what_it_mends(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(OVERSOLD, 2).await;
    assert_eq!(all(&node).await, ["yantai-F-1 quantity_balance sent bolt stall 2"]);
    let finding = node.findings().await.remove(0);
    assert_eq!((finding.dimension.as_str(), finding.severity.as_str()), ("consistency", "warn"));
    assert!(finding.message_en.contains("12 kg > 10 kg") && finding.message_zh.contains("2 条记录"), "{finding:?}");
    assert_eq!(words(&finding), ["found", "sent"]);
    assert_eq!(finding.evidence.iter().map(|proof| proof.value.as_str()).collect::<Vec<_>>(), ["7 kg", "5 kg"]);

    node.submit("r1 RETAIL 5T09:00 stall IN:L1=10,斤 by=bolt r=2", 1).await;
    assert_eq!(all(&node).await, ["yantai-F-1 quantity_balance closed bolt stall 2"]);
    let finding = node.findings().await.remove(0);
    assert_eq!(words(&finding), ["found", "sent", "corrected", "rechecked", "closed"]);
    assert!(finding.due_at.is_none() && !finding.overdue && finding.evidence.is_empty());

    node.submit("r3 RETAIL 5T10:00 stall IN:L1=1,kg by=bolt", 1).await;
    assert_eq!(all(&node).await, ["yantai-F-1 quantity_balance sent bolt stall 3"], "the same cause is the same finding");
    let kinds: Vec<String> = node.entries().await.into_iter().map(|entry| entry.envelope.kind).collect();
    assert_eq!(kinds, ["finding.sent", "finding.closed", "finding.sent"]);
    node.stop().await;
}

async fn people_answer_and_decide(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(OVERSOLD, 3).await;
    assert_eq!(explain(&node, &provider("acme"), "x").await.unwrap_err().code(), Code::NotFound, "somebody else's");
    let empty = explain(&node, &provider("bolt"), " ").await.unwrap_err();
    assert_eq!(empty.get_details_bad_request().unwrap().field_violations[0].field, "text");
    let explained = explain(&node, &provider("bolt"), "a second scale").await.unwrap();
    assert_eq!((explained.state.as_str(), explained.steps[2].by.as_str()), ("explained", "provider:bolt"));
    assert_eq!(decide(&node, "reopen", "which one?").await.unwrap().state, "sent");
    explain(&node, &provider("bolt"), "that of the neighbour").await.unwrap();
    assert_eq!(decide(&node, "close", "seen on site").await.unwrap().state, "closed");
    let refused = explain(&node, &provider("bolt"), "once more").await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    let wrong = decide(&node, "delete", "").await.unwrap_err().get_details_bad_request().unwrap();
    assert_eq!(wrong.field_violations.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["why", "decision"]);
    let last = node.entries().await.pop().unwrap();
    let said = FindingChanged::decode(last.body.unwrap()).unwrap().finding.unwrap();
    assert_eq!((last.envelope.actor.as_str(), last.envelope.why.as_str(), said.state.as_str()), ("user:li", "seen on site", "closed"));
    node.stop().await;
}

async fn what_nobody_answers_is_escalated(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(OVERSOLD, 3).await;
    let due = micros(node.findings().await[0].due_at.as_ref());
    assert_eq!((due - NOW) / 3_600_000_000, 7 * 24 + 6, "from Monday at 18:00 five working days: the end of the next Monday");
    node.clock.advance(Duration::from_micros((due - NOW) as u64));
    let overdue = ListFindingsRequest { state: "overdue".into(), ..ListFindingsRequest::default() };
    assert_eq!(node.listed(overdue.clone()).await.len(), 1);
    node.submit("p9 PRODUCE 5T06:00 farm OUT:L9=1,kg cert=Q9", 1).await;
    assert_eq!(all(&node).await, ["yantai-F-1 quantity_balance escalated bolt stall 2"]);
    let finding = node.findings().await.remove(0);
    assert_eq!(micros(finding.steps[2].at.as_ref()), due, "as of the moment at which it was due");
    let last = node.entries().await.pop().unwrap();
    assert_eq!((last.envelope.kind.as_str(), last.envelope.to), ("finding.escalated", vec!["parent".to_owned()]));
    node.stop().await;
}

async fn what_is_old_is_forgotten(place: Place) {
    let mut node = Node::start_with(&place, json!({"remember_days": 2})).await;
    node.submit("a1 PRODUCE 5T06:00 farm OUT:I1:ITEM\nb1 PRODUCE 5T06:00 farm OUT:L1 cert=Q1", 2).await;
    node.clock.advance(Duration::from_secs(2 * 86_400));
    node.submit("a2 PRODUCE 5T07:00 farm OUT:I2:ITEM", 1).await;
    node.clock.advance(Duration::from_secs(86_400));
    node.submit("a3 PRODUCE 5T08:00 farm OUT:I1:ITEM\na4 PRODUCE 5T08:00 farm OUT:I2:ITEM\nb3 RETAIL 5T08:00 farm IN:L1", 3).await;
    let reused: Vec<String> = all(&node).await.into_iter().filter(|line| line.contains("code_reuse")).collect();
    assert_eq!(reused, ["yantai-F-1 code_reuse sent acme farm 2"], "I2 alone");
    assert!(indicators(&node.scorecard("", "").await.total.unwrap()).contains(&"chain_completeness 0/1".to_owned()));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_work_list_is_asked_for_a_page_at_a_time() {
    let place = Place::sqlite().await;
    let mut node = Node::start(&place).await;
    let lines: Vec<String> =
        (0..5).map(|n| format!("a{n} PRODUCE 5T06:00 s{n} OUT:I{n}:ITEM\nb{n} PRODUCE 5T07:00 s{n} OUT:I{n}:ITEM")).collect();
    node.submit(&lines.join("\n"), 2).await;
    let ask =
        async |request: ListFindingsRequest| node.as_principal(&regulator()).quality().list_findings(request).await.unwrap().into_inner();
    let mut request = ListFindingsRequest { kind: "code_reuse".into(), page_size: 2, ..ListFindingsRequest::default() };
    let mut pages = Vec::new();
    loop {
        let page = ask(request.clone()).await;
        assert_eq!((page.counts[0].kind.as_str(), page.counts[0].open), ("code_reuse", 5));
        pages.push(page.findings.len());
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(pages, [2, 2, 1]);
    let elsewhere = ask(ListFindingsRequest { area: "350200".into(), ..ListFindingsRequest::default() }).await;
    assert!(elsewhere.findings.is_empty() && elsewhere.counts.is_empty());
    node.stop().await;
}
