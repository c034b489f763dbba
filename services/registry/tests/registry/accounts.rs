//! Accounts: who may be appointed to what and by whom, and what ends when that changes.

use std::time::Duration;

use prost::Message;
use tonic::Code;
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_chassis::auth::{Answer, Credential, CredentialSource, Token};
use tracemesh_peers::{Peers, Sessions};
use tracemesh_proto::registry::v1::*;
use tracemesh_store::{Database, sql};
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, account, faults, reason};

on_both!(
    who_is_appointed_signs_in_with_his_roles_and_scope,
    a_wrong_account_is_told_everything_that_is_wrong,
    nobody_changes_his_own_account,
    whatever_changes_of_an_account_ends_what_was_before,
    a_suspended_account_is_out_at_once_at_every_door,
    another_process_believes_what_it_was_told_for_a_second,
    no_row_holds_two_administrators,
    accounts_are_listed_to_the_last_page,
);

async fn who_is_appointed_signs_in_with_his_roles_and_scope(place: Place) {
    let node = Node::start(&place).await;
    let asked = Account {
        display_name: "钱小姐".into(),
        areas: vec!["370602".into(), "370611".into()],
        categories: vec!["FOOD".into()],
        ..account("钱", &["REGULATOR", "DRAFTER"])
    };
    let link = node.appoint(asked.clone()).await.unwrap();
    let kept = AccountChanged::decode(node.entry().await.body.unwrap()).unwrap().account.unwrap();
    let Account { state, appointed_at, .. } = kept.clone();
    assert_eq!(kept, Account { roles: vec!["REGULATOR".into(), "DRAFTER".into()], state, appointed_at, ..asked });

    let session = node.redeem(&link).await.unwrap();
    let who = node.service().get_session(GetSessionRequest { session }).await.unwrap().into_inner().principal.unwrap();
    let scope = |words: &[&str]| Scope::from_words(words.iter().copied());
    let expected = Principal::user("钱", [Role::Regulator, Role::Drafter], scope(&["370602", "370611"]), scope(&["FOOD"])).unwrap();
    assert_eq!(Principal::try_from(who).unwrap(), expected);
    node.stop().await;
}

async fn a_wrong_account_is_told_everything_that_is_wrong(place: Place) {
    let node = Node::start(&place).await;
    let wrong = Account {
        name: "li ming".into(),
        display_name: "x".repeat(101),
        roles: ["PROVIDER", "SYSTEM_ADMINISTRATOR", "AUDIT_ADMINISTRATOR"].map(str::to_owned).into(),
        areas: vec!["370699".into()],
        categories: vec!["fresh fruit".into()],
        ..Account::default()
    };
    assert_eq!(
        faults(&node.appoint(wrong).await.unwrap_err()),
        [
            "account.name ACCOUNT_NAME_INVALID",
            "account.display_name REQUEST_VALUE_TOO_LONG",
            "account.roles REQUEST_VALUE_NOT_ALLOWED",
            "account.roles ACCESS_ADMINISTRATORS",
            "account.areas AREA_UNKNOWN",
            "account.categories REQUEST_VALUE_INVALID"
        ]
    );
    let missing = Account { name: "li".into(), ..Account::default() };
    let missing = faults(&node.appoint(missing).await.unwrap_err());
    assert_eq!(missing, ["roles", "areas", "categories"].map(|field| format!("account.{field} REQUEST_VALUE_MISSING")));
    assert_eq!(
        faults(&node.set_account("li", "gone", "").await.unwrap_err()),
        ["state REQUEST_VALUE_NOT_ALLOWED", "why REQUEST_WHY_MISSING"]
    );
    let unknown = node.set_account("li", "suspended", "?").await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown)), (Code::NotFound, "ACCOUNT_UNKNOWN".into()));
    node.stop().await;
}

async fn nobody_changes_his_own_account(place: Place) {
    let node = Node::start(&place).await;
    node.appoint(account("li", &["SECURITY_ADMINISTRATOR"])).await.unwrap();
    let before = node.entries().await.len();
    let refused = [
        node.appoint(account("zhao", &["SECURITY_ADMINISTRATOR", "SIGNER"])).await.map(drop).unwrap_err(),
        node.set_account("zhao", "active", "back").await.map(drop).unwrap_err(),
    ];
    for refused in refused {
        assert_eq!((refused.code(), reason(&refused)), (Code::PermissionDenied, "ACCOUNT_OWN".into()));
    }
    assert_eq!(node.entries().await.len(), before);
    node.stop().await;
}

