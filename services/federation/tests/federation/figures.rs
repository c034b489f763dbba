use crate::clerk::look;
use crate::site::{MONTH, Site, child_of, eventually};

#[tokio::test(flavor = "multi_thread")]
async fn figures_arrive_above_and_above_that_with_their_origin() {
    let (nation, province, city) =
        (Site::start("nation", "CN").await, Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    // Counted before there was anybody to tell.
    city.clerk().count(MONTH, 3).await;
    city.join_below(&province).await;
    province.until_figures(&city).await;
    province.join_below(&nation).await;
    nation.until_figures(&city).await;

    for _ in 0..5 {
        city.clerk().count(MONTH, 2).await;
        province.clerk().count(MONTH, 1).await;
    }
    for above in [&province, &nation] {
        above.until_figures(&city).await;
    }
    nation.until_figures(&province).await;
    assert_eq!(look(&nation.paper).records("xiamen", MONTH), Some(13));
    assert_eq!(look(&nation.paper).records("fujian", MONTH), Some(5));

    let is_seen = |status: &tracemesh_proto::federation::v1::GetLinkStatusResponse| {
        child_of(status, "fujian").is_some_and(|province| province.children.iter().any(|city| city.node == "xiamen"))
    };
    let status = nation.until("the city is seen from the nation", is_seen).await;
    let city_seen = &child_of(&status, "fujian").unwrap().children[0];
    assert_eq!((city_seen.state.as_str(), city_seen.area.as_str()), ("connected", "350200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_of_each_journal_is_held_by_the_parent() {
    let (province, city) = (Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    city.join_below(&province).await;
    city.clerk().count(MONTH, 3).await;
    province.until_figures(&city).await;
    let tables = province.tables().await;
    let text = "SELECT journal FROM held WHERE checkpoint IS NOT NULL ORDER BY journal";
    let expected =
        ["analytics", "emergency", "federation", "federation.inbox", "ingestion", "quality"].map(|name| format!("xiamen.{name}"));
    let held = async || tracemesh_store::sql::rows::<String>(tables.read(), text, vec![]).await.unwrap();
    eventually("all are held", async || held().await == expected).await;
    tables.close().await;
}
