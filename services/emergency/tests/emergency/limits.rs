//! Limits that end: noted once, at their moment, and told upward.

use std::time::Duration;

use tracemesh_proto::emergency::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{clock, recall};
use crate::region::Region;

on_both!(a_missed_limit_is_told_once_and_upward, an_answer_that_comes_too_late_is_late_on_the_board);

async fn a_missed_limit_is_told_once_and_upward(place: Place) {
    let region = Region::start(place).await;
    let yantai = region.yantai();
    let opened = yantai.open(Facts::default()).await;
    region.clock.advance(Duration::from_secs(2 * 3600 - 1));
    assert!(!clock(&yantai.incident(&opened.id).await.clocks, "report.first").breached);
    region.clock.advance(Duration::from_secs(1));
    let told: Vec<IncidentChanged> = yantai.told("incident.breached", 1).await;
    assert!(clock(&told[0].incident.as_ref().unwrap().clocks, "report.first").breached);
    region.carry().await;
    assert!(clock(&region.province.incident(&opened.id).await.clocks, "report.first").breached, "the node above knows");

    let report = FileReportRequest { id: opened.id.clone(), kind: "first".into(), text: "late".into() };
    let reported = yantai.drafter().file_report(report).await.unwrap().into_inner().incident.unwrap();
    let late = clock(&reported.clocks, "report.first");
    assert!(late.breached && late.stopped_at.is_some());
    region.clock.advance(Duration::from_secs(24 * 3600));
    yantai.open(Facts::default()).await;
    assert_eq!(yantai.kinds().await.iter().filter(|kind| *kind == "incident.breached").count(), 1);
    region.stop().await;
}

async fn an_answer_that_comes_too_late_is_late_on_the_board(place: Place) {
    let region = Region::start(place).await;
    let incident = region.province.open(Facts::default()).await;
    let order = region.province.issue(recall(&incident.id, 1)).await;
    region.carry().await;
    region.yantai().acknowledge(&order.id, "").await;
    region.clock.advance(Duration::from_secs(2 * 3600));
    region.qingdao().acknowledge(&order.id, "").await;
    region.carry().await;
    let board = region.province.board(&order.id).await;
    let late: Vec<(&str, bool)> = board.tiers.iter().map(|row| (row.node.as_str(), row.late)).collect();
    assert_eq!(late, [("qingdao", true), ("yantai", false)]);
    let told: Vec<IncidentChanged> = region.province.told("incident.breached", 1).await;
    assert!(
        told.iter()
            .flat_map(|told| &told.incident.as_ref().unwrap().clocks)
            .any(|clock| clock.kind == "order.acknowledge" && clock.breached)
    );
    region.stop().await;
}
