//! One-time links and sessions.

use http::StatusCode;

use crate::browser::{Page, ask, get, get_signed_in};
use crate::fixtures::{SESSION, Scene, portal};

#[tokio::test]
async fn a_link_opens_the_console_once() {
    let router = portal(Scene::Full);
    let page = press(&router, "/console/sign-in/once").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/console"));
    let cookie = format!("tracemesh_session={SESSION}; Path=/console; Max-Age=43200; HttpOnly; SameSite=Strict");
    assert_eq!((page.header("set-cookie"), page.header("cache-control")), (cookie.as_str(), "no-store"));
    let used = press(&router, "/console/sign-in/twice").await;
    assert_eq!((used.status, used.header("set-cookie")), (StatusCode::UNAUTHORIZED, ""));
    assert!(used.text.contains("登录链接无效"));
}

/// What a person does on the page that a link opens.
async fn press(router: &axum::Router, link: &str) -> Page {
    ask(router, "POST", link, &[("sec-fetch-site", "same-origin")]).await
}

#[tokio::test]
async fn opening_a_link_uses_nothing_up_and_tells_nothing() {
    let router = portal(Scene::Full);
    let opened = |headers: &'static [(&str, &str)]| ask(&router, "GET", "/console/sign-in/once", headers);
    let page = opened(&[("sec-fetch-site", "cross-site")]).await;
    assert_eq!((page.status, page.header("set-cookie"), page.header("cache-control")), (StatusCode::OK, "", "no-store"));
    assert!(page.text.contains(r#"<form method="post"><button class="button" type="submit">登录</button></form>"#), "{}", page.text);
    assert!(page.header("content-security-policy").contains("form-action 'self'"));
    let strangers = get(&router, "/console/sign-in/made-up").await;
    assert_eq!(strangers.text.replace("made-up", "once"), page.text, "the page does not say whether a link is good");
    let scanned = ask(&router, "HEAD", "/console/sign-in/once", &[]).await;
    assert_eq!((scanned.status, scanned.header("set-cookie")), (StatusCode::OK, ""));
}

#[tokio::test]
async fn no_other_site_can_sign_anybody_in() {
    let page = ask(&portal(Scene::Full), "POST", "/console/sign-in/once", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!((page.status, page.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
}

#[tokio::test]
async fn a_link_stays_valid_while_the_registry_is_away() {
    let page = press(&portal(Scene::Failing), "/console/sign-in/once").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("登录链接仍然有效"));
}

#[tokio::test]
async fn strangers_are_told_how_to_sign_in() {
    let router = portal(Scene::Full);
    for address in ["/console", "/console/figures.csv"] {
        let page = get(&router, address).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{address}");
        assert!(page.text.contains("请使用一次性登录链接"));
        assert!(!page.text.contains("济南市"));
    }
    let stale = ask(&router, "GET", "/console", &[("cookie", "tracemesh_session=old")]).await;
    assert_eq!(stale.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_out_takes_the_cookie_and_no_other_site_can_do_it() {
    let router = portal(Scene::Full);
    let cookie = format!("tracemesh_session={SESSION}");
    let out = ask(&router, "POST", "/console/sign-out", &[("cookie", &cookie), ("sec-fetch-site", "same-origin")]).await;
    assert_eq!(out.status, StatusCode::OK);
    assert!(out.header("set-cookie").starts_with("tracemesh_session=; Path=/console; Max-Age=0"));
    let foreign = ask(&router, "POST", "/console/sign-out", &[("cookie", &cookie), ("sec-fetch-site", "cross-site")]).await;
    assert_eq!((foreign.status, foreign.header("set-cookie")), (StatusCode::FORBIDDEN, ""));
    assert_eq!(get(&router, "/console/sign-out").await.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(get_signed_in(&router, "/console").await.status, StatusCode::OK);
}
