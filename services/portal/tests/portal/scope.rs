//! The scope of a recall, before there is one.

use http::StatusCode;

use crate::browser::get_as;
use crate::fixtures::chains::NONSENSE;
use crate::fixtures::{SESSION, Scene, portal};

#[tokio::test]
async fn it_says_how_much_who_and_whether_that_is_all() {
    let page = get_as(&portal(Scene::Full), "drafter", "/console/scope?codes=37060000400010000003%0Agtin%3A%2F069%23L1").await;
    assert_eq!(page.status, StatusCode::OK);
    for said in
        ["1,204", "4,820.5", "范围不完整", "安徽省的平台没有应答", "记录未写明单位", "部分记录未写明数量", "另有 190 行", "配送中心"]
    {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(page.text.contains("gtin:/069#L1</textarea>"), "what was asked stands in the form");
    assert!(page.text.contains("/console/incidents/new?codes=37060000400010000003%0Agtin%3A%2F069%23L1"));
    let file = get_as(&portal(Scene::Full), "drafter", "/console/scope?codes=1&as=csv").await;
    assert_eq!(file.text.lines().count(), 241, "a file has every holder");
}

#[tokio::test]
async fn a_wrong_code_is_said_beside_the_field_and_nobody_s_is_no_verdict() {
    let page = get_as(&portal(Scene::Full), SESSION, &format!("/console/scope?codes={NONSENSE}")).await;
    assert!(page.text.contains("追溯码“0000”无法识别。") && !page.text.contains("id=\"totals\""));
    let nobody = get_as(&portal(Scene::Full), SESSION, "/console/scope?codes=nobody&lang=en").await;
    assert!(nobody.text.contains("No node knows these codes."));
    let failing = get_as(&portal(Scene::Failing), SESSION, "/console/scope?codes=1").await;
    assert!(failing.text.contains("服务没有应答") && !failing.text.contains("没有平台知道"));
}

#[tokio::test]
async fn only_those_see_it_who_may_act_on_it() {
    let page = get_as(&portal(Scene::Full), "acknowledger", "/console/scope?codes=1").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}
