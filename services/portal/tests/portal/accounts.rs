//! Who may sign in: for the security administrator, and to read for the audit administrator.

use http::StatusCode;

use crate::browser::{get_as, post_as};
use crate::fixtures::{SESSION, Scene, portal};

#[tokio::test]
async fn accounts_are_listed_and_nobody_is_offered_their_own() {
    let page = get_as(&portal(Scene::Full), "security", "/console/accounts").await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["指令起草人", "停用", "山东省烟台市", "陈䶮㛃𠮷 &lt;b&gt;", "全部"] {
        assert!(page.text.contains(said), "the page lacks {said}");
    }
    assert!(page.text.contains("?account=li.wen#appoint-form") && !page.text.contains("?account=wu.di"));
    let chosen = get_as(&portal(Scene::Full), "security", "/console/accounts?account=li.wen").await;
    assert!(chosen.text.contains(r#"value="李雯""#) && chosen.text.contains(r#"value="DRAFTER" checked"#));
}

#[tokio::test]
async fn the_audit_administrator_reads_and_others_are_turned_away() {
    let router = portal(Scene::Full);
    let audit = get_as(&router, "audit", "/console/accounts").await;
    assert!(audit.text.contains("li.wen") && !audit.text.contains("<form class=\"form\""));
    let regulator = get_as(&router, SESSION, "/console/accounts").await;
    assert_eq!(regulator.status, StatusCode::FORBIDDEN);
    assert!(!regulator.text.contains("li.wen"));
    assert_eq!(get_as(&router, "security", "/console").await.header("location"), "/console/accounts");
    assert_eq!(get_as(&router, "signer", "/console").await.header("location"), "/console/incidents");
}

#[tokio::test]
async fn whoever_is_appointed_gets_a_link_that_is_shown_once() {
    let router = portal(Scene::Full);
    let sent = "name=zhou.qi&display_name=%E5%91%A8&roles=DRAFTER&roles=REGULATOR&areas=370000&categories=*&why=a";
    let page = post_as(&router, "security", "/console/accounts", sent).await;
    assert_eq!((page.status, page.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(page.text.contains("zhou.qi 的一次性登录链接") && page.text.contains("/console/sign-in/once"));
    let refused = post_as(&router, "security", "/console/accounts", "name=zhou.qi&areas=370000&why=a").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("请至少选择一个角色。</strong></fieldset>") && refused.text.contains(r#"value="zhou.qi""#));
}

#[tokio::test]
async fn a_state_is_set_and_a_refusal_says_why() {
    let router = portal(Scene::Full);
    let set = post_as(&router, "security", "/console/accounts/state", "name=li.wen&state=suspended&why=a").await;
    assert_eq!(set.header("location"), "/console/accounts");
    let own = post_as(&router, "security", "/console/accounts/state?lang=en", "name=wu.di&state=suspended&why=a").await;
    assert_eq!(own.status, StatusCode::FORBIDDEN);
    assert!(own.text.contains("Nobody changes their own account."));
}
