//! Providers and their tokens.

use prost::Message;
use tonic::Code;
use tracemesh_chassis::keys::sha256;
use tracemesh_proto::registry::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, faults, reason};

on_both!(
    a_token_is_shown_once_and_journaled_as_its_hash,
    a_provider_rotates_its_own_token_alone,
    a_provider_is_suspended_and_resumed_with_a_reason,
    a_wrong_provider_is_told_everything_that_is_wrong,
    providers_are_listed_to_the_last_page,
);

async fn a_token_is_shown_once_and_journaled_as_its_hash(place: Place) {
    let node = Node::start(&place).await;
    let first = node.add_provider("acme").await;
    let added = last_change(&node).await;
    assert_eq!(added.token, sha256(first.as_bytes()).as_slice());
    let Provider { areas, categories, state, .. } = added.provider.clone().unwrap();
    assert_eq!((areas, categories, state), (vec!["*".to_owned()], vec!["*".to_owned()], "active".to_owned()));

    let second = node.operator().rotate_provider_token(rotate("acme")).await.unwrap().into_inner().token;
    let rotated = last_change(&node).await;
    assert_eq!((rotated.token, rotated.provider), (sha256(second.as_bytes()).to_vec().into(), added.provider));
    assert_ne!(first, second);
    for entry in node.entries().await {
        let text = String::from_utf8_lossy(&[&entry.envelope_bytes[..], &entry.body.unwrap()[..]].concat()).into_owned();
        assert!(!text.contains(&first) && !text.contains(&second), "{}", entry.envelope.kind);
    }
    node.stop().await;
}

async fn a_provider_rotates_its_own_token_alone(place: Place) {
    let node = Node::start(&place).await;
    node.add_provider("acme").await;
    node.provider("acme").rotate_provider_token(rotate("acme")).await.unwrap();
    assert_eq!(node.entry().await.envelope.actor, "provider:acme");
    let other = node.provider("bolt").rotate_provider_token(rotate("acme")).await.unwrap_err();
    assert_eq!((other.code(), reason(&other)), (Code::PermissionDenied, "ACCESS_OTHER_PROVIDER".into()));
    let nobody = node.operator().rotate_provider_token(rotate("bolt")).await.unwrap_err();
    assert_eq!((nobody.code(), reason(&nobody)), (Code::NotFound, "PROVIDER_UNKNOWN".into()));
    node.stop().await;
}

async fn a_provider_is_suspended_and_resumed_with_a_reason(place: Place) {
    let node = Node::start(&place).await;
    node.add_provider("acme").await;
    for (state, why) in [("suspended", "late"), ("active", "paid")] {
        let request = SetProviderStateRequest { id: "acme".into(), state: state.into(), why: why.into() };
        let changed = node.operator().set_provider_state(request).await.unwrap().into_inner().provider.unwrap();
        assert_eq!((changed.state.as_str(), &node.provider_of("acme").await), (state, &changed));
        let entry = node.entry().await;
        assert_eq!((entry.envelope.kind.as_str(), entry.envelope.why.as_str()), ("provider.state_changed", why));
        assert_eq!(last_change(&node).await.provider, Some(changed));
    }
    let wrong = SetProviderStateRequest { id: "acme".into(), state: "gone".into(), why: String::new() };
    let refused = node.operator().set_provider_state(wrong).await.unwrap_err();
    assert_eq!(faults(&refused), ["state REQUEST_VALUE_NOT_ALLOWED", "why REQUEST_WHY_MISSING"]);
    node.stop().await;
}

async fn a_wrong_provider_is_told_everything_that_is_wrong(place: Place) {
    let node = Node::start(&place).await;
    let add = async |provider: Provider| node.operator().add_provider(AddProviderRequest { provider: Some(provider) }).await;
    let defaults = |area: &str, category: &str, responsible: &str| {
        let [default_area, default_category, default_responsible] = [area, category, responsible].map(str::to_owned);
        Provider { id: "acme".into(), default_area, default_category, default_responsible, ..Provider::default() }
    };
    let wrong = Provider { id: "Acme".into(), areas: vec!["37\n06".into()], ..defaults("370699", "fresh fruit", "91370600000000019H") };
    assert_eq!(
        faults(&add(wrong).await.unwrap_err()),
        [
            "provider.id PROVIDER_ID_INVALID",
            "provider.areas REQUEST_VALUE_INVALID",
            "provider.default_category REQUEST_VALUE_INVALID",
            "provider.default_responsible CODE_USCC_CHECK",
            "provider.default_area AREA_UNKNOWN"
        ]
    );
    let unreadable = add(defaults("", "", "uscc:/1")).await.unwrap_err();
    assert_eq!(faults(&unreadable)[0], "provider.default_responsible CODE_USCC_LENGTH");
    for right in [defaults("370602", "鲜果", "91370600000000019G"), defaults("370600", "FOOD", "stall 7"), defaults("", "", "")] {
        let id = format!("acme-{}", right.default_category.len());
        add(Provider { id, ..right }).await.unwrap();
    }
    node.stop().await;
}

async fn providers_are_listed_to_the_last_page(place: Place) {
    let node = Node::start(&place).await;
    for n in 0..7 {
        node.add_provider(&format!("acme-{n}")).await;
    }
    for page_size in [1, 3, 4, 8, 1_000] {
        let (mut listed, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = ListProvidersRequest { page_size, page_token };
            let page = node.operator().list_providers(request).await.unwrap().into_inner();
            assert!(page.providers.len() <= page_size as usize);
            listed.extend(page.providers.into_iter().map(|provider| provider.id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(listed.join(" "), "acme-0 acme-1 acme-2 acme-3 acme-4 acme-5 acme-6 local", "{page_size} a page");
    }
    let foreign = ListProvidersRequest { page_size: 1, page_token: "not ours".into() };
    assert_eq!(faults(&node.operator().list_providers(foreign).await.unwrap_err()), ["page_token REQUEST_PAGE_TOKEN"]);
    node.stop().await;
}

fn rotate(id: &str) -> RotateProviderTokenRequest {
    RotateProviderTokenRequest { id: id.into() }
}

/// What the newest entry says of a provider.
async fn last_change(node: &Node) -> ProviderChanged {
    ProviderChanged::decode(node.entry().await.body.unwrap()).unwrap()
}
