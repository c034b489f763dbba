//! What the public is told, and what it is not.

use tracemesh_proto::emergency::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{incident, stop_sale};
use crate::region::Region;

on_both!(only_what_was_released_is_shown, a_drill_goes_the_whole_way_and_nobody_outside_hears_of_it);

async fn shown(node: &crate::node::Node) -> [Vec<String>; 2] {
    let listed = node.public().list_recalls(ListRecallsRequest::default()).await.unwrap().into_inner().recalls;
    let asked = GetRecallStateRequest { units: vec![2, 50] };
    let affecting = node.public().get_recall_state(asked).await.unwrap().into_inner().recalls;
    [listed, affecting].map(|recalls| recalls.into_iter().map(|recall| recall.order).collect())
}

async fn only_what_was_released_is_shown(place: Place) {
    let region = Region::start(place).await;
    let province = &region.province;
    let opened = province.open(Facts::default()).await;
    for release in [false, true] {
        let order = province.draft(stop_sale(&opened.id)).await;
        province.review(&order.id).await;
        province.try_sign(&order.id, "", release).await.unwrap();
    }
    let released = || ["shandong/2".to_owned()].to_vec();
    assert_eq!(shown(province).await, [released(), released()]);
    region.carry().await;
    assert_eq!(shown(region.yantai()).await, [released(), released()], "also at the nodes below");
    let close = CloseOrderRequest { id: "shandong/2".into(), why: "the laboratory was wrong".into() };
    province.signer().close_order(close).await.unwrap();
    assert_eq!(shown(province).await, [released(), vec![]], "what has ended is listed and affects nothing");
    region.stop().await;
}

async fn a_drill_goes_the_whole_way_and_nobody_outside_hears_of_it(place: Place) {
    let region = Region::start(place).await;
    let province = &region.province;
    let opened = province.try_open(OpenIncidentRequest { drill: true, ..incident() }).await.unwrap();
    let order = province.issue(stop_sale(&opened.id)).await;
    assert!(order.drill && order.released);
    region.carry().await;
    let below = region.yantai().board(&order.id).await.order.unwrap();
    assert!(below.drill);
    for node in [province, region.yantai()] {
        assert_eq!(shown(node).await, [Vec::<String>::new(), vec![]]);
    }
    region.stop().await;
}
