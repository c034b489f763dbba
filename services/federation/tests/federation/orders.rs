//! What services say to other nodes: down and up, each once and in order, past links that are cut and nodes that are set back.

use bytes::Bytes;
use prost::Message;
use rand::RngExt;
use tokio::time::Instant;
use tonic::Code;
use tracemesh_journal::Entry;
use tracemesh_proto::federation::v1::{Downlink, GetLinkStatusResponse, Received};
use tracemesh_proto::journal::v1::Envelope;

use crate::dispatcher::{ORDER, PROGRESS, addressed, write};
use crate::site::{Site, child_of, eventually, reason};

/// Bodies of the entries of a kind that have come in, in order.
async fn arrived(site: &Site, kind: &str) -> Vec<String> {
    let of_kind = |received: &Received| Envelope::decode(received.envelope.clone()).unwrap().kind == kind;
    site.inbox().await.into_iter().filter(of_kind).map(|received| String::from_utf8(received.body.to_vec()).unwrap()).collect()
}

async fn until_arrived(site: &Site, kind: &str, expected: &[String]) {
    eventually(&format!("{} has {expected:?}", site.id()), async || arrived(site, kind).await.len() >= expected.len()).await;
    assert_eq!(arrived(site, kind).await, expected, "at {}", site.id());
}

async fn issue(site: &Site, orders: &[String]) {
    for order in orders {
        write(&site.clerk().emergency, &[addressed(ORDER, "children", true, order.clone())]).await;
    }
}

fn orders(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("recall {number}")).collect()
}

