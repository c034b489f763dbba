//! A release takes an order back, at every node that has it.

use tracemesh_proto::emergency::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{reason, stop_sale};
use crate::region::Region;

on_both!(a_release_ends_what_it_takes_back_in_every_tier);

async fn a_release_ends_what_it_takes_back_in_every_tier(place: Place) {
    let region = Region::start(place).await;
    let province = &region.province;
    let incident = province.open(Facts::default()).await;
    let stopped = province.issue(stop_sale(&incident.id)).await;
    region.carry().await;
    let release = DraftOrderRequest { kind: "RELEASE".into(), releases: stopped.id.clone(), ..stop_sale(&incident.id) };
    let released = province.issue(release.clone()).await;
    assert_eq!(released.scope.as_ref().unwrap().hash, stopped.scope.unwrap().hash, "it reaches whom the order reached");
    region.carry().await;
    for node in [province, region.yantai(), region.qingdao()] {
        let ended = node.got(&stopped.id).await;
        assert_eq!(ended.board.unwrap().order.unwrap().state, "closed", "{}", node.id);
        assert_eq!(ended.closure.unwrap().why, "released by shandong/2", "{}", node.id);
        assert_eq!(node.board(&released.id).await.order.unwrap().state, "issued", "{}", node.id);
    }
    let again = province.drafter().draft_order(release).await.unwrap_err();
    assert_eq!(reason(&again), "ORDER_STATE");
    region.stop().await;
}
