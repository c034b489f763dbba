//! What the public sees: the chain, honestly, and nothing that belongs to somebody.

use http::StatusCode;

use crate::browser::{FORM, ask, get, send};
use crate::fixtures::chains::{BROKEN, NONSENSE, WHOLE, WIDE};
use crate::fixtures::{Scene, portal};

#[tokio::test]
async fn a_whole_chain_is_told_from_the_origin_on() {
    let page = get(&portal(Scene::Full), &format!("/t/{WHOLE}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let position = |text: &str| page.text.find(text).unwrap_or_else(|| panic!("the page lacks {text}"));
    let told = ["冷鲜猪前腿肉</bdi></h1>", "追溯链完整", "福建省龙岩市新罗区", "2 次合格", "数据截至", "<h3>生产", "<h3>屠宰", "<h3>零售"];
    assert!(told.map(position).is_sorted());
}

#[tokio::test]
async fn people_and_businesses_stay_hidden() {
    let router = portal(Scene::Full);
    for code in [WHOLE, BROKEN] {
        let page = get(&router, &format!("/t/{code}")).await;
        for hidden in ["SECRET", "张三", "李四", "91370600000000019G", "lxm-trace", "LXM-", "3508021126001", "J-77"] {
            assert!(!page.text.contains(hidden), "{code} shows {hidden}");
        }
    }
}

#[tokio::test]
async fn what_is_missing_is_said_and_drawn() {
    let page = get(&portal(Scene::Full), &format!("/t/{BROKEN}?lang=en")).await;
    for said in [
        "The chain is incomplete",
        "The platform of 安徽省 has not answered since 25 Nov 2026, 13:02; the stages that it records are missing for now",
        "The platform of heilongjiang-state-farms-head-office does not answer; the stages that it records are missing for now",
        "The origin is not on record",
        "1 failed",
        "Time not stated",
        "Place not stated",
    ] {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(!page.text.contains("<script>alert"));
}

#[tokio::test]
async fn every_reading_that_hit_has_its_page() {
    let page = get(&portal(Scene::Full), &format!("/t/{BROKEN}")).await;
    assert!(page.text.contains(&format!("href=\"/t/drug20%3A%2F{BROKEN}\"")));
    let whole = get(&portal(Scene::Full), &format!("/t/{WHOLE}")).await;
    assert!(!whole.text.contains("此码还可能是"), "a reading that did not hit is not offered");
}

#[tokio::test]
async fn two_thousand_sales_weigh_no_more_than_a_page_may() {
    let page = get(&portal(Scene::Full), &format!("/t/{WIDE}")).await;
    assert!(page.text.contains("同类记录 500 条"));
    assert!(page.text.len() < 30_000, "{} bytes", page.text.len());
}

#[tokio::test]
async fn an_unknown_code_gets_help_and_no_verdict() {
    let router = portal(Scene::Full);
    let page = get(&router, "/t/37060000999999999999").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("查不到不等于假冒"));
    let half_known = get(&router, "/t/half-known").await;
    assert!(
        half_known.text.contains("安徽省（自 2026年11月25日 13:02 起）")
            && half_known.text.contains("heilongjiang-state-farms-head-office")
    );
}

#[tokio::test]
async fn no_answer_is_not_called_unknown() {
    let page = get(&portal(Scene::Failing), &format!("/t/{WHOLE}")).await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "10"));
    assert!(page.text.contains("既不能说有、也不能说没有"));
    assert!(!page.text.contains("connection refused"), "what a service said to us is for the log");
}