async fn three_tiers() -> (Site, Site, Site) {
    let (nation, province, city) =
        (Site::start("nation", "CN").await, Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    province.join_below(&nation).await;
    city.join_below(&province).await;
    (nation, province, city)
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_go_down_tier_by_tier_and_acknowledgements_up_past_cut_links() {
    let (nation, mut province, mut city) = three_tiers().await;
    let all = orders(0..12);
    issue(&nation, &all[..4]).await;
    until_arrived(&city, ORDER, &all[..4]).await;
    city.down().await;
    issue(&nation, &all[4..8]).await;
    until_arrived(&province, ORDER, &all[..8]).await;
    province.down().await;
    issue(&nation, &all[8..]).await;
    city.up().await;
    province.up().await;
    for below in [&province, &city] {
        until_arrived(below, ORDER, &all).await;
    }
    let (by_city, by_province): (Vec<String>, Vec<String>) =
        all.iter().map(|order| (format!("{order} at xiamen"), format!("{order} at fujian"))).unzip();
    until_arrived(&province, PROGRESS, &by_city).await;
    eventually("the nation knows of all", async || arrived(&nation, PROGRESS).await.len() >= 24).await;
    let known = arrived(&nation, PROGRESS).await;
    let of = |node: &str| known.iter().filter(|progress| progress.ends_with(node)).cloned().collect::<Vec<_>>();
    assert_eq!((of("xiamen"), of("fujian")), (by_city, by_province));

    let first = &city.inbox().await[0];
    assert_eq!(
        (first.from.as_str(), first.from_above, first.journal.as_str()),
        ("fujian", true, "fujian.federation.downlink-urgent-xiamen")
    );
    let first = &nation.inbox().await[0];
    assert_eq!((first.from.as_str(), first.from_above), ("fujian", false), "whoever it was about");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_arrives_byte_for_byte_at_whom_it_is_addressed_to_and_nobody_else() {
    let (parent, child, sibling) =
        (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await, Site::start("fuzhou", "350100").await);
    child.join_below(&parent).await;
    sibling.join_below(&parent).await;
    let known = Envelope { kind: "order.issued".into(), to: vec!["xiamen".into(), "sanming".into()], ..Envelope::default() };
    let envelope: Bytes = [known.encode_to_vec(), b"\xfa\x3e\x05hello".to_vec()].concat().into();
    let for_all = addressed("rules.published", "children", false, "rules");
    write(&parent.clerk().emergency, &[Entry::relayed(envelope.clone(), "order".into())]).await;
    write(&parent.clerk().quality, &[for_all, Entry::new(&Envelope::default(), "for nobody")]).await;

    eventually("both have the rules", async || child.inbox().await.len() == 2 && sibling.inbox().await.len() == 1).await;
    let order = child.inbox().await.into_iter().find(|received| received.body == "order").unwrap();
    assert_eq!(order.envelope, envelope);
    assert_eq!(sibling.inbox().await[0].body, "rules");
    let undelivered = parent.journaled().await.into_iter().filter(|kind| kind == "link.undelivered").count();
    assert_eq!(undelivered, 1, "nobody is called sanming");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_says_what_was_sent_and_not_yet_received() {
    let (parent, mut child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    issue(&parent, &orders(0..1)).await;
    let urgent = |status: &GetLinkStatusResponse| child_of(status, "xiamen").unwrap().downlinks[0].clone();
    parent.until("the first is received", |status| urgent(status).taken == 1 && urgent(status).taken_at.is_some()).await;
    child.down().await;
    issue(&parent, &orders(1..4)).await;
    let status = parent.until("three were sent", |status| urgent(status).head == 4).await;
    assert_eq!((urgent(&status).behind, urgent(&status).taken), (3, 1));
    let metric = "federation_downlink_behind{child=\"xiamen\",purpose=\"urgent\"} ";
    assert!(parent.metrics().await.contains(&format!("{metric}3\n")));

    child.up().await;
    parent.until("all are received", |status| urgent(status).behind == 0 && urgent(status).taken == 4).await;
    assert!(parent.metrics().await.contains(&format!("{metric}0\n")));
    let own = child.status().await.parent.unwrap().downlinks[0].clone();
    let expected =
        Downlink { journal: "fujian.federation.downlink-urgent-xiamen".into(), epoch: 1, head: 4, taken: 4, behind: 0, taken_at: None };
    assert_eq!(own, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_parent_that_was_set_back_nothing_is_taken_until_somebody_approves() {
    let (mut parent, mut child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    issue(&parent, &orders(0..2)).await;
    until_arrived(&child, ORDER, &orders(0..2)).await;
    let copy = parent.copy().await;
    parent.until_child("xiamen", "connected").await;
    issue(&parent, &orders(2..5)).await;
    until_arrived(&child, ORDER, &orders(0..5)).await;

    parent.set_back(&copy).await;
    issue(&parent, &["another".into()]).await;
    let is_quarantined = |status: &GetLinkStatusResponse| status.parent.as_ref().is_some_and(|link| link.state == "quarantined");
    let status = child.until("it has noticed", is_quarantined).await;
    let detail = status.parent.unwrap().detail;
    // Shorter, or with other commits: as the orders were handed on one by one or together.
    assert!(detail.contains("fujian.federation.downlink-urgent-xiamen forked"), "{detail}");
    assert!(child.journaled().await.contains(&"link.fork".to_owned()));
    child.down().await;
    child.up().await;
    child.until("it remembers", is_quarantined).await;
    // What goes up is not touched by it.
    write(&child.clerk().emergency, &[addressed("incident.opened", "parent", true, "fire")]).await;
    until_arrived(&parent, "incident.opened", &["fire".into()]).await;
    assert_eq!(arrived(&child, ORDER).await, orders(0..5));

    assert_eq!(child.resync("fujian", "").await.unwrap_err().code(), Code::InvalidArgument);
    child.resync("fujian", "its disk failed, and Monday's copy was put back").await.unwrap();
    let expected = [orders(0..5), vec!["another".to_owned()]].concat();
    until_arrived(&child, ORDER, &expected).await;
    child.until("the parent is there", |status| status.parent.as_ref().is_some_and(|link| link.state == "connected")).await;
    assert!(child.journaled().await.contains(&"link.resynced".to_owned()));
    assert_eq!(reason(&child.resync("fujian", "again").await.unwrap_err()), "LINK_NOT_QUARANTINED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_that_was_set_back_says_again_what_it_said_and_it_comes_in_once() {
    let (parent, mut child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    let say = async |child: &Site, what: &str| {
        write(&child.clerk().emergency, &[addressed("incident.opened", "parent", true, what.to_owned())]).await
    };
    say(&child, "fire").await;
    until_arrived(&parent, "incident.opened", &["fire".into()]).await;
    let copy = child.copy().await;
    say(&child, "flood").await;
    until_arrived(&parent, "incident.opened", &["fire".into(), "flood".into()]).await;
    child.set_back(&copy).await;
    parent.until_child("xiamen", "quarantined").await;
    parent.resync("xiamen", "its disk failed").await.unwrap();
    say(&child, "quake").await;
    until_arrived(&parent, "incident.opened", &["fire".into(), "flood".into(), "quake".into()]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_entry_overtakes_a_backlog_of_others() {
    const BULK: usize = 3_000;
    const BODY_BYTES: usize = 16 << 10;
    let (parent, mut child) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    child.join_below(&parent).await;
    child.down().await;
    let mut dice = rand::rng();
    for _ in 0..BULK / 100 {
        // What does not compress.
        let mut body = || (0..BODY_BYTES).map(|_| dice.random::<u8>()).collect::<Vec<u8>>();
        let bulk: Vec<Entry> = (0..100).map(|_| addressed("rules.published", "xiamen", false, body())).collect();
        write(&parent.clerk().quality, &bulk).await;
    }
    parent.until("all is sent", |status| child_of(status, "xiamen").unwrap().downlinks[1].head == BULK as u64).await;
    issue(&parent, &orders(0..1)).await;
    parent.until("the order is sent", |status| child_of(status, "xiamen").unwrap().downlinks[0].head == 1).await;

    child.up().await;
    let began = Instant::now();
    child.until("the order is there", |status| status.parent.as_ref().is_some_and(|link| link.downlinks[0].taken == 1)).await;
    let urgent = began.elapsed();
    child.until("all is there", |status| status.parent.as_ref().is_some_and(|link| link.downlinks[1].taken == BULK as u64)).await;
    let all = began.elapsed();
    let inbox = child.inbox().await;
    let before = inbox.iter().position(|received| received.body == "recall 0").unwrap();
    println!("the urgent entry after {urgent:?} and {before} others, all {} after {all:?}", inbox.len());
    assert_eq!(inbox.len(), BULK + 1);
    assert!(before < BULK / 2, "it waited for {before} others");
}
