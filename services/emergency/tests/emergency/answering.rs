//! Who answers for an establishment, and how.

use futures::StreamExt;
use tonic::Code;
use tracemesh_access::{Principal, Scope};
use tracemesh_proto::emergency::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{PATIENCE, reason, recall};
use crate::region::Region;

on_both!(
    a_provider_answers_for_those_it_submits_for,
    on_behalf_means_to_say_how_and_who,
    a_recovery_is_a_total_and_no_more_is_destroyed_than_came_back,
    whoever_watches_sees_the_board_change,
);

const MARKET: &str = "uscc:/91370600000000019G";

async fn ordered(region: &Region) -> String {
    let incident = region.province.open(Facts::default()).await;
    let order = region.province.issue(recall(&incident.id, 3)).await;
    region.carry().await;
    order.id
}

async fn a_provider_answers_for_those_it_submits_for(place: Place) {
    let region = Region::start(place).await;
    let yantai = region.yantai();
    let order = ordered(&region).await;
    let record = r#"{"record_id": "A-1", "class": "RETAIL", "event_time": "2026-02-08T08:00:00+08:00", "place": {"region": "370602"},
        "parties": {"responsible": {"code": {"scheme": "uscc", "value": "91370600000000019G"}, "name": "批发市场"}},
        "units": [{"role": "OUTPUT", "code": {"scheme": "opaque", "value": "L1"}}]}"#;
    let accepted = yantai.clerk.accept("acme", record).await;
    yantai.has_followed(accepted).await;
    let provider = |id: &str| yantai.of(&Principal::provider(id, Scope::Everything, Scope::Everything).unwrap());
    let request = AcknowledgeRequest { order: order.clone(), establishment: MARKET.into(), ..AcknowledgeRequest::default() };
    let refused = provider("bolt").acknowledge(request.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::PermissionDenied, "ORDER_NOT_THEIRS".into()));
    provider("acme").acknowledge(request).await.unwrap();
    let board = yantai.board(&order).await;
    let row = board.establishments.iter().find(|row| row.subject == MARKET).unwrap();
    assert_eq!((row.state.as_str(), row.by.as_str(), row.on_behalf.as_str()), ("acknowledged", "provider:acme", ""));

    let listed = async |id: &str| provider(id).list_orders(ListOrdersRequest::default()).await.unwrap().into_inner().orders.len();
    assert_eq!([listed("acme").await, listed("bolt").await], [1, 0]);
    region.stop().await;
}

async fn on_behalf_means_to_say_how_and_who(place: Place) {
    let region = Region::start(place).await;
    let yantai = region.yantai();
    let order = ordered(&region).await;
    let request = AcknowledgeRequest { order: order.clone(), establishment: MARKET.into(), ..AcknowledgeRequest::default() };
    let refused = yantai.acknowledger().acknowledge(request.clone()).await.unwrap_err();
    assert_eq!(tonic_types::StatusExt::get_details_bad_request(&refused).unwrap().field_violations.len(), 2);
    let board = yantai.acknowledge(&order, MARKET).await;
    let first = board.establishments.iter().find(|row| row.subject == MARKET).unwrap().clone();
    assert_eq!((first.on_behalf.as_str(), first.by.as_str(), first.contact.as_str()), ("phone", "user:chen", "the owner"));
    region.carry().await;
    let above = region.province.board(&order).await.establishments.into_iter().find(|row| row.subject == MARKET).unwrap();
    assert_eq!((above.state.as_str(), above.contact.as_str()), ("acknowledged", ""), "no name goes upward");
    region.clock.advance(std::time::Duration::from_secs(60));
    let visit = AcknowledgeRequest { how: "visit".into(), who: "somebody".into(), ..request };
    yantai.acknowledger().acknowledge(visit).await.unwrap();
    let board = yantai.board(&order).await;
    assert_eq!(board.establishments.iter().find(|row| row.subject == MARKET), Some(&first), "the first answer counts");

    let elsewhere = AcknowledgeRequest { establishment: MARKET.into(), order: order.clone(), how: "phone".into(), who: "x".into() };
    let refused = region.province.acknowledger().acknowledge(elsewhere).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::NotFound, "ORDER_ESTABLISHMENT_UNKNOWN".into()));
    region.stop().await;
}

async fn a_recovery_is_a_total_and_no_more_is_destroyed_than_came_back(place: Place) {
    let region = Region::start(place).await;
    let yantai = region.yantai();
    let order = ordered(&region).await;
    yantai.recover(&order, MARKET, "5", "1").await;
    yantai.recover(&order, MARKET, "7.25", "7.25").await;
    region.carry().await;
    let recovered = region.province.board(&order).await.recovered;
    assert_eq!((recovered[0].recovered.as_str(), recovered[0].destroyed.as_str()), ("7.25", "7.25"));
    let wrong = ReportRecoveryRequest {
        order: order.clone(),
        establishment: MARKET.into(),
        recovered: "1".into(),
        destroyed: "2".into(),
        unit_of_measure: "kg".into(),
    };
    assert_eq!(yantai.acknowledger().report_recovery(wrong).await.unwrap_err().code(), Code::InvalidArgument);
    region.stop().await;
}

async fn whoever_watches_sees_the_board_change(place: Place) {
    let region = Region::start(place).await;
    let order = ordered(&region).await;
    let yantai = region.yantai();
    let request = WatchOrderRequest { id: order.clone() };
    let mut boards = yantai.drafter().watch_order(request).await.unwrap().into_inner();
    let mut waiting = async || {
        let board = tokio::time::timeout(PATIENCE, boards.next()).await.expect("a board comes").unwrap().unwrap().board.unwrap();
        board.waiting_for.len()
    };
    assert_eq!(waiting().await, 3);
    yantai.acknowledge(&order, MARKET).await;
    assert_eq!(waiting().await, 2);
    yantai.acknowledge(&order, "").await;
    assert_eq!(waiting().await, 1);
    region.stop().await;
}