#[tokio::test]
async fn a_search_leads_to_an_address_that_can_be_shared() {
    let router = portal(Scene::Full);
    let page = get(&router, &format!("/t?code=+{WHOLE}%20")).await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, format!("/t/{WHOLE}").as_str()));
    let scanned = get(&router, "/t?code=https%3A%2F%2Felsewhere.example%2Ft%2F3706%3Fx").await;
    assert_eq!(scanned.header("location"), "/t/3706");
    let empty = get(&router, "/t?code=").await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    assert!(empty.text.contains("请先输入追溯码"));
    let long = get(&router, &format!("/t?code={}", "9".repeat(513))).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);
    let nonsense = get(&router, &format!("/t/{NONSENSE}")).await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_address_on_a_product_is_its_page() {
    let router = portal(Scene::Full);
    let page = get(&router, "/01/06903244679763/10/L1/21/7?17=270101").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("冷鲜猪前腿肉"));
    assert_eq!(page.header("link"), r#"</01/06903244679763/10/L1/21/7>; rel="linkset"; type="application/linkset+json""#);
    for wrong in ["/01/06903244679763/21/7/10/L1", "/01/06903244679763/99/1", "/01/06903244679763/10/"] {
        assert_eq!(get(&router, wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
    }
    let mistyped = get(&router, "/01/06903244679764").await;
    assert_eq!(mistyped.status, StatusCode::BAD_REQUEST);
    assert!(mistyped.text.contains("这不是有效的追溯码") && mistyped.text.contains("role=\"search\""));
}

#[tokio::test]
async fn machines_get_links() {
    let headers = [("accept", "application/linkset+json"), ("host", "trace.example")];
    let page = ask(&portal(Scene::Failing), "GET", "/01/06903244679763/10/L1", &headers).await;
    assert_eq!(page.header("content-type"), "application/linkset+json");
    let linkset: serde_json::Value = serde_json::from_str(&page.text).expect("JSON");
    let context = &linkset["linkset"][0];
    assert_eq!(context["anchor"], "http://trace.example/01/06903244679763/10/L1");
    assert_eq!(context["https://gs1.org/voc/traceability"][0]["href"], context["anchor"]);
}

#[tokio::test]
async fn what_is_under_recall_says_so_first() {
    let router = portal(Scene::Full);
    let page = get(&router, "/t/gtin%3A%2F06903244679763%23L1").await;
    let position = |text: &str| page.text.find(text).unwrap_or_else(|| panic!("the page lacks {text}"));
    assert!(["此产品正在召回", "请勿食用、使用或销售。", "关于召回批号 L1", "追溯链完整"].map(position).is_sorted());
    let other = get(&router, &format!("/t/{WHOLE}")).await;
    assert!(!other.text.contains("此产品正在召回"), "another unit is not affected");
    let list = get(&router, "/recalls?lang=en").await;
    assert!(list.text.contains("Recall of chilled pork shoulder, lot L1") && list.text.contains("鲁食召〔2026〕3号"));
    assert!(list.text.contains(r#"href="/t/gtin%3A%2F06903244679763%23L1""#));
}

#[tokio::test]
async fn no_answer_about_recalls_is_not_called_none() {
    let failing = get(&portal(Scene::Failing), "/recalls").await;
    assert_eq!(failing.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(failing.text.contains("既不能说在召回、也不能说没有") && !failing.text.contains("目前没有已公布的召回"));
    assert!(get(&portal(Scene::Empty), "/recalls").await.text.contains("目前没有已公布的召回"));
}

#[tokio::test]
async fn a_mismatch_is_reported_without_a_name_and_answered_under_its_number() {
    let router = portal(Scene::Full);
    let page = get(&router, &format!("/t/{WHOLE}")).await;
    assert!(page.text.contains(r#"action="/mismatch" method="post""#) && page.text.contains(&format!(r#"name="code" value="{WHOLE}""#)));
    let sent = send(&router, "POST", "/mismatch", &[FORM], &format!("code={WHOLE}&text=%E4%B8%8D%E7%AC%A6")).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/mismatch/B-2026-7K3F?sent=yes"));
    let thanks = get(&router, sent.header("location")).await;
    assert!(thanks.text.contains("已经收到，谢谢") && thanks.text.contains("B-2026-7K3F") && thanks.text.contains("正在核实"));
    assert!(!thanks.text.contains("<script>alert"));
    let answered = get(&router, "/mismatch/B-2026-1111?lang=en").await;
    assert!(answered.text.contains("The shop had put on the wrong label"));
    let empty = send(&router, "POST", "/mismatch", &[FORM], &format!("code={WHOLE}&text=")).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text.contains("请写明哪里不符。"));
    let elsewhere = send(&router, "POST", "/mismatch", &[FORM, ("sec-fetch-site", "cross-site")], "code=1&text=x").await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&router, "/mismatch?number=B-2026-1111").await.header("location"), "/mismatch/B-2026-1111");
    assert_eq!(get(&router, "/mismatch/nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&portal(Scene::Failing), "/mismatch/nobody").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
