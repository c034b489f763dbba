//! Orders that must not take effect, and rows that a node below may not write.

use ed25519_dalek::{Signer, SigningKey};
use prost::Message;
use tracemesh_proto::emergency::v1::*;
use tracemesh_proto::federation::v1::Received;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, recall};
use crate::region::{Region, from_above};

on_both!(a_bad_order_takes_no_effect_and_is_said_upward, an_order_takes_effect_once, a_child_speaks_of_itself_and_of_what_is_below_it);

/// An order of the province, as it came to Yantai.
async fn issued(region: &Region) -> OrderIssued {
    let incident = region.province.open(Facts::default()).await;
    region.province.issue(recall(&incident.id, 2)).await;
    region.province.told("order.issued", 1).await.remove(0)
}

/// Another order, signed by somebody.
fn forged(issued: &OrderIssued, key: &SigningKey, change: impl FnOnce(&mut Order)) -> OrderIssued {
    let mut order = Order::decode(issued.order.as_ref()).unwrap();
    change(&mut order);
    let bytes = order.encode_to_vec();
    let signature = key.sign(&bytes).to_bytes().to_vec().into();
    let public_key = key.verifying_key().to_bytes().to_vec().into();
    OrderIssued { order: bytes.into(), signature, public_key, ..issued.clone() }
}

async fn refusals(node: &Node, count: usize) -> Vec<String> {
    node.told::<OrderRefused>("order.refused", count).await.into_iter().map(|refused| refused.reason).collect()
}

async fn a_bad_order_takes_no_effect_and_is_said_upward(place: Place) {
    let region = Region::start(place).await;
    let yantai = region.yantai();
    let good = issued(&region).await;
    let stranger = SigningKey::from_bytes(&[7; 32]);
    let unsigned = OrderIssued { signature: vec![0; 64].into(), ..good.clone() };
    let elsewhere = forged(&good, &stranger, |order| order.area = "350000".into());
    let detour = OrderIssued { through: vec!["shandong".into(), "jinan".into()], ..good.clone() };
    let other_scope = forged(&good, &stranger, |order| order.scope.as_mut().unwrap().units.push(77));
    for bad in [&unsigned, &elsewhere, &detour, &other_scope] {
        yantai.take(&from_above("shandong", "order.issued", bad)).await;
    }
    assert_eq!(refusals(yantai, 4).await, ["signature", "area", "through", "unreadable"]);
    assert!(!yantai.kinds().await.contains(&"order.issued".to_owned()), "none went on");

    yantai.take(&from_above("shandong", "order.issued", &good)).await;
    let usurped = forged(&good, &stranger, |order| (order.id, order.number) = ("shandong/9".into(), "9".into()));
    yantai.take(&from_above("shandong", "order.issued", &usurped)).await;
    assert_eq!(refusals(yantai, 5).await[4], "key", "the first key of a node is its key");
    let below = Received { from_above: false, ..from_above("laizhou", "order.issued", &good) };
    yantai.take(&below).await;
    assert_eq!(refusals(yantai, 5).await.len(), 5, "a node below orders nothing, and nothing is said of it");

    region.carry().await;
    let tier = region.province.board("shandong/1").await.tiers.into_iter().find(|row| row.node == "yantai").unwrap();
    assert_eq!(tier.state, "received", "the last that was said of the order is that it is there");
    region.stop().await;
}

async fn an_order_takes_effect_once(place: Place) {
    let region = Region::start(place).await;
    let yantai = region.yantai();
    let good = issued(&region).await;
    for _ in 0..3 {
        yantai.take(&from_above("shandong", "order.issued", &good)).await;
    }
    assert_eq!(refusals(yantai, 2).await, ["repeated", "repeated"]);
    let kinds = yantai.kinds().await;
    assert_eq!(kinds.iter().filter(|kind| *kind == "order.issued").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| *kind == "incident.opened").count(), 1);
    let board = yantai.board("shandong/1").await;
    assert_eq!((board.establishments.len(), board.order.unwrap().steps.last().unwrap().what.as_str()), (2, "received"));
    region.stop().await;
}

async fn a_child_speaks_of_itself_and_of_what_is_below_it(place: Place) {
    let region = Region::start(place).await;
    issued(&region).await;
    let row = |node: &str| TierRow { node: node.into(), state: "acknowledged".into(), ..TierRow::default() };
    let establishment = |node: &str| EstablishmentRow { node: node.into(), subject: "x".into(), ..EstablishmentRow::default() };
    let progress = OrderProgress {
        order: "shandong/1".into(),
        tiers: ["yantai", "laizhou", "qingdao", "shandong"].map(row).to_vec(),
        establishments: ["yantai", "laizhou", "qingdao", "jiaozhou"].map(establishment).to_vec(),
    };
    let said = |from: &str, progress: &OrderProgress| Received { from_above: false, ..from_above(from, "order.progress", progress) };
    region.province.take(&said("yantai", &progress)).await;
    let other = OrderProgress { tiers: vec![row("laizhou")], establishments: vec![], ..progress };
    region.province.take(&said("qingdao", &other)).await;
    let board = region.province.board("shandong/1").await;
    let tiers: Vec<String> = board.tiers.iter().map(|row| format!("{} {}", row.node, row.state)).collect();
    assert_eq!(tiers, ["laizhou acknowledged", "qingdao sent", "yantai acknowledged"]);
    let nodes: Vec<&str> = board.establishments.iter().map(|row| row.node.as_str()).collect();
    assert_eq!(nodes, ["laizhou", "yantai"]);
    region.stop().await;
}
