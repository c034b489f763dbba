//! Rules: published, refused, laid over those of the node above, and tried on past days.

use prost::Message;
use serde_json::json;
use tonic::{Code, Status};
use tonic_types::StatusExt;
use tracemesh_access::{Principal, Role, Scope};
use tracemesh_journal::{Entry, Envelope};
use tracemesh_proto::federation::v1::Received;
use tracemesh_proto::quality::v1::*;
use tracemesh_proto::rules;
use tracemesh_proto::time::{micros, timestamp};
use tracemesh_rules::DEFAULT_VERSION;
use tracemesh_testkit::Place;

use crate::node::{NOW, Node, append};

/// How far ahead of now a set holds at the earliest.
const LEAD: i64 = 5_000_000;

fn rule(id: &str, severity: &str, fields: &[&str]) -> Rule {
    let written = json!({
        "id": id, "version": 1, "dimension": "completeness", "severity": severity, "kind": "required", "test": {"fields": fields},
        "message_zh": "缺少{field}。", "message_en": "{field} is missing.", "remedy_zh": "请补齐。", "remedy_en": "Fill it in.", "source": "ours"
    });
    rules::write(&serde_json::from_value(written).unwrap())
}

async fn publish(node: &Node, rules: Vec<Rule>, valid_from: Option<i64>) -> Result<PublishRulesResponse, Status> {
    let regulator = Principal::user("li", [Role::Regulator], Scope::Everything, Scope::Everything).unwrap();
    let request = PublishRulesRequest { rules, valid_from: valid_from.map(timestamp), why: "a test".into() };
    Ok(node.as_principal(&regulator).quality().publish_rules(request).await?.into_inner())
}

/// Version, and id and severity of each rule.
async fn listed(node: &Node) -> (String, Vec<String>) {
    let answer = node.as_principal(&Principal::operator()).quality().list_rules(ListRulesRequest {}).await.unwrap().into_inner();
    (answer.version, answer.rules.iter().map(|rule| format!("{} {}", rule.id, rule.severity)).collect())
}

/// What quality published, in order.
async fn published(node: &Node) -> Vec<(Envelope, RulesPublished)> {
    let entries = node.entries().await.into_iter().filter(|entry| entry.envelope.kind == "rules.published");
    entries.map(|entry| (entry.envelope, RulesPublished::decode(entry.body.unwrap()).unwrap())).collect()
}

