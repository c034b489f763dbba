//! The work list, one finding, scorecards, rules, and answers to the public.

use http::StatusCode;

use crate::browser::{get_as, post_as};
use crate::fixtures::{SESSION, Scene, portal};

#[tokio::test]
async fn the_work_list_counts_by_kind_and_is_narrowed_by_the_address() {
    let page = get_as(&portal(Scene::Full), SESSION, "/console/findings?area=370602").await;
    assert_eq!(page.status, StatusCode::OK);
    for said in
        ["数量不平衡 1,204（超期 17）", "重量反复相同 311", "brand_new_detector 2", "已超时 26 小时 23 分钟", "无期限", "按推定日期计算"]
    {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(page.text.contains(r#"href="/console/findings?kind=quantity_balance&#38;area=370602""#), "{}", page.text);
    assert!(page.text.contains(r#"href="/console/findings" rel="nofollow">取消“370602”"#));
    assert!(page.text.contains(r#"href="/console/findings?area=370602&amp;page=n2""#));
    let narrowed = get_as(&portal(Scene::Full), SESSION, "/console/findings?kind=identical_weights&as=csv").await;
    assert_eq!(narrowed.text.lines().count(), 2);
}

#[tokio::test]
async fn evidence_leads_to_the_receipts_of_its_records() {
    let router = portal(Scene::Full);
    let page = get_as(&router, SESSION, "/console/findings/shandong-F-1").await;
    assert!(page.text.contains(r#"<a href="/console/receipts/shandong.ingestion/1/88123">"#) && page.text.contains("1640 kg"));
    assert!(page.text.contains("请核对称重记录") && !page.text.contains("<b>1640"));
    let receipt = get_as(&router, SESSION, "/console/receipts/shandong.ingestion/1/88123").await;
    assert!(receipt.text.contains("LXM-20261120-7") && receipt.text.contains("上报晚于事件一天以上。"));
    assert_eq!(get_as(&router, SESSION, "/console/findings/nobody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_source_explains_and_the_regulator_decides() {
    let router = portal(Scene::Full);
    let offered = async |who: &str, id: &str| {
        let page = get_as(&router, who, &format!("/console/findings/{id}")).await;
        ["explain-form", "decide-form"].map(|form| page.text.contains(form))
    };
    assert_eq!(offered(SESSION, "shandong-F-1").await, [true, true]);
    assert_eq!(offered("provider", "shandong-F-1").await, [true, false]);
    assert_eq!(offered(SESSION, "shandong-F-3").await, [false, true], "closed");
    let empty = post_as(&router, "provider", "/console/findings/shandong-F-1/explain?lang=en", "text=").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("Say why it is so."));
    let explained = post_as(&router, "provider", "/console/findings/shandong-F-1/explain", "text=a").await;
    assert_eq!(explained.header("location"), "/console/findings/shandong-F-1");
    let decided = post_as(&router, SESSION, "/console/findings/shandong-F-1/decide", "decision=reopen&why=a").await;
    assert_eq!(decided.status, StatusCode::CONFLICT);
    assert!(decided.text.contains("只能关闭或上报"));
}

#[tokio::test]
async fn every_indicator_has_its_numbers_and_never_reaches_all_by_rounding() {
    let page = get_as(&portal(Scene::Full), SESSION, "/console/scorecard").await;
    for said in
        ["96.16%", "401 / 417", "99.99%", "66,119 / 66,120", "100.00%", "无可统计的对象", "shandong.quality/1/88201", "weihai 无应答"]
    {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(page.text.contains(r#"name="from" value="2026-10-27""#) && page.text.contains(r#"name="to" value="2026-11-25""#));
    let reversed = get_as(&portal(Scene::Full), SESSION, "/console/scorecard?from=2026-11-02&to=2026-11-01").await;
    assert!(reversed.text.contains("起始日期晚于截止日期。") && !reversed.text.contains("id=\"indicators\""));
    let file = get_as(&portal(Scene::Full), SESSION, "/console/scorecard?as=csv").await;
    assert!(file.text.contains("\"96.16% (401 / 417)\"") && file.text.lines().count() == 4);
}

#[tokio::test]
async fn rules_are_listed_by_version_and_a_draft_can_be_tried() {
    let router = portal(Scene::Full);
    let page = get_as(&router, SESSION, "/console/rules").await;
    for said in ["规则集版本 nation-2026-4", "buyer-needed", "拒收", "烟台市", "食品、食用农产品、批发", "全辖区", "2027"]
    {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(!get_as(&router, "provider", "/console/rules").await.text.contains("/console/rules/dry-run"));
    assert_eq!(get_as(&router, "provider", "/console/rules/dry-run").await.status, StatusCode::FORBIDDEN);
    let broken = post_as(&router, SESSION, "/console/rules/dry-run", "rules=%5B%7B&from=2026-11-01&to=2026-11-02").await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.text.contains("JSON 无法读取，第 1 行") && broken.text.contains(">[{</textarea>"));
    let tried =
        post_as(&router, SESSION, "/console/rules/dry-run", "rules=%5B%7B%22id%22%3A%22a%22%7D%5D&from=2026-11-01&to=2026-11-02").await;
    assert!(
        tried.text.contains("120,331")
            && tried.text.contains("area-needed@1")
            && tried.text.contains("/console/receipts/shandong.ingestion/1/88123")
    );
}

#[tokio::test]
async fn the_public_is_answered_by_regulators_alone() {
    let router = portal(Scene::Full);
    let page = get_as(&router, SESSION, "/console/mismatches").await;
    assert!(page.text.contains("B-2026-7K3F") && page.text.contains("待答复"));
    let one = get_as(&router, SESSION, "/console/mismatches/B-2026-7K3F").await;
    assert!(one.text.contains("尚未答复。") && one.text.contains("answer-form"));
    assert!(!get_as(&router, "provider", "/console/findings").await.text.contains("/console/mismatches"));
    assert_eq!(get_as(&router, "provider", "/console/mismatches/B-2026-7K3F").await.status, StatusCode::FORBIDDEN);
    let answered = post_as(&router, SESSION, "/console/mismatches/B-2026-7K3F", "answer_zh=a").await;
    assert_eq!(answered.header("location"), "/console/mismatches/B-2026-7K3F");
}

#[tokio::test]
async fn an_empty_list_and_a_silent_service_are_told_apart() {
    let empty = get_as(&portal(Scene::Empty), SESSION, "/console/findings").await;
    assert!(empty.text.contains("没有符合条件的问题。"));
    for address in ["/console/findings", "/console/scorecard", "/console/rules", "/console/mismatches"] {
        let failing = get_as(&portal(Scene::Failing), SESSION, address).await;
        assert!(failing.text.contains("质量服务没有应答"), "{address}");
    }
}
