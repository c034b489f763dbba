//! One-time links and sessions.

use http::StatusCode;

use crate::browser::{ask, get, get_signed_in};
use crate::fixtures::{SESSION, Scene, portal};

#[tokio::test]
async fn a_link_opens_the_console_once() {
    let router = portal(Scene::Full);
    let page = get(&router, "/console/sign-in/once").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/console"));
    let cookie = format!("tracemesh_session={SESSION}; Path=/console; Max-Age=43200; HttpOnly; SameSite=Strict");
    assert_eq!((page.header("set-cookie"), page.header("cache-control")), (cookie.as_str(), "no-store"));
    let used = get(&router, "/console/sign-in/twice").await;
    assert_eq!((used.status, used.header("set-cookie")), (StatusCode::UNAUTHORIZED, ""));
    assert!(used.text.contains("登录链接无效"));
}

#[tokio::test]
async fn a_visit_from_another_site_goes_on_by_itself() {
    let page = ask(&portal(Scene::Full), "GET", "/console/sign-in/once", &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(r#"<meta http-equiv="refresh" content="0; url=/console">"#));
    assert!(page.header("set-cookie").contains(SESSION));
}

#[tokio::test]
async fn a_preview_uses_nothing_up() {
    let router = portal(Scene::Full);
    for (method, headers) in [("HEAD", vec![]), ("GET", vec![("sec-purpose", "prefetch;prerender")])] {
        let page = ask(&router, method, "/console/sign-in/once", &headers).await;
        assert_eq!((page.status, page.header("set-cookie")), (StatusCode::NO_CONTENT, ""));
    }
}

#[tokio::test]
async fn a_link_stays_valid_while_the_registry_is_away() {
    let page = get(&portal(Scene::Failing), "/console/sign-in/once").await;
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
