//! The Overview: is my area all right, now?

use http::StatusCode;

use crate::browser::get_signed_in;
use crate::fixtures::{Scene, portal};

#[tokio::test]
async fn a_silent_child_is_hatched_and_named() {
    let page = get_signed_in(&portal(Scene::Full), "/console").await;
    let row = page.text.split("<tr").find(|row| row.contains("weihai</bdi>")).expect("a row for the silent child");
    assert!(row.contains("hatched") && row.contains("无应答") && row.contains("#i-attention"), "{row}");
    assert!(page.text.contains("威海市无应答，最后联系：3 小时前"));
    assert!(page.text.contains("<li>聊城市无应答，未计入</li><li>威海市的数字截至"));
}

#[tokio::test]
async fn the_answer_stands_on_top() {
    for (scene, word) in
        [(Scene::Full, "需要处理"), (Scene::Calm, "一切正常"), (Scene::Empty, "尚无数据"), (Scene::Failing, "无法完整判断")]
    {
        let page = get_signed_in(&portal(scene), "/console").await;
        let heading = page.text.split("<h1").nth(1).and_then(|rest| rest.split("</h1>").next()).expect("a heading");
        assert!(heading.ends_with(word), "{scene:?}: {heading}");
    }
}

#[tokio::test]
async fn one_part_that_fails_leaves_the_others() {
    let page = get_signed_in(&portal(Scene::Partial), "/console?lang=en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Figures of today: no answer") && page.text.contains("The rest of this page is not affected."));
    assert!(page.text.contains("65,020,117") && page.text.contains("Weihai"));
    assert!(!page.text.contains("connection refused"), "what a service said to us is for the log");
}

#[tokio::test]
async fn figures_are_narrowed_by_the_address() {
    let page = get_signed_in(&portal(Scene::Full), "/console?area=370600&category=FOOD&sort=late").await;
    assert!(
        page.text.contains("芝罘区")
            && page.text.contains(r#"aria-sort="descending"><a href="/console?area=370600&#38;category=FOOD&#38;sort=late#figures""#),
        "{}",
        page.text
    );
    assert!(page.text.contains(r#"<a href="/console?category=FOOD&#38;sort=late#figures" aria-label="取消筛选山东省烟台市">"#));
    assert!(page.text.contains(r#"data-live="/console/live?area=370600&#38;category=FOOD&#38;sort=late""#));
    let unknown = get_signed_in(&portal(Scene::Full), "/console?sort=colour").await;
    assert_eq!(unknown.status, StatusCode::OK, "an old bookmark still opens");
}

#[tokio::test]
async fn past_midnight_the_week_is_shown_and_today_can_be_chosen() {
    let night = portal(Scene::Night);
    let page = get_signed_in(&night, "/console").await;
    assert!(page.text.contains("近七日数字") && page.text.contains("今日还没有记录，所示为近七日。"));
    assert!(page.text.contains("2026年11月19日 – 2026年11月25日") && page.text.contains(r#"<a href="/console?days=1#figures""#));
    let today = get_signed_in(&night, "/console?days=1").await;
    assert!(today.text.contains("今日数字") && today.text.contains("今日还没有记录</p>"));
    let file = get_signed_in(&night, "/console/figures.csv").await;
    assert!(file.text.contains(r#""2026-11-19/2026-11-25""#));
}

#[tokio::test]
async fn the_rows_come_as_a_file() {
    let page = get_signed_in(&portal(Scene::Full), "/console/figures.csv").await;
    assert_eq!(page.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(page.header("content-disposition"), r#"attachment; filename="figures-2026-11-25.csv""#);
    let rows: Vec<&str> = page.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(rows[0], "by,id,name,records,weight_kg,late,silent,day,as_of,entry");
    let jinan =
        r#""area","370100","济南市","41205","1803220","208","","2026-11-25","2026-11-25T05:02:39Z","shandong.ingestion/1/66612391""#;
    assert!(rows.contains(&jinan), "{rows:#?}");
    let never = r#""area","371500","聊城市","","","","无应答 · 从未上报","#;
    assert!(rows.iter().any(|row| row.starts_with(never)), "a node that has never sent a figure has not sent a nought");
}
