//! Who may submit what, and see what: a provider's scope, its token, and its suspension.

use futures::StreamExt;
use http::StatusCode;
use serde_json::{Value, json};
use tonic::Code;
use tonic_types::StatusExt;
use tracemesh_proto::ingestion::v1::{DeadLetter, ListDeadLettersRequest, ListReceiptsRequest, Receipt, SubmitRequest, TraceResponse};
use tracemesh_proto::registry::v1::{
    AddProviderRequest, ListProvidersRequest, Provider, RotateProviderTokenRequest, SetProviderStateRequest,
};

use crate::caller::{Caller, JSON, end, ends, message};
use crate::node::{Node, eventually};
use crate::records::{code_of, harvest, mix};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_sees_and_submits_its_own_alone() {
    let node = Node::start().await;
    let (acme, other, operator) = (node.provider("acme").await, node.provider("other").await, node.operator().await);
    let mine = acme.submit_one(&harvest("1", "lot-1")).await;
    let rejected = acme.submit_one(&json!({})).await;
    for receipt in [&mine, &rejected] {
        assert_eq!(other.receipt(&receipt.id).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(other.original(&receipt.id).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(other.get(&format!("/api/v1/receipts/{}", receipt.id)).await.status, StatusCode::NOT_FOUND);
        assert_eq!(other.get(&format!("/api/v1/receipts/{}/original", receipt.id)).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(other.receipts(ListReceiptsRequest::default()).await.unwrap(), []);
    assert_eq!(other.receipts(ListReceiptsRequest { provider: "acme".into(), ..Default::default() }).await.unwrap(), []);
    let asked = ListDeadLettersRequest { provider: "acme".into(), ..Default::default() };
    assert_eq!(other.clients.ingestion().list_dead_letters(asked).await.unwrap_err().code(), Code::PermissionDenied);

    let for_acme = |record: &Value| SubmitRequest { provider: "acme".into(), ..message(JSON, record.to_string()) };
    let denied = other.stream(vec![for_acme(&harvest("2", "lot-2"))]).await.unwrap_err();
    assert_eq!(
        (denied.code(), denied.get_details_error_info().unwrap().reason.as_str()),
        (Code::PermissionDenied, "ACCESS_OTHER_PROVIDER")
    );
    let page = other.send("POST", "/api/v1/records?provider=acme", &[], harvest("2", "lot-2").to_string()).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);

    let by_operator = operator.stream(vec![for_acme(&harvest("3", "lot-3"))]).await.unwrap().remove(0);
    assert_eq!((end(&by_operator).as_str(), by_operator.provider.as_str()), ("ACCEPTED", "acme"));
    assert_eq!(acme.receipt(&by_operator.id).await.unwrap(), by_operator, "what is submitted for it is its own");
    let unknown = SubmitRequest { provider: "nobody".into(), ..message(JSON, "{}") };
    assert_eq!(operator.stream(vec![unknown]).await.unwrap_err().code(), Code::NotFound);
}

/// The chain is everybody's; who dealt with whom, and how much, is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_others_records_a_provider_sees_the_stages_alone() {
    let node = Node::start().await;
    let (acme, other) = (node.provider("acme").await, node.provider("other").await);
    acme.submit_one(&harvest("1", "lot-1")).await;
    let (own, others) = (acme.trace(&code_of("lot-1")).await.unwrap(), other.trace(&code_of("lot-1")).await.unwrap());
    assert_eq!((own.records[0].record_id.as_str(), own.records[0].responsible.as_str()), ("1", "苹果园"));
    let seen = &others.records[0];
    assert_eq!((seen.class.as_str(), seen.area.as_str()), ("PRODUCE", "370602"));
    assert_eq!([&seen.provider, &seen.record_id, &seen.responsible, &seen.roles[0].quantity], ["", "", "", ""]);
    let (mine, theirs) = (&own.units[0], &others.units[0]);
    assert_eq!([&theirs.holder, &theirs.quantity, &theirs.unit_of_measure], ["", "", ""]);
    assert_eq!([&mine.holder, &mine.quantity, &mine.unit_of_measure], ["", "", ""], "nor who holds its own goods now");
}

/// Where a chain begins in the dark, the staff reads whom the last record names as its source, and nobody else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_delivered_is_for_the_staff() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let mut juice = mix("1", &["lot-of-somebody"], "juice");
    juice["parties"]["source"] = json!({"name": "邻村果园"});
    acme.submit_one(&juice).await;
    for (asker, named) in [(&node.operator().await, true), (&acme, false)] {
        let missing = asker.trace(&code_of("juice")).await.unwrap().verdict.unwrap().missing.remove(0);
        assert_eq!(missing.kind, "no_origin");
        let told = [&missing.detail, &missing.message_zh, &missing.message_en].map(|text| text.contains("邻村果园"));
        assert_eq!(told, [named; 3], "{missing:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn areas_and_categories_outside_the_scope_are_rejected_each_with_its_reason() {
    let node = Node::start().await;
    let scoped = Provider { id: "acme".into(), areas: vec!["370600".into()], categories: vec!["FOOD".into()], ..Provider::default() };
    let acme = node.provider_with(scoped).await;
    let record = |id: &str, region: &str, category: &str| {
        let mut record = harvest(id, &format!("lot-{id}"));
        record["place"]["region"] = json!(region);
        record["category"] = json!(category);
        record
    };
    let receipts = acme
        .submit(&[
            record("1", "370602", "FOOD"),
            record("2", "370602001", "FOOD"),
            record("3", "370202", "FOOD"),
            record("4", "370602", "DRUG"),
            record("5", "370000", "DRUG"),
            record("6", "990000", "FOOD"),
        ])
        .await;
    let expected = [
        "ACCEPTED",
        "ACCEPTED",
        "record.place.area.scope",
        "record.category.scope",
        "record.category.scope record.place.area.scope",
        "record.place.region.unknown",
    ];
    assert_eq!(ends(&receipts), expected);
    let reason = &receipts[2].reasons[0];
    assert_eq!((reason.field.as_str(), reason.value.as_str()), ("place.region", "370202"));
}

/// A record that says little is read with the provider's registration.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_registration_says_what_a_record_does_not() {
    let node = Node::start().await;
    let provider = Provider {
        id: "acme".into(),
        default_area: "370602".into(),
        default_category: "FOOD".into(),
        default_responsible: format!("uscc:/{}", crate::records::GROWER),
        ..Provider::default()
    };
    let acme = node.provider_with(provider).await;
    let mut record = harvest("1", "lot-1");
    for member in ["place", "category", "parties"] {
        record.as_object_mut().unwrap().remove(member);
    }
    let receipt = acme.submit_one(&record).await;
    let found: Vec<&str> = receipt.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(end(&receipt), "ACCEPTED");
    assert_eq!(
        found,
        ["record.category.defaulted", "record.event_time.late", "record.place.absent", "record.parties.responsible.defaulted"]
    );
    let chain = acme.trace(&code_of("lot-1")).await.unwrap();
    assert_eq!((chain.records[0].area.as_str(), chain.records[0].category.as_str()), ("370602", "FOOD"));
    assert!(crate::node::verify(&node.operator().await.clients).await.ok, "it is read again as it was read then");
}

async fn set_state(operator: &Caller, id: &str, state: &str) {
    let request = SetProviderStateRequest { id: id.into(), state: state.into(), why: "a test".into() };
    operator.clients.registry().set_provider_state(request).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suspended_provider_is_refused_at_every_door_and_let_in_again() {
    let node = Node::start().await;
    let (acme, operator) = (node.provider("acme").await, node.operator().await);
    let (queue, mut answers) = acme.open().await;
    let next = |number: u32| message(JSON, harvest(&number.to_string(), &format!("lot-{number}")).to_string());
    queue.send(next(0)).await.unwrap();
    assert_eq!(end(&answers.next().await.unwrap().unwrap()), "ACCEPTED");

    set_state(&operator, "acme", "suspended").await;
    eventually("new calls are refused", async || (!acme.is_known().await).then_some(())).await;
    let denied = acme.stream(vec![next(1)]).await.unwrap_err();
    assert_eq!((denied.code(), denied.get_details_error_info().unwrap().reason.as_str()), (Code::PermissionDenied, "PROVIDER_SUSPENDED"));
    let page = acme.post(JSON, harvest("1", "lot-1").to_string()).await;
    assert_eq!((page.status, page.json()["details"][0]["reason"].as_str()), (StatusCode::FORBIDDEN, Some("PROVIDER_SUSPENDED")));
    queue.send(next(2)).await.unwrap();
    let ended = answers.next().await.unwrap().unwrap_err();
    assert_eq!(ended.code(), Code::PermissionDenied, "an open stream is no way around it");
    let for_acme = SubmitRequest { provider: "acme".into(), ..next(3) };
    assert_eq!(operator.stream(vec![for_acme]).await.unwrap_err().code(), Code::PermissionDenied, "nor is the operator");
    assert_eq!(node.intake().await.submissions, 1, "what was refused was not taken");

    set_state(&operator, "acme", "active").await;
    eventually("it is let in again", async || acme.is_known().await.then_some(())).await;
    assert_eq!(end(&acme.submit_one(&harvest("4", "lot-4")).await), "ACCEPTED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotated_token_ends_the_old_one() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let (queue, mut answers) = acme.open().await;
    queue.send(message(JSON, harvest("0", "lot-0").to_string())).await.unwrap();
    assert_eq!(end(&answers.next().await.unwrap().unwrap()), "ACCEPTED");
    let rotated =
        acme.clients.registry().rotate_provider_token(RotateProviderTokenRequest { id: "acme".into() }).await.unwrap().into_inner();
    let renewed = node.caller(&rotated.token).await;
    eventually("the new token is known", async || renewed.is_known().await.then_some(())).await;
    assert_eq!(end(&renewed.submit_one(&harvest("1", "lot-1")).await), "ACCEPTED");
    assert_eq!(acme.stream(vec![message(JSON, "{}")]).await.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(acme.post(JSON, "{}").await.status, StatusCode::UNAUTHORIZED);
    queue.send(message(JSON, harvest("2", "lot-2").to_string())).await.unwrap();
    let ended = answers.next().await.unwrap().unwrap_err();
    assert_eq!(ended.code(), Code::Unauthenticated, "a stream that began with the old one ends with it");
    let others = RotateProviderTokenRequest { id: "local".into() };
    assert_eq!(renewed.clients.registry().rotate_provider_token(others).await.unwrap_err().code(), Code::PermissionDenied);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_could_never_be_let_in_is_not_registered() {
    let node = Node::start().await;
    let mut registry = node.operator().await.clients.registry();
    let long: Vec<String> = (0..2_000).map(|area| area.to_string()).collect();
    for (id, areas) in [("acme", long), ("acme", vec!["a\"b".into()]), ("Ac_me", vec!["370600".into()]), ("", Vec::new())] {
        let provider = Some(Provider { id: id.into(), areas, ..Provider::default() });
        let refused = registry.add_provider(AddProviderRequest { provider }).await.unwrap_err();
        let violation = refused.get_details_bad_request().unwrap().field_violations.remove(0);
        assert_eq!(refused.code(), Code::InvalidArgument, "{id:?}");
        assert!(
            ["provider.id", "provider.areas"].contains(&violation.field.as_str()) && !violation.description.is_empty(),
            "{violation:?}"
        );
    }
    let listed = registry.list_providers(ListProvidersRequest::default()).await.unwrap().into_inner().providers;
    assert_eq!(listed.iter().map(|provider| provider.id.as_str()).collect::<Vec<_>>(), ["local"]);
}

/// Tokens, suspensions and areas are the doors' own copy: they outlive a restart, and what the copy says is what the registry says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doors_know_after_a_restart_what_they_knew_before() {
    let node = Node::start().await;
    let (acme, other, operator) = (node.provider("acme").await, node.provider("other").await, node.operator().await);
    let first = acme.submit_one(&harvest("1", "lot-1")).await;
    set_state(&operator, "other", "suspended").await;
    eventually("it is suspended", async || (!other.is_known().await).then_some(())).await;
    let node = Node::start_in(node.stop().await, |_| ()).await;
    let (acme, other) = (node.caller(&acme.token).await, node.caller(&other.token).await);
    let again = acme.submit_one(&harvest("1", "lot-1")).await;
    assert_eq!((end(&again).as_str(), &again.first), ("DUPLICATE", &first.id));
    assert!(!other.is_known().await);
    assert_eq!(operator_of_old(&node, &operator).await, Code::Unauthenticated, "the operator's token is new at each start");
}

async fn operator_of_old(node: &Node, operator: &Caller) -> Code {
    let old = node.caller(&operator.token).await;
    old.receipts(ListReceiptsRequest::default()).await.unwrap_err().code()
}

/// A regulator sees what was accepted within his areas and categories. What was rejected has neither: it goes by what its provider may submit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_regulator_sees_the_submissions_of_his_scope() {
    let node = Node::start().await;
    let reach = |id: &str, area: &str| Provider { id: id.into(), areas: vec![area.into()], ..Provider::default() };
    let (near, far) = (node.provider_with(reach("near", "370000")).await, node.provider_with(reach("far", "350200")).await);
    let at = |id: &str, region: &str, category: &str| {
        let mut record = harvest(id, &format!("lot-{id}"));
        (record["place"]["region"], record["category"]) = (json!(region), json!(category));
        record
    };
    let mut taken = near.submit(&[at("1", "370602", "FOOD"), at("2", "370602", "DRUG"), at("3", "370202", "FOOD"), json!({})]).await;
    taken.extend(far.submit(&[at("4", "350203", "FOOD"), json!({})]).await);
    assert_eq!(taken.iter().filter(|receipt| end(receipt) == "ACCEPTED").count(), 4);

    let regulator = node.regulator("370600", "FOOD").await;
    let mut seen = Vec::new();
    for (number, receipt) in taken.iter().enumerate() {
        let answers = [regulator.receipt(&receipt.id).await.err(), regulator.original(&receipt.id).await.err()];
        match answers.map(|refused| refused.map(|status| status.code())) {
            [None, None] => seen.push(number),
            refused => assert_eq!(refused, [Some(Code::NotFound); 2], "{number}"),
        }
    }
    assert_eq!(seen, [0, 3], "the food of the city, and what a provider of the province was refused");
    let ids = |receipts: Vec<Receipt>| receipts.into_iter().map(|receipt| receipt.id).collect::<Vec<_>>();
    let listed = ids(regulator.receipts(ListReceiptsRequest::default()).await.unwrap());
    assert_eq!(listed, [taken[3].id.clone(), taken[0].id.clone()]);
    let dead = |letters: Vec<DeadLetter>| ids(letters.into_iter().filter_map(|letter| letter.receipt).collect());
    assert_eq!(dead(regulator.dead_letters("open").await), [taken[3].id.clone()]);
    assert_eq!(dead(node.operator().await.dead_letters("open").await).len(), 2);
    let path = format!("/api/v1/receipts/{}/original", taken[1].id);
    assert_eq!([regulator.get(&path).await.status, near.get(&path).await.status], [StatusCode::NOT_FOUND, StatusCode::OK]);
}

/// Beyond his scope a regulator sees of a chain what the public sees: the stages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_records_beyond_his_scope_a_regulator_sees_the_stages_alone() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let mut juice = mix("2", &["lot-1", "lot-of-somebody"], "juice");
    juice["place"]["region"] = json!("370202");
    juice["parties"]["source"] = json!({"name": "邻村果园"});
    acme.submit(&[harvest("1", "lot-1"), juice]).await;
    let asked = async |area: &str, category: &str| node.regulator(area, category).await.trace(&code_of("juice")).await.unwrap();

    let county = asked("370602", "FARM_PRODUCE").await;
    let open: Vec<&str> = county.records.iter().map(|record| record.record_id.as_str()).collect();
    assert_eq!(open, ["1", ""]);
    let beyond = &county.records[1];
    assert_eq!([&beyond.class, &beyond.area, &beyond.provider, &beyond.responsible, &beyond.source], ["PROCESS", "370202", "", "", ""]);
    assert!(beyond.roles.iter().all(|role| role.quantity.is_empty()));
    let told = |chain: &TraceResponse, code: &str| {
        let unit = chain.units.iter().find(|unit| unit.code == code_of(code)).unwrap();
        let source = chain.verdict.as_ref().unwrap().missing.iter().any(|missing| missing.message_en.contains("邻村果园"));
        (!unit.holder.is_empty(), source)
    };
    assert_eq!(told(&county, "juice"), (false, false));
    assert_eq!(told(&asked("370000", "FARM_PRODUCE").await, "juice"), (true, true));
    let drugs = asked("*", "DRUG").await;
    assert!(drugs.records.iter().all(|record| record.record_id.is_empty()));
}
