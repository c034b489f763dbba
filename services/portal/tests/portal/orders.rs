//! Orders: three people and their forms, the board, what is frozen, and the text on paper.

use axum::body::Body;
use futures::StreamExt;
use http::{Request, StatusCode};
use tower::ServiceExt;

use crate::browser::{get_as, post_as};
use crate::fixtures::emergency::{DRAFTED, DRILL_ORDER, ISSUED, RETURNED, REVIEWED};
use crate::fixtures::{SESSION, Scene, portal};

fn page_of(id: &str) -> String {
    format!("/console/orders/{id}")
}

const FORMS: [&str; 7] = ["review", "sign", "cancel", "acknowledge", "behalf", "recovery", "close"];

#[tokio::test]
async fn every_step_is_offered_to_its_person_alone() {
    let router = portal(Scene::Full);
    let offered = async |who: &str, id: &str| {
        let page = get_as(&router, who, &page_of(id)).await;
        assert_eq!(page.status, StatusCode::OK);
        FORMS.into_iter().filter(|form| page.text.contains(&format!("id=\"{form}-form\""))).collect::<Vec<_>>()
    };
    assert_eq!(offered("reviewer", DRAFTED).await, ["review", "cancel"]);
    assert_eq!(offered("signer", DRAFTED).await, ["cancel"]);
    assert_eq!(offered("drafter", DRAFTED).await, ["cancel"]);
    assert_eq!(offered(SESSION, DRAFTED).await, [""; 0], "a regulator reads");
    assert_eq!(offered("signer", REVIEWED).await, ["sign", "cancel"]);
    assert_eq!(offered("reviewer", REVIEWED).await, ["cancel"]);
    assert_eq!(offered("signer", ISSUED).await, ["close"]);
    assert_eq!(offered("acknowledger", ISSUED).await, ["behalf", "recovery"], "this tier has acknowledged");
}

