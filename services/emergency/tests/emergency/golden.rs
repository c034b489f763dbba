//! One case from the first suspicion to the closure report, its numbers worked by hand.
//!
//! Monday 2026-02-09, 10:00: thirty people are hurt, which is grade IV. The province opens the incident at 10:00 and has two hours to report; it signs a
//! class 1 recall at 11:00. Ten working days from the 9th: 10 11 12 13, Saturday the 14th is worked, the 15th to the 23rd is the Spring Festival, 24 25 26
//! 27, Saturday the 28th is worked: the recall has to be complete when the 28th ends. On the shelves are 12.5, 7.5 and 10 kg: 30; back come 10, 7.5 and
//! 5: 22.5, three quarters; 12.5 of it are destroyed.

use std::time::Duration;

use tracemesh_proto::emergency::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{MINUTE, NOW, due, recall};
use crate::region::Region;

on_both!(a_recall_reaches_every_shelf_and_is_closed_with_its_figures);

/// 2026-03-01 00:00 in China.
const END_OF_THE_28TH: i64 = 1_772_294_400_000_000;
const MARKET: &str = "uscc:/91370600000000019G";
const SHOP: &str = "门口小店";
const SUPERMARKET: &str = "uscc:/92640100MA00000A9P";

async fn a_recall_reaches_every_shelf_and_is_closed_with_its_figures(place: Place) {
    let region = Region::start(place).await;
    let (province, yantai, qingdao) = (&region.province, region.yantai(), region.qingdao());

    let incident = province.open(Facts { hurt: 30, ..Facts::default() }).await;
    assert_eq!((incident.id.as_str(), incident.proposed_grade.as_str()), ("shandong-2026-1", "IV"));
    assert_eq!(due(&incident.clocks, "report.first"), NOW + 120 * MINUTE);
    let draft = province.draft(recall(&incident.id, 1)).await;
    province.review(&draft.id).await;
    region.clock.advance(Duration::from_secs(3600));
    let order = province.sign(&draft.id).await;
    assert_eq!((order.id.as_str(), order.number.as_str()), ("shandong/1", "shandong〔2026〕1号"));
    assert_eq!(due(&order.clocks, "recall.start"), NOW + 24 * 60 * MINUTE);
    assert_eq!(due(&order.clocks, "recall.complete"), END_OF_THE_28TH);
    assert_eq!(due(&order.clocks, "order.acknowledge"), NOW + 180 * MINUTE);
    let waiting = province.board(&order.id).await.waiting_for;
    assert_eq!(waiting, ["qingdao", "yantai"], "the cities have not said anything yet");

    region.carry().await;
    let waiting = province.board(&order.id).await.waiting_for;
    assert_eq!(waiting, ["qingdao", "yantai", "qingdao/超市", "yantai/批发市场", "yantai/门口小店"]);

    for (city, establishment, recovered, destroyed) in
        [(yantai, MARKET, "10", "10"), (yantai, SHOP, "7.5", "2.5"), (qingdao, SUPERMARKET, "5", "")]
    {
        city.acknowledge(&order.id, establishment).await;
        city.recover(&order.id, establishment, recovered, destroyed).await;
    }
    yantai.acknowledge(&order.id, "").await;
    region.carry().await;
    assert_eq!(province.board(&order.id).await.waiting_for, ["qingdao"]);
    let close = CloseOrderRequest { id: order.id.clone(), why: String::new() };
    let refused = province.signer().close_order(close.clone()).await.unwrap_err();
    assert_eq!(refused.message(), "1 have not acknowledged the order shandong/1 yet, such as qingdao.");
    qingdao.acknowledge(&order.id, "").await;
    region.carry().await;

    let closure = province.signer().close_order(close).await.unwrap().into_inner().closure.unwrap();
    let tiers = (closure.tiers, closure.tiers_acknowledged);
    let establishments = (closure.establishments, closure.establishments_acknowledged, closure.on_behalf);
    assert_eq!((tiers, establishments), ((2, 2), (3, 3, 3)));
    let recovered = Recovered {
        unit_of_measure: "kg".into(),
        affected: "30".into(),
        recovered: "22.5".into(),
        destroyed: "12.5".into(),
        rate: "0.7500".into(),
    };
    assert_eq!((closure.recovered, closure.never_acknowledged.len()), (vec![recovered], 0));
    assert!(closure.clocks.iter().all(|clock| !clock.breached && clock.stopped_at.is_some()), "{:?}", closure.clocks);
    assert_eq!(closure.scope_hash, order.scope.unwrap().hash);

    region.carry().await;
    assert_eq!(yantai.board(&order.id).await.order.unwrap().state, "closed");
    region.stop().await;
}
