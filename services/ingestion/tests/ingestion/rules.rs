//! Rules that quality publishes: they hold from their instant of receipt on, to the microsecond, and say what they want in both languages.

use prost::Message;
use serde_json::{Value, json};
use tracemesh_chassis::Clock;
use tracemesh_journal::{Entry, Envelope, Journal};
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::quality::v1::RulesPublished;
use tracemesh_proto::rules;
use tracemesh_proto::time::{micros, timestamp};
use tracemesh_rules::{DEFAULT_VERSION, Rule};

use crate::caller::{Caller, end};
use crate::node::Node;
use crate::records::harvest;

/// How far ahead rules are published: longer than it takes to hear of them.
const AHEAD: i64 = 4_000_000;
const SECOND: i64 = 1_000_000;

fn rule(id: &str, severity: &str, field: &str) -> Rule {
    let written = json!({
        "id": id, "version": 3, "dimension": "completeness", "severity": severity, "kind": "required", "test": {"fields": [field]},
        "message_zh": "缺少{field}。", "message_en": "{field} is missing.", "remedy_zh": "请补齐。", "remedy_en": "Fill it in.", "source": "ours"
    });
    serde_json::from_value(written).unwrap()
}

async fn publish(quality: &Journal, version: &str, from: i64, rules: &[Rule]) {
    let rules = rules.iter().map(rules::write).collect();
    let set = RulesPublished { version: version.into(), valid_from: Some(timestamp(from)), rules, ..RulesPublished::default() };
    let envelope = Envelope { kind: "rules.published".into(), ..Envelope::default() };
    let tx = quality.database().begin().await.unwrap();
    quality.append(&tx, &[Entry::new(&envelope, set.encode_to_vec())]).await.unwrap();
    tx.commit().await.unwrap();
    quality.committed();
}

/// Streams records, one after the other's receipt, until one is received at `until` or later.
async fn stream_until(acme: &Caller, until: i64) -> Vec<(Value, Receipt)> {
    let mut answered = Vec::new();
    loop {
        let record = harvest(&format!("r{}", answered.len()), "lot");
        let receipt = acme.submit_one(&record).await;
        let received_at = micros(receipt.received_at.as_ref());
        answered.push((record, receipt));
        if received_at >= until {
            return answered;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_holds_from_its_instant_on_while_submissions_stream_in() {
    let (node, quality) = Node::start_beside_quality().await;
    let acme = node.provider("acme").await;
    let from = Clock::system().now_micros() + AHEAD;
    publish(&quality, "local/1", from, &[rule("t.vehicle", "block", "act.vehicle"), rule("t.mode", "warn", "act.mode")]).await;
    let answered = stream_until(&acme, from + SECOND).await;
    let (before, after): (Vec<_>, Vec<_>) = answered.iter().partition(|(_, receipt)| micros(receipt.received_at.as_ref()) < from);
    assert!(!before.is_empty() && !after.is_empty());
    for (_, receipt) in before.iter() {
        assert_eq!((receipt.rule_version.as_str(), end(receipt).as_str()), (DEFAULT_VERSION, "ACCEPTED"), "{receipt:?}");
    }
    for (_, receipt) in after.iter() {
        assert_eq!((receipt.rule_version.as_str(), end(receipt).as_str()), ("local/1", "rule.t.vehicle"), "{receipt:?}");
    }

    let (record, first) = before[0];
    let again = acme.submit_one(record).await;
    assert_eq!(
        (end(&again).as_str(), &again.first),
        ("DUPLICATE", &first.id),
        "what was accepted before is not refused when it is repeated"
    );
    let refused = &after[0].1;
    assert_eq!(acme.receipt(&refused.id).await.unwrap(), *refused, "the same words later");
    let reason = &refused.reasons[0];
    let said = [&reason.field, &reason.rule, &reason.message_zh, &reason.message_en, &reason.remedy_en].map(String::as_str);
    assert_eq!(said, ["act.vehicle", "t.vehicle/3", "缺少act.vehicle。", "act.vehicle is missing.", "Fill it in."]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_warns_and_the_form_check_does_not_say_it_again() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    let mut sale = harvest("1", "lot-1");
    sale["class"] = json!("WHOLESALE");
    sale["category"] = json!("FOOD");
    let receipt = acme.submit_one(&sale).await;
    let found: Vec<&str> = receipt.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(receipt.rule_version, DEFAULT_VERSION);
    assert!(found.contains(&"rule.food.trader.fields") && !found.contains(&"record.legal_fields.absent"), "{found:?}");
}
