use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use tonic::Code;
use tracemesh_proto::federation::v1::{AskMeshRequest, AskMeshResponse};

use crate::clerk::look;
use crate::site::{Site, reason};

/// A nation, a province, and two of its cities; each knows one unit of its own, and unit 7.
async fn country() -> [Site; 4] {
    let sites =
        [("nation", "CN"), ("fujian", "350000"), ("xiamen", "350200"), ("fuzhou", "350100")].map(|(id, area)| Site::start(id, area));
    let [nation, province, xiamen, fuzhou] = join_all(sites).await.try_into().ok().unwrap();
    for (number, site) in [&nation, &province, &xiamen, &fuzhou].into_iter().enumerate() {
        look(&site.paper).units = vec![number as u64, 7];
    }
    xiamen.join_below(&province).await;
    fuzhou.join_below(&province).await;
    province.join_below(&nation).await;
    [nation, province, xiamen, fuzhou]
}

async fn ask(site: &Site, units: Vec<u64>) -> AskMeshResponse {
    let request = AskMeshRequest { walk: "walk-1".into(), units, limit: 0 };
    site.service().federation().ask_mesh(request).await.unwrap().into_inner()
}

/// Units by node.
fn heard(answer: &AskMeshResponse) -> BTreeMap<&str, Vec<u64>> {
    answer.nodes.iter().map(|node| (node.node.as_str(), node.hops.iter().map(|hop| hop.unit).collect())).collect()
}

fn silent(answer: &AskMeshResponse) -> Vec<(&str, &str)> {
    answer.silent.iter().map(|silent| (silent.node.as_str(), silent.why.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_crosses_every_border_once_and_is_journaled_where_it_was_put() {
    let [nation, province, xiamen, fuzhou] = country().await;
    let answer = ask(&xiamen, vec![7, 3]).await;
    assert_eq!(heard(&answer), [("fujian", vec![7]), ("fuzhou", vec![7, 3]), ("nation", vec![7])].into());
    assert_eq!(silent(&answer), []);
    let answer = ask(&nation, vec![2, 3]).await;
    assert_eq!(heard(&answer), [("fujian", vec![]), ("fuzhou", vec![3]), ("xiamen", vec![2])].into());
    for (site, times) in [(&nation, 1), (&province, 2), (&xiamen, 1), (&fuzhou, 2)] {
        assert_eq!(look(&site.paper).asked, times, "{}", site.id());
    }
    let questions = fuzhou.journaled().await.into_iter().filter(|kind| kind == "link.question").count();
    assert_eq!(questions, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_answer_is_named() {
    let [nation, mut province, xiamen, mut fuzhou] = country().await;
    look(&xiamen.paper).slowness = Duration::from_secs(60);
    let answer = ask(&nation, vec![7]).await;
    assert_eq!(heard(&answer), [("fujian", vec![7]), ("fuzhou", vec![7])].into(), "the rest of the answer is there");
    assert_eq!(answer.silent.len(), 1);
    assert_eq!(answer.silent[0].node, "xiamen");

    look(&xiamen.paper).slowness = Duration::ZERO;
    fuzhou.down().await;
    province.until_child("fuzhou", "away").await;
    let answer = ask(&nation, vec![7]).await;
    assert_eq!(heard(&answer), [("fujian", vec![7]), ("xiamen", vec![7])].into());
    assert_eq!(silent(&answer)[0].0, "fuzhou");
    assert!(silent(&answer)[0].1.starts_with("away"), "{answer:?}");

    // Behind a province that is away, its cities are silent too.
    nation.until("both cities are known", |status| status.children.first().is_some_and(|link| link.children.len() == 2)).await;
    province.down().await;
    nation.until_child("fujian", "away").await;
    let answer = ask(&nation, vec![7]).await;
    let mut nodes: Vec<&str> = silent(&answer).into_iter().map(|(node, _)| node).collect();
    nodes.sort_unstable();
    assert_eq!(nodes, ["fujian", "fuzhou", "xiamen"]);
    let answer = ask(&xiamen, vec![7]).await;
    assert_eq!((heard(&answer).len(), silent(&answer)[0].0), (0, "fujian"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_shown_the_categories_of_its_link_and_told_who_knows_more() {
    let (province, city) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    look(&province.paper).units = vec![2, 7];
    let code = province.invite_for("xiamen", "350200", &["FOOD"]).await.unwrap();
    city.join("", &code).await.unwrap();
    let link = province.until_child("xiamen", "connected").await;
    assert_eq!(link.categories, ["FOOD"]);
    let ask_up = async |units| {
        city.until("the parent is there", |status| status.parent.as_ref().is_some_and(|link| link.state == "connected")).await;
        ask(&city, units).await
    };
    let answer = ask_up(vec![2]).await;
    assert_eq!((heard(&answer), silent(&answer)), ([("fujian", vec![2])].into(), vec![]));
    let answer = ask_up(vec![2, 7]).await;
    assert_eq!(heard(&answer), [("fujian", vec![2])].into());
    assert_eq!(silent(&answer), [("fujian", "this link shows only some categories")]);
    let refused = province.invite_for("fuzhou", "350100", &["FOOD,DRUG"]).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_have_limits() {
    let [nation, _province, xiamen, _fuzhou] = country().await;
    let request = |units| AskMeshRequest { walk: "walk-2".into(), units: vec![9; units], limit: 0 };
    let refused = nation.service().federation().ask_mesh(request(10_001)).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    nation.service().federation().ask_mesh(request(10_000)).await.unwrap();

    // Four of one neighbour's questions are answered at once.
    look(&xiamen.paper).slowness = Duration::from_secs(1);
    let answers = join_all((0..12).map(|_| ask(&nation, vec![7]))).await;
    let refused = answers.iter().flat_map(|answer| &answer.silent).filter(|silent| silent.why.contains("asks too often")).count();
    assert!(refused > 0 && refused <= 8, "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_alone_asks_nobody() {
    let alone = Site::start("xiamen", "350200").await;
    let answer = ask(&alone, vec![7]).await;
    assert_eq!((answer.nodes.len(), answer.silent.len()), (0, 0));
    assert!(alone.journaled().await.is_empty());
    let refused = alone.operator().federation().ask_mesh(AskMeshRequest::default()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ACCESS_ROLE_NEEDED"));
}
