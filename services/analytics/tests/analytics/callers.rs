//! Who may ask, how far they see, and what a wrong question is told.

use prost::Message;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use tracemesh_access::{Neighbour, Principal, Role, Scope};
use tracemesh_journal::{Entry, Envelope};
use tracemesh_peers::Clients;
use tracemesh_proto::analytics::v1::*;
use tracemesh_proto::registry::v1::Area;
use tracemesh_testkit::{Place, on_both};

use crate::expected::*;
use crate::ledger::LEDGER;
use crate::node::{Node, append, ask, rows, total};

on_both!(a_regulator_sees_as_far_as_its_scope);

async fn codes(clients: &Clients) -> [Option<Code>; 5] {
    fn code<T>(answer: Result<T, Status>) -> Option<Code> {
        answer.err().map(|status| status.code()).filter(|code| matches!(code, Code::PermissionDenied | Code::Unauthenticated))
    }
    let mut analytics = clients.analytics();
    [
        code(analytics.get_aggregates(GetAggregatesRequest::default()).await),
        code(analytics.recount(RecountRequest::default()).await),
        code(analytics.list_months(ListMonthsRequest::default()).await),
        code(analytics.pull_aggregates(PullAggregatesRequest::default()).await),
        code(analytics.store_aggregates(StoreAggregatesRequest::default()).await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_has_somebody_who_may_not_make_it() {
    let place = Place::sqlite().await;
    let node = Node::start(&place).await;
    let of = async |principal: Principal| codes(&node.as_principal(&principal)).await;
    let (unknown, denied) = (Some(Code::Unauthenticated), Some(Code::PermissionDenied));
    assert_eq!(of(Principal::public()).await, [unknown; 5]);
    assert_eq!(of(Principal::provider("acme", Scope::Everything, Scope::Everything).unwrap()).await, [denied; 5]);
    assert_eq!(of(Principal::node("jinan", Neighbour::Child, Scope::Everything, Scope::Everything).unwrap()).await, [denied; 5]);
    let parent = Principal::node("nation", Neighbour::Parent, Scope::Everything, Scope::Everything).unwrap();
    assert_eq!(of(parent).await, [denied, denied, None, None, denied]);
    let regulator = Principal::user("li", [Role::Regulator], Scope::Everything, Scope::Everything).unwrap();
    assert_eq!(of(regulator).await, [None, None, denied, denied, denied]);
    assert_eq!(of(Principal::operator()).await, [None, None, denied, denied, denied]);
    node.stop().await;
}

async fn a_regulator_sees_as_far_as_its_scope(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    let question = |area| ask("2026-01-01", "2026-01-31", "", area, "");
    let see = async |areas: &str, categories: &str, area| {
        let [areas, categories] = [areas, categories].map(|words| Scope::from_words(words.split_whitespace()));
        let regulator = Principal::user("li", [Role::Regulator], areas, categories).unwrap();
        total(&node.as_principal(&regulator).analytics().get_aggregates(question(area)).await.unwrap().into_inner())
    };
    let nothing = "total: 0 records, 0 late, 0 subjects, 0 kg";
    assert_eq!(see("*", "*", "").await, JANUARY);
    assert_eq!(see("370600", "*", "").await, JANUARY_OF_YANTAI);
    assert_eq!(see("370600", "*", "370000").await, JANUARY_OF_YANTAI, "asking for more shows no more");
    assert_eq!(see("*", "FOOD", "").await, JANUARY_OF_FOOD);
    assert_eq!(see("350000", "FOOD", "").await, "total: 1 records, 0 late, 1 subjects, 0 kg");
    assert_eq!(see("350000", "*", "370000").await, nothing);
    assert_eq!(see("", "*", "").await, nothing);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_is_told_everything_that_is_wrong() {
    let place = Place::sqlite().await;
    let node = Node::start(&place).await;
    let mut analytics = node.as_principal(&Principal::operator()).analytics();
    let wrong = analytics.get_aggregates(ask("2026-13-01", "x", "day weight", "", "")).await.unwrap_err();
    assert_eq!(wrong.code(), Code::InvalidArgument);
    let violations = wrong.get_details_bad_request().unwrap().field_violations;
    let reasons: Vec<_> = violations.iter().map(|violation| (violation.field.as_str(), violation.reason.as_str())).collect();
    let expected = [("from", "REQUEST_DATE_INVALID"), ("to", "REQUEST_DATE_INVALID"), ("by.1", "FIGURES_DIMENSION_UNKNOWN")];
    assert_eq!(reasons, expected);
    let reversed = analytics.recount(RecountRequest { from: "2026-01-02".into(), to: "2026-01-01".into() }).await.unwrap_err();
    assert!(reversed.get_details_bad_request().unwrap().field_violations[0].description.contains("2026-01-02"));

    let pull = async |origin: &str, month: &str| {
        let request = PullAggregatesRequest { origin: origin.into(), month: month.into() };
        node.as_service().analytics().pull_aggregates(request).await.unwrap_err().get_details_error_info().unwrap().reason
    };
    assert_eq!(pull("jinan", "2026-01").await, "FIGURES_ORIGIN_UNKNOWN");
    assert_eq!(pull("yantai", "2020-01").await, "FIGURES_MONTH_UNKNOWN");
    assert_eq!(pull("yantai", "January").await, "FIGURES_MONTH_UNKNOWN");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn areas_of_the_registry_are_read_through_its_tree() {
    let place = Place::sqlite().await;
    let mut node = Node::start(&place).await;
    let zone = Area { id: "zone-7".into(), parent: "370602".into(), ..Area::default() };
    append(&node.registry, &[Entry::new(&Envelope { kind: "area.added".into(), ..Envelope::default() }, zone.encode_to_vec())]).await;
    node.submit("ACCEPTED acme a01 1 zone-7 FOOD RETAIL 2026-01-02T08:00:00+08:00 +1h S1 OUTPUT=1,kg", 1).await;
    // Areas come by another journal, in their own time.
    let answer = node.answers(ask("", "", "area", "370600", ""), |answer| !answer.rows.is_empty()).await;
    assert_eq!(rows(&answer), ["zone-7: 1 records, 0 late, ? subjects, 1 kg"]);
    node.stop().await;
}