/// Rules of the node above arrive over the link; waits until they were taken.
async fn from_above(node: &Node, rules: Vec<Rule>, valid_from: i64) {
    let before = published(node).await.len();
    let set = RulesPublished { version: "shandong/7".into(), valid_from: Some(timestamp(valid_from)), rules, publisher: "shandong".into() };
    let envelope = Envelope { kind: "rules.published".into(), ..Envelope::default() }.encode_to_vec().into();
    let received =
        Received { from: "shandong".into(), from_above: true, envelope, body: set.encode_to_vec().into(), ..Received::default() };
    append(&node.inbox, &[Entry::new(&Envelope { kind: "link.received".into(), ..Envelope::default() }, received.encode_to_vec())]).await;
    while published(node).await.len() == before {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_is_published_whole_and_travels_down() {
    let place = Place::sqlite().await;
    let node = Node::start(&place).await;
    assert_eq!(listed(&node).await.0, DEFAULT_VERSION);
    let answer = publish(&node, vec![rule("a.vehicle", "block", &["act.vehicle"])], None).await.unwrap();
    assert_eq!((answer.version.as_str(), micros(answer.valid_from.as_ref())), ("yantai/1", NOW + LEAD));
    assert_eq!(listed(&node).await.1[0], "a.vehicle block", "what is to come stands first");
    let told = published(&node).await;
    let (envelope, set) = &told[0];
    assert_eq!((envelope.to.join(" "), envelope.actor.contains("li"), envelope.why.as_str()), ("children".into(), true, "a test"));
    assert_eq!((set.version.as_str(), set.rules.len(), set.rules[0].publisher.as_str()), ("yantai/1", 1, "yantai"));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_rule_and_what_has_passed_is_refused() {
    let place = Place::sqlite().await;
    let node = Node::start(&place).await;
    let broken = Rule { version: 0, kind: "cel".into(), ..rule("a.b", "warn", &["x"]) };
    let refused = publish(&node, vec![broken, rule("c.d", "warn", &["product.colour"])], None).await.unwrap_err();
    let faults = refused.get_details_bad_request().unwrap().field_violations;
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["rules.0.version", "rules.0.test", "rules.1.test"]);
    let passed = publish(&node, vec![], Some(NOW - 1)).await.unwrap_err();
    assert_eq!(passed.code(), Code::FailedPrecondition);
    assert_eq!(published(&node).await.len(), 0);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_from_above_hold_here_and_are_never_weakened() {
    let place = Place::sqlite().await;
    let node = Node::start(&place).await;
    publish(&node, vec![rule("own.mode", "info", &["act.mode"]), rule("a.vehicle", "info", &["act.vehicle"])], None).await.unwrap();
    from_above(&node, vec![rule("a.vehicle", "warn", &["act.vehicle"])], NOW + 2 * LEAD).await;
    let told = published(&node).await;
    let (envelope, set) = told.last().unwrap();
    let rules: Vec<String> = set.rules.iter().map(|rule| format!("{} {}", rule.id, rule.severity)).collect();
    assert_eq!(rules, ["a.vehicle warn", "own.mode info"], "the weaker one of our own gives way");
    assert_eq!((micros(set.valid_from.as_ref()), envelope.to.join(" ")), (NOW + 2 * LEAD, "children".into()));

    let refused = publish(&node, vec![rule("a.vehicle", "info", &["act.vehicle"])], None).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);
    assert!(refused.message().contains("a.vehicle"), "{}", refused.message());
    publish(&node, vec![rule("a.vehicle", "block", &["act.vehicle", "act.mode"])], None).await.unwrap();
    let sets: Vec<(i64, Vec<String>)> = published(&node).await.into_iter().skip(2).map(shown).collect();
    let sharper = || vec!["a.vehicle block".to_owned()];
    assert_eq!(sets, [(NOW + LEAD, sharper()), (NOW + 2 * LEAD, sharper())], "said again for the instant that was waiting");
    node.stop().await;
}

fn shown((_, set): (Envelope, RulesPublished)) -> (i64, Vec<String>) {
    (micros(set.valid_from.as_ref()), set.rules.iter().map(|rule| format!("{} {}", rule.id, rule.severity)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_counts_and_keeps_nothing() {
    let place = Place::sqlite().await;
    let mut node = Node::start(&place).await;
    let lines = "
        a1 PRODUCE 5T06:00 farm OUT:I1:ITEM name=苹果
        a2 PRODUCE 5T07:00 farm OUT:I2:ITEM
        a3 PRODUCE 5T07:00 farm OUT:I3:ITEM rejected
        b1 PRODUCE 5T06:00 mill OUT:I4:ITEM by=bolt
        c1 PRODUCE 4T06:00 farm OUT:I5:ITEM
    ";
    node.submit(lines, 2).await;
    let entries = node.entries().await.len();
    let quality = async |from: &str, to: &str| {
        let rules = vec![rule("a.name", "block", &["product.name"]), rule("b.code", "warn", &["product.code"])];
        let request = DryRunRulesRequest { rules, from: from.into(), to: to.into() };
        node.as_principal(&Principal::operator()).quality().dry_run_rules(request).await.map(tonic::Response::into_inner)
    };
    let tried = quality("2026-01-05", "2026-01-05").await.unwrap();
    assert_eq!((tried.records, tried.refused, tried.found, tried.cut), (3, 2, 1, false));
    let counts: Vec<String> = tried.rules.iter().map(|of| format!("{} {} {} {}", of.rule, of.refused, of.found, of.examples[0])).collect();
    assert_eq!(counts, ["a.name 2 0 yantai.ingestion/1/2", "b.code 0 3 yantai.ingestion/1/1"]);
    assert_eq!(tried.providers[0], ProviderCount { provider: "acme".into(), refused: 1, found: 1 });
    assert_eq!(quality("2026-01-04", "2026-01-05").await.unwrap().records, 4);
    for (from, to) in [("2026-01-05", "2026-01-04"), ("2026-01-01", "2026-02-01"), ("yesterday", "2026-01-05")] {
        assert_eq!(quality(from, to).await.unwrap_err().code(), Code::InvalidArgument, "{from}..{to}");
    }
    assert_eq!(node.entries().await.len(), entries);
    node.stop().await;
}
