//! Who may ask, and how far they see.

use tonic::{Code, Status};
use tracemesh_access::{Neighbour, Principal, Role, Scope};
use tracemesh_peers::Clients;
use tracemesh_proto::quality::v1::*;
use tracemesh_testkit::Place;

use crate::node::Node;

async fn codes(clients: &Clients) -> [Option<Code>; 12] {
    fn code<T>(answer: Result<T, Status>) -> Option<Code> {
        answer.err().map(|status| status.code()).filter(|code| matches!(code, Code::PermissionDenied | Code::Unauthenticated))
    }
    let mut quality = clients.quality();
    [
        code(quality.list_findings(ListFindingsRequest::default()).await),
        code(quality.get_finding(GetFindingRequest::default()).await),
        code(quality.explain_finding(ExplainFindingRequest::default()).await),
        code(quality.decide_finding(DecideFindingRequest::default()).await),
        code(quality.get_scorecard(GetScorecardRequest::default()).await),
        code(quality.list_rules(ListRulesRequest::default()).await),
        code(quality.publish_rules(PublishRulesRequest::default()).await),
        code(quality.dry_run_rules(DryRunRulesRequest::default()).await),
        code(quality.report_mismatch(ReportMismatchRequest::default()).await),
        code(quality.get_mismatch(GetMismatchRequest::default()).await),
        code(quality.answer_mismatch(AnswerMismatchRequest::default()).await),
        code(quality.list_mismatches(ListMismatchesRequest::default()).await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_has_somebody_who_may_not_make_it() {
    let place = Place::sqlite().await;
    let node = Node::start(&place).await;
    let of = async |principal: Principal| codes(&node.as_principal(&principal)).await;
    let (unknown, denied) = (Some(Code::Unauthenticated), Some(Code::PermissionDenied));
    assert_eq!(
        of(Principal::public()).await,
        [unknown, unknown, unknown, unknown, unknown, unknown, unknown, unknown, None, None, unknown, unknown]
    );
    let provider = Principal::provider("acme", Scope::Everything, Scope::Everything).unwrap();
    assert_eq!(of(provider).await, [None, None, None, denied, None, None, denied, denied, None, None, denied, denied]);
    let child = Principal::node("jinan", Neighbour::Child, Scope::Everything, Scope::Everything).unwrap();
    assert_eq!(of(child).await, [denied, denied, denied, denied, denied, denied, denied, denied, None, None, denied, denied]);
    let regulator = Principal::user("li", [Role::Regulator], Scope::Everything, Scope::Everything).unwrap();
    assert_eq!(of(regulator).await, [None; 12]);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_as_far_as_its_scope() {
    let place = Place::sqlite().await;
    let mut node = Node::start(&place).await;
    let lines = "
        a1 PRODUCE 5T06:00 farm OUT:I1:ITEM area=370602 by=acme
        a2 PRODUCE 5T07:00 farm OUT:I1:ITEM area=370602 by=acme
        b1 PRODUCE 5T06:00 mill OUT:I2:ITEM area=350203 category=FOOD by=bolt
        b2 PRODUCE 5T07:00 mill OUT:I2:ITEM area=350203 category=FOOD by=bolt
    ";
    node.submit(lines, 4).await;
    let seen = async |principal: Principal| {
        let mut quality = node.as_principal(&principal).quality();
        let findings = quality.list_findings(ListFindingsRequest::default()).await.unwrap().into_inner().findings;
        let records = quality.get_scorecard(GetScorecardRequest::default()).await.unwrap().into_inner().total.unwrap().records;
        (findings.into_iter().map(|finding| finding.subject).collect::<Vec<_>>().join(" "), records)
    };
    let user = |areas: &str, categories: &str| {
        let [areas, categories] = [areas, categories].map(|words| Scope::from_words(words.split_whitespace()));
        Principal::user("li", [Role::Regulator], areas, categories).unwrap()
    };
    let provider = |id| Principal::provider(id, Scope::Everything, Scope::Everything).unwrap();
    assert_eq!(seen(provider("acme")).await, ("opaque:market/farm".into(), 2));
    assert_eq!(seen(provider("nobody")).await, (String::new(), 0));
    assert_eq!(seen(user("370600", "*")).await, ("opaque:market/farm".into(), 2));
    assert_eq!(seen(user("*", "FOOD")).await, ("opaque:market/mill".into(), 2));
    assert_eq!(seen(user("370600", "FOOD")).await, (String::new(), 0));
    let findings = node.findings().await;
    let of_mill = findings.iter().find(|finding| finding.provider == "bolt").unwrap();
    let of_other = GetFindingRequest { id: of_mill.id.clone() };
    assert_eq!(node.as_principal(&provider("acme")).quality().get_finding(of_other).await.unwrap_err().code(), Code::NotFound);
    node.stop().await;
}
