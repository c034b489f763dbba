//! Incidents: the list, one of them, and its forms.

use http::StatusCode;

use crate::browser::{FORM, ask, get_as, post_as, send};
use crate::fixtures::emergency::{DRILL, INCIDENT};
use crate::fixtures::{SESSION, Scene, portal};

fn incident(id: &str) -> String {
    format!("/console/incidents/{id}")
}

#[tokio::test]
async fn the_most_urgent_comes_first_with_its_clock_in_words() {
    let page = get_as(&portal(Scene::Full), SESSION, "/console/incidents").await;
    assert_eq!(page.status, StatusCode::OK);
    let position = |text: &str| page.text.find(text).unwrap_or_else(|| panic!("the page lacks {text}: {}", page.text));
    assert!(["已超时 40 分钟", "剩余 1 小时 50 分钟", "nation-2026-3"].map(position).is_sorted());
    assert!(page.text.contains("Ⅲ级（较大）") && page.text.contains("尚未认定") && page.text.contains("续报"));
    assert!(page.text.contains("【演练】") && page.text.contains(r#"href="/console/incidents?state=open&amp;page=17%20a""#));
    assert!(!page.text.contains("<b>"), "a name is text");
    let file = get_as(&portal(Scene::Full), SESSION, "/console/incidents?as=csv").await;
    assert!(file.header("content-type").starts_with("text/csv") && file.text.contains(INCIDENT));
}

#[tokio::test]
async fn one_incident_tells_what_is_known_and_by_which_rule() {
    let page = get_as(&portal(Scene::Full), SESSION, &incident(INCIDENT)).await;
    for said in [
        "依据 grade-food@2",
        "尚未认定",
        "按时完成",
        "已超时 40 分钟",
        "按推定日期计算",
        "首报",
        "已就地封存 12 箱",
        "待审核",
        "yantai.ingestion/1/918273",
    ] {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(!page.text.contains("drill-banner"));
    let unknown = get_as(&portal(Scene::Full), SESSION, &incident("nobody-1")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_drill_says_so_wherever_one_looks() {
    let page = get_as(&portal(Scene::Full), SESSION, &incident(DRILL)).await;
    assert!(page.text.contains("<title>【演练】 四季度召回演练") && page.text.contains(r#"class="console drill""#));
    assert!(page.text.contains("drill-banner") && page.text.contains("不对外通知"));
}

#[tokio::test]
async fn forms_are_offered_to_those_who_may() {
    let router = portal(Scene::Full);
    let offered = async |who: &str| {
        let page = get_as(&router, who, &incident(INCIDENT)).await;
        ["report-form", "grade-form", "facts-form", "close-form"].map(|form| page.text.contains(form))
    };
    assert_eq!(offered(SESSION).await, [true; 4]);
    assert_eq!(offered("drafter").await, [true, false, true, false]);
    assert_eq!(offered("signer").await, [false, true, false, true]);
    assert_eq!(offered("acknowledger").await, [false; 4]);
    assert!(get_as(&router, "drafter", &incident(INCIDENT)).await.text.contains("/console/orders/new?incident="));
    assert!(!get_as(&router, SESSION, &incident(INCIDENT)).await.text.contains("/console/orders/new?incident="));
    assert_eq!(get_as(&router, "signer", "/console/incidents/new").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_another_node_deals_with_is_shown_and_not_changed_here() {
    let page = get_as(&portal(Scene::Full), "head", &incident("nation-2026-3")).await;
    assert!(page.text.contains("由 nation 的平台办理") && !page.text.contains("<form class=\"form\""));
    assert!(!page.text.contains("/console/orders/new"));
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_in_both_languages() {
    let router = portal(Scene::Full);
    let page =
        post_as(&router, "drafter", "/console/incidents", "title=%E7%94%B2&codes=&category=FOOD&area=370600&facts.hurt=2&drill=yes").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let beside = page.text.split(r#"id="open-codes""#).nth(1).expect("the field");
    assert!(beside.starts_with(" name=\"codes\"") && beside[..400].contains("请至少填写一个追溯码。"), "{}", &beside[..400]);
    assert!(page.text.contains(r#"value="甲""#) && page.text.contains("checked"), "what was entered is still there");
    let english = post_as(&router, SESSION, &format!("{}/grade?lang=en", incident(INCIDENT)), "grade=I&why=").await;
    assert!(english.text.contains("This is not the grade that was proposed: say why."));
    let closed = post_as(&router, "signer", &format!("{}/close", incident(INCIDENT)), "why=x").await;
    assert_eq!(closed.status, StatusCode::CONFLICT);
    assert!(closed.text.contains("指令 shandong/12 尚未结束。"));
}

#[tokio::test]
async fn what_is_done_leads_to_where_it_shows() {
    let router = portal(Scene::Full);
    let opened = post_as(&router, "drafter", "/console/incidents", "title=a&codes=37060000400010000003").await;
    assert_eq!((opened.status, opened.header("location")), (StatusCode::SEE_OTHER, "/console/incidents/shandong-2026-17"));
    let graded = post_as(&router, SESSION, &format!("{}/grade", incident(INCIDENT)), "grade=III&why=").await;
    assert_eq!((graded.status, graded.header("location")), (StatusCode::SEE_OTHER, incident(INCIDENT).as_str()));
}

#[tokio::test]
async fn no_other_site_can_send_a_form() {
    let router = portal(Scene::Full);
    let cookie = format!("tracemesh_session={SESSION}");
    let headers = [("cookie", cookie.as_str()), FORM, ("sec-fetch-site", "cross-site")];
    let page = send(&router, "POST", "/console/incidents", &headers, "title=a&codes=1").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let stranger = send(&router, "POST", "/console/incidents", &[FORM], "title=a&codes=1").await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let json = ask(&router, "POST", "/console/incidents", &[("cookie", &cookie), ("content-type", "application/json")]).await;
    assert_eq!(json.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn nothing_open_and_no_answer_are_told_apart() {
    let empty = get_as(&portal(Scene::Empty), SESSION, "/console/incidents").await;
    assert!(empty.text.contains("没有未结的应急事件。"));
    let failing = get_as(&portal(Scene::Failing), SESSION, "/console/incidents?lang=en").await;
    assert!(failing.text.contains("The emergency service: no answer") && !failing.text.contains("There is no open incident"));
}
