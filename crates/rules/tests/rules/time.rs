//! Sets and rules in time: by the instant of receipt, to the microsecond.

use std::sync::Arc;

use serde_json::json;
use tracemesh_rules::{DEFAULT_VERSION, Reception, Rule, RuleSet, Rules, default_set};

use crate::material::{ask, micros, record, rule};

fn named(version: &str) -> Arc<RuleSet> {
    Arc::new(RuleSet::compile(version, vec![]).unwrap())
}

#[test]
fn a_set_holds_from_its_instant_on() {
    let mut rules = Rules::new(default_set());
    rules.publish(2_000, named("n/2"));
    rules.publish(1_000, named("n/1"));
    let at = |micros| rules.at(micros).version().to_owned();
    assert_eq!([at(i64::MIN), at(999), at(1_000), at(1_999), at(2_000)], [DEFAULT_VERSION, DEFAULT_VERSION, "n/1", "n/1", "n/2"]);
    rules.publish(2_000, named("n/3"));
    assert_eq!(rules.at(2_000).version(), "n/3");
    assert!(rules.version("n/1").is_some() && rules.version("n/4").is_none());
}

#[test]
fn a_rule_holds_from_and_to_an_instant() {
    let (from, to) = ("2026-11-24T01:00:00Z", "2026-11-24T02:00:00Z");
    let failing = rule("a.b", "required", json!({"fields": ["act.vehicle"]}));
    let set = RuleSet::compile("t/1", vec![Rule { valid_from: from.parse().ok(), valid_to: to.parse().ok(), ..failing }]).unwrap();
    let record = record(&json!({}), micros(to));
    let broken = |at: i64| !ask(&set, &record, at).is_empty();
    assert_eq!([broken(micros(from) - 1), broken(micros(from)), broken(micros(to) - 1), broken(micros(to))], [false, true, true, false]);
}

#[test]
fn a_rule_decides_for_the_form_check_only_where_it_is_about_the_record() {
    let at = micros("2026-11-24T09:00:00+08:00");
    let decides = |category: &str| {
        let record = record(&json!({"category": category}), at);
        let reception = Reception { received_at: at, provider: "acme", lies_in: &|_| false };
        default_set().decides("record.event_time.late", &record, reception)
    };
    assert!(decides("RARE_EARTH") && !decides("FOOD"));
}
