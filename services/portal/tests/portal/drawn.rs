//! Every page in every state and both languages: written to files for looking at, and held to what is promised of all pages.

use std::path::PathBuf;

use crate::browser::{Page, ask, get, get_as, get_signed_in};
use crate::fixtures::chains::{BROKEN, NONSENSE, WHOLE, WIDE};
use crate::fixtures::{Scene, portal};

/// What a public page may weigh with all that it loads.
const MAX_PUBLIC_BYTES: usize = 100_000;

/// Where the pages are written: `target/tmp/pages`.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages")
}

/// Pages behind the sign-in, each as somebody to whom it shows all that it has.
const CONSOLE: &[(&str, &str)] = &[
    ("head", "/console/incidents"),
    ("head", "/console/incidents/new"),
    ("head", "/console/incidents/shandong-2026-17"),
    ("head", "/console/incidents/shandong-2026-18"),
    ("head", "/console/orders"),
    ("head", "/console/orders/new?incident=shandong-2026-17"),
    ("head", "/console/orders/shandong/12"),
    ("acknowledger", "/console/orders/shandong/13"),
    ("reviewer", "/console/orders/shandong/draft-4"),
    ("signer", "/console/orders/shandong/draft-5"),
    ("head", "/console/orders/shandong/12/print"),
    ("security", "/console/accounts?account=li.wen"),
    ("audit", "/console/accounts"),
    ("head", "/console/trace"),
    ("head", "/console/trace?code=37068100000000000998"),
    ("head", "/console/findings"),
    ("head", "/console/findings/shandong-F-1"),
    ("head", "/console/findings/shandong-F-3"),
    ("head", "/console/scorecard"),
    ("head", "/console/rules"),
    ("head", "/console/rules/dry-run"),
    ("head", "/console/mismatches"),
    ("head", "/console/mismatches/B-2026-7K3F"),
    ("head", "/console/receipts/shandong.ingestion/1/88123"),
    ("head", "/console/scope"),
    ("head", "/console/scope?codes=37060000400010000003"),
];

async fn pages() -> Vec<(String, Page)> {
    let mut pages = Vec::new();
    for scene in [Scene::Full, Scene::Calm, Scene::Empty, Scene::Night, Scene::Failing, Scene::Partial] {
        let router = portal(scene);
        for language in ["zh-CN", "en"] {
            let codes = [WHOLE, BROKEN, WIDE, NONSENSE, "half-known", "37060000999999999999", "gtin%3A%2F06903244679763%23L1"]
                .map(|code| format!("/t/{code}"));
            let public = ["/", "/t", "/recalls", "/mismatch", "/mismatch/B-2026-1111"]
                .map(str::to_owned)
                .into_iter()
                .chain(["/console/sign-in/link".to_owned(), "/nowhere".to_owned()])
                .chain(codes);
            for address in public {
                let name = format!("{scene:?}{}{language}", address.replace('/', "-"));
                pages.push((name, get(&router, &format!("{address}?lang={language}")).await));
            }
            let used = ask(&router, "POST", &format!("/console/sign-in/used?lang={language}"), &[]).await;
            pages.push((format!("{scene:?}-console-sign-in-used{language}"), used));
            pages.push((format!("{scene:?}-console-{language}"), get_signed_in(&router, &format!("/console?lang={language}")).await));
            for (who, address) in CONSOLE {
                let name = format!("{scene:?}{}-{who}{language}", address.replace(['/', '?', '='], "-"));
                pages.push((
                    name,
                    get_as(&router, who, &format!("{address}{}lang={language}", if address.contains('?') { '&' } else { '?' })).await,
                ));
            }
        }
    }
    pages
}

#[tokio::test]
async fn every_page_keeps_the_promises() {
    std::fs::create_dir_all(folder()).expect("a folder for the pages");
    for (name, page) in pages().await {
        std::fs::write(folder().join(format!("{name}.html")), &page.text).expect("a file for the page");
        needs_no_inline_code(&name, &page);
        names_its_language(&name, &page);
        weighs_little(&name, &page);
        balances(&name, &page.text);
        leads_somewhere(&name, &page.text);
    }
}

fn needs_no_inline_code(name: &str, page: &Page) {
    assert!(page.header("content-security-policy").contains("default-src 'none'; script-src 'self'; style-src 'self'"), "{name}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{name}");
    assert!(!page.text.contains(" style=") && !page.text.contains("<style"), "{name} has inline style");
    assert!(!page.text.contains("javascript:") && !page.text.contains(" onclick"), "{name} has inline code");
    let scripts: Vec<_> = page.text.match_indices("<script").map(|(at, _)| page.text[at..].split('>').next().unwrap_or_default()).collect();
    assert!(scripts.iter().all(|script| script.contains("src=\"/assets/")), "{name}: {scripts:?}");
}

fn names_its_language(name: &str, page: &Page) {
    let tag = if name.ends_with("en") && !name.contains("-nowhere") { "en" } else { "zh-CN" };
    assert!(page.text.contains(&format!("<html lang=\"{tag}\"")), "{name}");
    // where nothing answers, every word on the page is ours
    if tag == "en" && name.starts_with("Failing") {
        let words = page.text.replace("中文", "");
        assert!(!words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{name} has a text that is not translated");
    }
}

fn weighs_little(name: &str, page: &Page) {
    let loaded = tracemesh_portal::assets::STYLE.bytes() + tracemesh_portal::assets::MARK.bytes();
    let is_public = !name.contains("console");
    assert!(!is_public || page.text.len() + loaded <= MAX_PUBLIC_BYTES, "{name} weighs {} bytes", page.text.len() + loaded);
    assert!(!is_public || !page.text.contains("<script"), "{name}: public pages need no script");
}

/// Every element that is opened is closed, in order.
fn balances(name: &str, html: &str) {
    const VOID: [&str; 7] = ["meta", "link", "input", "wbr", "br", "hr", "!doctype"];
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let element = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(element), "{name}: </{element}> closes the wrong element");
        } else if !tag.ends_with('/') && !VOID.contains(&element) {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name} leaves open: {open:?}");
}

/// Links within the page have a target, and ids are used once.
fn leads_somewhere(name: &str, html: &str) {
    let values = |attribute: &str| -> Vec<String> {
        html.split(&format!(" {attribute}=\"")).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
    };
    let ids = values("id");
    let repeated: Vec<_> = ids.iter().filter(|id| ids.iter().filter(|other| other == id).count() > 1).collect();
    assert!(repeated.is_empty(), "{name} repeats {repeated:?}");
    let within = values("href").into_iter().chain(values("xlink:href")).filter_map(|href| href.strip_prefix('#').map(str::to_owned));
    for target in within.chain(values("popovertarget")) {
        assert!(ids.contains(&target), "{name} refers to #{target}");
    }
}

#[tokio::test]
async fn assets_are_kept_for_a_year() {
    let router = portal(Scene::Full);
    for asset in [&*tracemesh_portal::assets::STYLE, &*tracemesh_portal::assets::LIVE, &*tracemesh_portal::assets::MARK] {
        let page = get(&router, &asset.path()).await;
        assert_eq!(page.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(page.text.len(), asset.bytes());
    }
    assert_eq!(get(&router, "/assets/portal.css").await.status, http::StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_choice_is_remembered() {
    let page = get(&portal(Scene::Full), "/?lang=en&type=large").await;
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("text")).collect();
    assert_eq!(cookies, ["lang=en; Path=/; Max-Age=31536000; SameSite=Lax", "type=large; Path=/; Max-Age=31536000; SameSite=Lax"]);
    assert!(page.text.contains(r#"<html lang="en" class="large">"#));
}