#[tokio::test]
async fn the_board_says_who_is_waited_for_and_what_came_back() {
    let page = get_as(&portal(Scene::Full), "acknowledger", &page_of(ISSUED)).await;
    for said in [
        "鲁食召〔2026〕3号",
        "2/4",
        "2/3",
        "3 个未签收",
        "济南市、威海市、三站批发市场 12 号摊",
        "62.01%",
        "1,310.25",
        "电话代签",
        "139****0021",
    ] {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(page.text.contains("已下发 · 超时"));
    assert!(page.text.contains("9f86") && page.text.contains("安徽省") | page.text.contains("anhui"));
    let rows: Vec<_> = page.text.split("<tr").filter(|row| row.contains("代签</a>") || row.contains("登记追回</a>")).collect();
    assert!(rows[0].contains("三站批发市场") && rows.len() == 3, "those who are waited for come first");
    let file = get_as(&portal(Scene::Full), SESSION, &format!("{}?as=csv", page_of(ISSUED))).await;
    assert_eq!(file.text.lines().count(), 4);
    assert!(file.header("content-disposition").contains("establishments-2026-11-25.csv"));
}

#[tokio::test]
async fn a_row_leads_to_its_form_filled_in() {
    let page = get_as(&portal(Scene::Full), "acknowledger", &page_of(ISSUED)).await;
    let href = format!("{}?establishment=91370602MA3C1XYZ0K#recovery-form", page_of(ISSUED));
    assert!(page.text.contains(&href));
    let chosen = get_as(&portal(Scene::Full), "acknowledger", href.split('#').next().expect("an address")).await;
    let form = chosen.text.split("id=\"recovery-form\"").nth(1).expect("the form");
    assert!(form.contains(r#"<option value="91370602MA3C1XYZ0K" selected>"#) && form.contains(r#"value="212.5""#));
}

#[tokio::test]
async fn what_is_refused_is_said_where_it_was_tried() {
    let router = portal(Scene::Full);
    let page = post_as(&router, "acknowledger", &format!("{}/behalf", page_of(ISSUED)), "establishment=x&how=phone&who=").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("请写明接听人。"));
    let done = post_as(&router, "acknowledger", &format!("{}/behalf", page_of(ISSUED)), "establishment=x&how=phone&who=%E7%8E%8B").await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, page_of(ISSUED).as_str()));
    let signed = post_as(&router, "signer", &format!("{}/sign", page_of(REVIEWED)), "number=&release=yes").await;
    assert_eq!(signed.header("location"), page_of(ISSUED), "a signature gives it its number");
    let twice = post_as(&router, "drafter", &format!("{}/sign", page_of(REVIEWED)), "number=").await;
    assert_eq!(twice.status, StatusCode::FORBIDDEN);
    let nowhere = post_as(&router, "signer", &format!("{}/elsewhere", page_of(ISSUED)), "").await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_draft_begins_from_an_incident() {
    let router = portal(Scene::Full);
    let page = get_as(&router, "drafter", "/console/orders/new?incident=shandong-2026-17").await;
    assert!(page.text.contains("烟台市冷鲜猪前腿肉") && page.text.contains("/console/scope?codes="));
    assert_eq!(get_as(&router, SESSION, "/console/orders/new?incident=shandong-2026-17").await.status, StatusCode::FORBIDDEN);
    let refused = post_as(&router, "drafter", "/console/orders?lang=en", "incident=shandong-2026-17&kind=RECALL&title_en=Kept").await;
    assert!(refused.text.contains("A title is needed.") && refused.text.contains(r#"value="Kept""#));
    let drafted = post_as(&router, "drafter", "/console/orders", "incident=shandong-2026-17&title_zh=a").await;
    assert_eq!(drafted.header("location"), page_of(DRAFTED));
}

#[tokio::test]
async fn what_was_sent_back_is_drafted_again_from_what_it_said() {
    let router = portal(Scene::Full);
    let page = get_as(&router, "drafter", &page_of(RETURNED)).await;
    assert!(page.text.contains("请写明退货办法。"));
    let again = "/console/orders/new?incident=shandong-2026-17&order=shandong%2F6";
    assert!(page.text.contains(&again.replace('&', "&#38;")));
    assert!(!get_as(&router, SESSION, &page_of(RETURNED)).await.text.contains("重新起草"));
    let form = get_as(&router, "drafter", again).await;
    assert!(form.text.contains(r#"name="id" value="shandong/6""#) && form.text.contains("消费者可凭小票退货。</textarea>"));
}

#[tokio::test]
async fn the_paper_has_both_languages_and_a_drill_says_so_on_each() {
    let page = get_as(&portal(Scene::Full), SESSION, &format!("{}/print", page_of(ISSUED))).await;
    for said in [
        "关于召回批号 L1",
        "Recall of chilled pork shoulder, lot L1",
        "鲁食召〔2026〕3号",
        "审核通过",
        "Reviewed",
        "li.wen",
        "zhao.min",
        "sun.hao",
        "1,204",
    ] {
        assert!(page.text.contains(said), "the paper lacks {said}");
    }
    assert_eq!(page.text.matches("<article class=\"paper\"").count(), 2);
    assert!(!page.text.contains("<form") && !page.text.contains("<script"));
    let drill = get_as(&portal(Scene::Full), SESSION, &format!("{}/print", page_of(DRILL_ORDER))).await;
    assert_eq!(drill.text.matches("drill-banner").count(), 2);
    assert!(drill.text.contains("<title>【演练】"));
    let draft = get_as(&portal(Scene::Full), SESSION, &format!("{}/print", page_of(DRAFTED))).await;
    assert!(draft.text.contains("<strong>待审核</strong>") && draft.text.contains("签发时编号"));
}

#[tokio::test]
async fn the_board_is_kept_current() {
    let request = Request::get(format!("{}/live", page_of(ISSUED))).header("cookie", format!("tracemesh_session={SESSION}"));
    let response = portal(Scene::Full).oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body().into_data_stream();
    let mut text = String::new();
    while text.matches("\n\n").count() < 5 {
        text.push_str(std::str::from_utf8(&body.next().await.expect("more").expect("a chunk")).expect("UTF-8"));
    }
    let names: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(names, ["progress", "clocks", "tiers", "establishments", "progress"], "first all, then what differs");
    assert!(text.contains("3 个未签收") && text.contains("1 个未签收"));
}

#[tokio::test]
async fn the_page_is_complete_without_a_script() {
    let page = get_as(&portal(Scene::Full), SESSION, &page_of(ISSUED)).await;
    for section in ["progress", "clocks", "tiers", "establishments", "acts", "text", "scope", "steps"] {
        assert!(page.text.contains(&format!("<section id=\"{section}\"")), "{section}");
    }
    assert!(page.text.contains(r#"data-live="/console/orders/shandong/12/live""#));
    let draft = get_as(&portal(Scene::Full), SESSION, &page_of(DRAFTED)).await;
    assert!(!draft.text.contains("data-live"), "nothing of a draft changes by itself");
}
