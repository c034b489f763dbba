//! The tree of areas: it grows below what is there, and an id stays whose it was.

use tonic::Code;
use tracemesh_proto::registry::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, faults};

on_both!(an_area_is_added_below_another, a_wrong_area_is_told_everything_that_is_wrong);

async fn an_area_is_added_below_another(place: Place) {
    let node = Node::start(&place).await;
    let zone =
        Area { id: "zone-7".into(), parent: "370600".into(), name_zh: "黄渤海新区".into(), kind: "zone".into(), ..Area::default() };
    let added = node.operator().add_area(AddAreaRequest { area: Some(zone.clone()) }).await.unwrap().into_inner();
    assert_eq!(added.area.as_ref(), Some(&zone));
    let known = node.operator().list_areas(ListAreasRequest {}).await.unwrap().into_inner().areas;
    assert_eq!(known.iter().map(|area| area.id.as_str()).collect::<Vec<_>>(), ["370600", "zone-7"]);
    assert_eq!((&known[0].name_zh, &known[1]), (&"烟台市".to_owned(), &zone));
    let again = Area { name_zh: "别的新区".into(), ..zone };
    assert_eq!(node.operator().add_area(AddAreaRequest { area: Some(again) }).await.unwrap_err().code(), Code::AlreadyExists);
    node.stop().await;
}

async fn a_wrong_area_is_told_everything_that_is_wrong(place: Place) {
    let node = Node::start(&place).await;
    let area = Area { id: "zone 7".into(), parent: "zone-6".into(), kind: "Zone".into(), ..Area::default() };
    let refused = node.operator().add_area(AddAreaRequest { area: Some(area) }).await.unwrap_err();
    assert_eq!(
        faults(&refused),
        [
            "area.id AREA_ID_INVALID",
            "area.name_zh REQUEST_VALUE_MISSING",
            "area.kind REQUEST_VALUE_NOT_ALLOWED",
            "area.parent AREA_PARENT_UNKNOWN"
        ]
    );
    node.stop().await;
}