async fn whatever_changes_of_an_account_ends_what_was_before(place: Place) {
    let node = Node::start(&place).await;
    let unused = node.appoint(account("li", &["REGULATOR"])).await.unwrap();
    let link = node.appoint(account("li", &["REGULATOR"])).await.unwrap();
    assert_eq!(node.redeem(&unused).await.unwrap_err().code(), Code::Unauthenticated);
    let session = node.redeem(&link).await.unwrap();
    let other = node.redeem(&node.appoint(account("wu", &["SIGNER"])).await.unwrap()).await.unwrap();

    let link = node.appoint(account("li", &["AUDIT_ADMINISTRATOR"])).await.unwrap();
    assert_eq!(node.session(&session).await, "nobody");
    assert_eq!(node.session(&other).await, "user:wu: SIGNER", "another account is another matter");
    let session = node.redeem(&link).await.unwrap();
    assert_eq!(node.session(&session).await, "user:li: AUDIT_ADMINISTRATOR");

    for state in ["suspended", "active"] {
        assert_eq!(node.set_account("li", state, "holidays").await.unwrap().state, state);
        assert_eq!(node.session(&session).await, "nobody", "{state}");
        assert_eq!(node.entry().await.envelope.kind, "account.state_changed");
    }
    node.stop().await;
}

async fn a_suspended_account_is_out_at_once_at_every_door(place: Place) {
    let node = Node::start(&place).await;
    let session = node.redeem(&node.appoint(account("li", &["REGULATOR"])).await.unwrap()).await.unwrap();
    let mut registry = node.showing(&session).await;
    registry.find_subjects(FindSubjectsRequest::default()).await.unwrap();
    let denied = registry.list_accounts(ListAccountsRequest::default()).await.unwrap_err();
    assert_eq!(reason(&denied), "ACCESS_ROLE_NEEDED");

    node.set_account("li", "suspended", "left").await.unwrap();
    let refused = registry.find_subjects(FindSubjectsRequest::default()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::Unauthenticated, "ACCESS_SESSION_ENDED".into()));
    let refused = node.appoint(account("li", &["REGULATOR"])).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "ACCOUNT_SUSPENDED".into()));

    node.set_account("administrator", "suspended", "left").await.unwrap();
    assert_eq!(node.redeem(&node.first_link().unwrap()).await.unwrap_err().code(), Code::Unauthenticated);
    let refused = node.operator().make_sign_in_link(MakeSignInLinkRequest::default()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACCOUNT_SUSPENDED", "the operator takes nobody back");
    node.stop().await;
}

async fn another_process_believes_what_it_was_told_for_a_second(place: Place) {
    let node = Node::start(&place).await;
    let session = node.redeem(&node.appoint(account("li", &["REGULATOR"])).await.unwrap()).await.unwrap();
    let elsewhere = Sessions::new(&Peers::new(&node.running.runtime("portal")), node.clock.clone());
    let who = async |token: &str| match elsewhere.who(&Credential::Token(Token::new(token))).await {
        Answer::Known(principal) => principal.to_string(),
        Answer::Refused(why) => why.reason().to_owned(),
        Answer::Unknown => "unknown".to_owned(),
    };
    assert_eq!(who(&session).await, "user:li");
    assert_eq!(who("session-made-up").await, "error.access.session_ended");
    assert_eq!(who("a provider's").await, "unknown", "nor is the registry asked");
    node.set_account("li", "suspended", "left").await.unwrap();
    node.clock.advance(Duration::from_millis(999));
    assert_eq!(who(&session).await, "user:li");
    node.clock.advance(Duration::from_millis(1));
    assert_eq!(who(&session).await, "error.access.session_ended");
    node.stop().await;
}

async fn no_row_holds_two_administrators(place: Place) {
    let node = Node::start(&place).await;
    node.appoint(account("li", &["SYSTEM_ADMINISTRATOR", "REGULATOR"])).await.unwrap();
    let tables = Database::open(&place.config("registry"), "registry").await.unwrap();
    for (roles, fits) in [("AUDIT_ADMINISTRATOR SIGNER", true), ("SYSTEM_ADMINISTRATOR AUDIT_ADMINISTRATOR", false)] {
        let tx = tables.begin().await.unwrap();
        let written = sql::run(&tx, "UPDATE account SET roles = $1 WHERE name = 'li'", vec![roles.into()]).await;
        assert_eq!(written.is_ok(), fits, "{roles}");
    }
    tables.close().await;
    node.stop().await;
}

async fn accounts_are_listed_to_the_last_page(place: Place) {
    let node = Node::start(&place).await;
    for name in ["li", "wu", "钱"] {
        node.appoint(account(name, &["REGULATOR"])).await.unwrap();
    }
    for page_size in [1, 2, 4, 1_000] {
        let (mut listed, mut page_token) = (Vec::new(), String::new());
        loop {
            let page = node.security().list_accounts(ListAccountsRequest { page_size, page_token }).await.unwrap().into_inner();
            assert!(page.accounts.len() <= page_size as usize);
            listed.extend(page.accounts.into_iter().map(|account| account.name));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(listed.join(" "), "administrator li wu 钱", "{page_size} a page");
    }
    node.stop().await;
}
