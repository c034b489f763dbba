//! The chain around a code as those see it who watch over it.

use http::StatusCode;

use crate::browser::get_as;
use crate::fixtures::chains::{BROKEN, NONSENSE, WHOLE, WIDE};
use crate::fixtures::{SESSION, Scene, portal};

#[tokio::test]
async fn the_drawing_has_quantities_and_borders_and_the_table_the_parties() {
    let page = get_as(&portal(Scene::Full), SESSION, &format!("/console/trace?code={WHOLE}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(
        page.text.matches("class=\"box\"").count() + page.text.matches("class=\"box here\"").count(),
        6 + 1,
        "six boxes and the legend"
    );
    assert!(page.text.contains("112.5 kg") && page.text.contains(r#"class="flow border""#));
    assert!(page.text.contains("追溯链完整") && page.text.contains("SECRET-RESPONSIBLE"), "a regulator sees who");
    assert!(page.text.contains("/console/scope?codes=mofcom20"));
}

#[tokio::test]
async fn what_is_missing_is_drawn_as_such() {
    let page = get_as(&portal(Scene::Full), SESSION, &format!("/console/trace?code={BROKEN}&lang=en")).await;
    assert!(page.text.contains(r#"class="box missing" x="#) && page.text.contains("nothing before this"));
    assert!(page.text.contains("no answer") && page.text.contains("The chain is incomplete") && !page.text.contains("<script>alert"));
}

#[tokio::test]
async fn two_thousand_records_are_a_few_boxes_and_a_file() {
    let page = get_as(&portal(Scene::Full), SESSION, &format!("/console/trace?code={WIDE}")).await;
    assert!(page.text.contains("零售 × 500") && page.text.contains("另有 1,901 行"));
    assert!(page.text.len() < 200_000, "{} bytes", page.text.len());
    let file = get_as(&portal(Scene::Full), SESSION, &format!("/console/trace?code={WIDE}&as=csv")).await;
    assert_eq!(file.text.lines().count(), 2_002);
}

#[tokio::test]
async fn unknown_wrong_and_unanswered_are_told_apart() {
    let router = portal(Scene::Full);
    let unknown = get_as(&router, SESSION, "/console/trace?code=37060000999999999999").await;
    assert!(unknown.text.contains("没有平台知道这个追溯码。"));
    let wrong = get_as(&router, SESSION, &format!("/console/trace?code={NONSENSE}")).await;
    assert!(wrong.text.contains("填写的内容有误") && !wrong.text.contains("id=\"chain\""));
    let failing = get_as(&portal(Scene::Failing), SESSION, &format!("/console/trace?code={WHOLE}")).await;
    assert!(failing.text.contains("服务没有应答"));
    assert_eq!(get_as(&router, "signer", "/console/trace").await.status, StatusCode::FORBIDDEN);
}
