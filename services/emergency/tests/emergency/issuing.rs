//! An order on its way out: three people, numbers, a frozen scope.

use prost::Message;
use tonic::Code;
use tracemesh_access::Role;
use tracemesh_chassis::Clock;
use tracemesh_proto::emergency::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{NOW, Node, reason, stop_sale};
use crate::region::{Region, holding};

on_both!(
    three_people_bring_an_order_out_and_tries_to_go_around_are_journaled,
    a_returned_order_is_drafted_again,
    numbers_have_no_gaps_and_come_once,
    what_is_frozen_is_what_was_known,
    an_order_that_reaches_nobody_is_not_signed,
);

async fn node(place: &Place) -> Node {
    let node = Node::start(place, "yantai", "370600", &Clock::manual(NOW)).await;
    node.clerk.knows(&[1], vec![holding("yantai", "s", "s", "1")]);
    node
}

async fn three_people_bring_an_order_out_and_tries_to_go_around_are_journaled(place: Place) {
    let node = node(&place).await;
    let incident = node.open(Facts::default()).await;
    let order = node.draft(stop_sale(&incident.id)).await;
    let review = ReviewOrderRequest { id: order.id.clone(), ..ReviewOrderRequest::default() };
    let sign = SignOrderRequest { id: order.id.clone(), ..SignOrderRequest::default() };

    let refused = node.person("li", Role::Reviewer).review_order(review.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::PermissionDenied, "ORDER_SAME_PERSON".into()));
    let early = node.signer().sign_order(sign.clone()).await.unwrap_err();
    assert_eq!((early.code(), reason(&early)), (Code::FailedPrecondition, "ORDER_STATE".into()));
    node.review(&order.id).await;
    for name in ["li", "wang"] {
        let refused = node.person(name, Role::Signer).sign_order(sign.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied, "{name}");
    }
    let issued = node.sign(&order.id).await;
    let steps: Vec<(&str, &str)> = issued.steps.iter().map(|step| (step.what.as_str(), step.by.as_str())).collect();
    assert_eq!(steps, [("drafted", "user:li"), ("reviewed", "user:wang"), ("issued", "user:zhao")]);
    let kinds = node.kinds().await;
    assert_eq!(kinds[2..], ["order.drafted", "order.denied", "order.reviewed", "order.denied", "order.denied", "order.issued"]);
    let cancel = CancelOrderRequest { id: order.id.clone(), why: "?".into() };
    assert_eq!(reason(&node.signer().cancel_order(cancel).await.unwrap_err()), "ORDER_STATE");
    node.stop().await;
}

async fn a_returned_order_is_drafted_again(place: Place) {
    let node = node(&place).await;
    let incident = node.open(Facts::default()).await;
    let order = node.draft(stop_sale(&incident.id)).await;
    let refuse = ReviewOrderRequest { id: order.id.clone(), refuse: true, why: "the title".into() };
    let returned = node.reviewer().review_order(refuse).await.unwrap().into_inner().order.unwrap();
    assert_eq!((returned.state.as_str(), returned.steps.last().unwrap().why.as_str()), ("returned", "the title"));
    let again = node.draft(DraftOrderRequest { id: order.id.clone(), title_zh: "立即停止销售".into(), ..stop_sale(&incident.id) }).await;
    assert_eq!((again.id, again.state.as_str(), again.title_zh.as_str()), (order.id, "drafted", "立即停止销售"));
    node.stop().await;
}

async fn numbers_have_no_gaps_and_come_once(place: Place) {
    let node = node(&place).await;
    let incident = node.open(Facts::default()).await;
    let reviewed = async || {
        let order = node.draft(stop_sale(&incident.id)).await;
        node.review(&order.id).await;
        order.id
    };
    let first = node.sign(&reviewed().await).await.number;
    let by_hand = node.try_sign(&reviewed().await, "yantai〔2026〕2号", true).await.unwrap().number;
    let third = reviewed().await;
    let taken = node.try_sign(&third, &first, true).await.unwrap_err();
    assert_eq!((taken.code(), reason(&taken)), (Code::AlreadyExists, "ORDER_NUMBER_TAKEN".into()));
    let ids = [third, reviewed().await, reviewed().await];
    let signed = futures::future::join_all(ids.iter().map(|id| node.sign(id))).await;
    let mut numbers: Vec<String> = [first, by_hand].into_iter().chain(signed.into_iter().map(|order| order.number)).collect();
    numbers.sort();
    assert_eq!(numbers, [1, 2, 3, 4, 5].map(|n| format!("yantai〔2026〕{n}号")));
    node.stop().await;
}

async fn what_is_frozen_is_what_was_known(place: Place) {
    let region = Region::start(place).await;
    let incident = region.province.open(Facts::default()).await;
    let order = region.province.issue(stop_sale(&incident.id)).await;
    region.province.clerk.knows(&[9], vec![]);
    let frozen = region.province.board(&order.id).await.order.unwrap().scope.unwrap();
    assert_eq!((&frozen.units, frozen.holdings.len(), frozen.verdict.as_ref().unwrap().complete), (&vec![1, 2, 3], 3, true));
    region.carry().await;
    let [above, below]: [Vec<OrderIssued>; 2] =
        [region.province.told("order.issued", 1).await, region.yantai().told("order.issued", 1).await];
    assert_eq!((&above[0].order, &above[0].signature), (&below[0].order, &below[0].signature), "handed on byte for byte");
    assert_eq!([&above[0].through[..], &below[0].through[..]], [&["shandong".to_owned()][..], &["shandong".into(), "yantai".into()]]);
    assert_eq!(Order::decode(above[0].order.as_ref()).unwrap().scope.unwrap(), frozen);
    region.stop().await;
}

async fn an_order_that_reaches_nobody_is_not_signed(place: Place) {
    let node = Node::start(&place, "yantai", "370600", &Clock::manual(NOW)).await;
    let incident = node.open(Facts::default()).await;
    let order = node.draft(stop_sale(&incident.id)).await;
    node.review(&order.id).await;
    let refused = node.try_sign(&order.id, "", true).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "ORDER_NOTHING_KNOWN".into()));
    node.stop().await;
}
