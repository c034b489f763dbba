//! Incidents: opened, graded, reported, closed; and what of them other nodes hear.

use tonic::Code;
use tracemesh_chassis::Clock;
use tracemesh_proto::emergency::v1::*;
use tracemesh_proto::time::timestamp;
use tracemesh_testkit::{Place, on_both};

use crate::node::{CODE, MINUTE, NOW, Node, due, incident, reason};
use crate::region::Region;

on_both!(
    a_wrong_incident_is_told_everything_that_is_wrong,
    a_grade_is_proposed_and_confirmed_by_a_person,
    a_case_keeps_the_rules_of_its_day,
    an_incident_ends_with_its_final_report,
    the_node_above_hears_of_an_incident_and_cannot_change_it,
);

async fn node(place: &Place) -> Node {
    Node::start(place, "yantai", "370600", &Clock::manual(NOW)).await
}

async fn a_wrong_incident_is_told_everything_that_is_wrong(place: Place) {
    let node = node(&place).await;
    let wrong = OpenIncidentRequest {
        title: " ".into(),
        category: "a b".into(),
        area: "999999".into(),
        codes: vec!["L1".into()],
        risk_known_at: Some(timestamp(NOW + 1)),
        ..OpenIncidentRequest::default()
    };
    let refused = node.try_open(wrong).await.unwrap_err();
    let fields: Vec<String> = tonic_types::StatusExt::get_details_bad_request(&refused)
        .unwrap()
        .field_violations
        .into_iter()
        .map(|violation| violation.field)
        .collect();
    assert_eq!(fields, ["title", "category", "area", "risk_known_at", "codes.0"]);
    assert!(node.kinds().await.is_empty(), "nothing happened, so nothing was journaled");
    node.stop().await;
}

async fn a_grade_is_proposed_and_confirmed_by_a_person(place: Place) {
    let node = node(&place).await;
    let opened = node.open(Facts { hurt: 29, ..Facts::default() }).await;
    assert_eq!((opened.proposed_grade.as_str(), opened.grade_rule.as_str()), ("", "grading/provincial-plan"));
    let facts = Some(Facts { hurt: 30, ..Facts::default() });
    let request = AddFactsRequest { id: opened.id.clone(), facts, why: String::new() };
    let known = node.drafter().add_facts(request).await.unwrap().into_inner().incident.unwrap();
    assert_eq!((known.proposed_grade.as_str(), known.grade.as_str()), ("IV", ""));

    let grade = |grade: &str, why: &str| ConfirmGradeRequest { id: opened.id.clone(), grade: grade.into(), why: why.into() };
    let refused = node.signer().confirm_grade(grade("II", "")).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument, "another grade than the proposed one needs a reason");
    let graded = node.signer().confirm_grade(grade("II", "children")).await.unwrap().into_inner().incident.unwrap();
    assert_eq!((graded.grade.as_str(), graded.graded_by.as_str()), ("II", "user:zhao"));
    assert_eq!(due(&graded.clocks, "report.first"), NOW + 60 * MINUTE, "a worse grade leaves less time");
    assert_eq!(node.kinds().await, ["incident.opened", "incident.hold", "incident.facts_added", "incident.graded"]);
    node.stop().await;
}

/// From the 10th on the law leaves 30 minutes instead of 2 hours. A risk that was known on the 9th keeps its 2 hours, also where that is said later.
async fn a_case_keeps_the_rules_of_its_day(place: Place) {
    let rules = place.folder.path().join("rules.toml");
    let text = "[[reporting]]\nid = 'reporting/2026'\nfrom = '2026-02-10'\nareas = ['*']\ncategories = ['*']\nsource = 'a test'\n\
                operator_min = 30\nfirst_min = { I = 30, II = 30, III = 30, IV = 30, none = 30 }\n";
    std::fs::write(&rules, text).unwrap();
    let clock = Clock::manual(NOW + 24 * 60 * MINUTE);
    let told = |config: &mut tracemesh_chassis::NodeConfig| {
        config.emergency = serde_json::from_value(serde_json::json!({ "rules": rules })).unwrap();
    };
    let node = Node::start_as(&place, "yantai", "370600", &clock, told).await;
    let before = node.try_open(OpenIncidentRequest { risk_known_at: Some(timestamp(NOW)), ..incident() }).await.unwrap();
    let after = node.try_open(incident()).await.unwrap();
    let now = clock.now_micros();
    assert_eq!(due(&before.clocks, "report.first"), now + 120 * MINUTE);
    assert_eq!(due(&after.clocks, "report.first"), now + 30 * MINUTE);
    let operator = crate::node::clock(&before.clocks, "report.operator");
    assert!(operator.breached, "known on the 9th, told on the 10th: {operator:?}");
    node.stop().await;
}

async fn an_incident_ends_with_its_final_report(place: Place) {
    let node = node(&place).await;
    let opened = node.open(Facts::default()).await;
    let close = CloseIncidentRequest { id: opened.id.clone(), why: "all is back".into() };
    let refused = node.signer().close_incident(close.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "INCIDENT_UNFINISHED".into()));
    for kind in ["first", "final"] {
        let report = FileReportRequest { id: opened.id.clone(), kind: kind.into(), text: "as it is".into() };
        node.drafter().file_report(report).await.unwrap();
    }
    let closed = node.signer().close_incident(close.clone()).await.unwrap().into_inner().incident.unwrap();
    assert_eq!((closed.state.as_str(), closed.reports.len()), ("closed", 2));
    assert!(closed.clocks.iter().all(|clock| clock.stopped_at.is_some() && !clock.breached), "{:?}", closed.clocks);
    let again = node.signer().close_incident(close).await.unwrap_err();
    assert_eq!(reason(&again), "INCIDENT_CLOSED");
    let [held, released]: [Vec<IncidentHold>; 2] = [node.told("incident.hold", 1).await, node.told("incident.released", 1).await];
    assert_eq!((held[0].units.len(), &held), (1, &released), "{CODE} is kept while the incident is open");
    node.stop().await;
}

async fn the_node_above_hears_of_an_incident_and_cannot_change_it(place: Place) {
    let region = Region::start(place).await;
    let opened = region.yantai().open(Facts { hurt: 100, ..Facts::default() }).await;
    region.carry().await;
    let seen = region.province.incident(&opened.id).await;
    assert_eq!((seen.node.as_str(), &seen.clocks, seen.proposed_grade.as_str()), ("yantai", &opened.clocks, "III"));
    let report = FileReportRequest { id: opened.id.clone(), kind: "first".into(), text: "?".into() };
    let refused = region.province.drafter().file_report(report.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "EMERGENCY_ELSEWHERE".into()));
    region.yantai().drafter().file_report(report).await.unwrap();
    region.carry().await;
    assert_eq!(region.province.incident(&opened.id).await.reports.len(), 1);
    region.stop().await;
}
