//! What tests say of absent fields, of lists, and joined.

use serde_json::{Value, json};
use tracemesh_rules::{Rule, RuleSet};

use crate::material::{ask, micros, record, rule};

const AT: &str = "2026-11-24T09:00:00+08:00";

/// The places where the sound record with these changes breaks a test.
fn places(kind: &str, test: Value, changes: Value) -> Vec<(String, String)> {
    places_of(rule("a.b", kind, test), changes)
}

fn places_of(rule: Rule, changes: Value) -> Vec<(String, String)> {
    let set = RuleSet::compile("t/1", vec![rule]).unwrap();
    ask(&set, &record(&changes, micros(AT)), micros(AT)).into_iter().map(|broken| (broken.field, broken.value)).collect()
}

#[test]
fn what_is_not_there_breaks_nothing_but_required() {
    let gone = || json!({"evidence": []});
    assert_eq!(places("one_of", json!({"field": "evidence.result", "values": ["FAIL"]}), gone()), []);
    assert_eq!(places("expression", json!({"not": {"one_of": {"field": "evidence.result", "values": ["PASS"]}}}), gone()), []);
    assert_eq!(places("required", json!({"fields": ["evidence.result"]}), gone()), [("evidence.result".into(), String::new())]);
}

#[test]
fn each_element_of_a_list_is_named_ten_at_most() {
    let units: Vec<Value> = (0..30).map(|n| json!({"role": "OUTPUT", "code": {"scheme": "opaque", "value": format!("L{n}")}})).collect();
    let test = json!({"field": "units[OUTPUT].code", "pattern": "L[0-4]"});
    let found = places("format", test, json!({"units": units}));
    assert_eq!((found.len(), &found[0]), (10, &("units[5].code".to_owned(), "L5".to_owned())));
}

#[test]
fn a_pattern_is_about_the_whole_value() {
    let test = |pattern: &str| json!({"field": "product.name", "pattern": pattern});
    assert_eq!(places("format", test("苹果"), json!({})).len(), 1);
    assert_eq!(places("format", test("梨|苹果.*"), json!({})), []);
}

#[test]
fn one_silence_leaves_a_decided_answer_decided() {
    let (yes, no) = (json!({"required": {"fields": ["product.name"]}}), json!({"required": {"fields": ["act.vehicle"]}}));
    let silent = json!({"one_of": {"field": "act.mode", "values": ["x"]}});
    let is_broken = |test: Value| !places("expression", test, json!({})).is_empty();
    assert!(is_broken(json!({"all": [silent, no]})) && !is_broken(json!({"all": [silent, yes]})));
    assert!(!is_broken(json!({"any": [silent, no]})) && is_broken(json!({"any": [no]})));
    assert!(is_broken(json!({"not": yes})) && !is_broken(json!({"not": silent})));
}

#[test]
fn numbers_days_and_instants_compare_with_their_like() {
    let compare =
        |left: &str, is: &str, right: &str| places("comparison", json!({"left": left, "is": is, "right": right}), json!({})).len();
    assert_eq!(compare("product.produced_on", "<", "event_time"), 0);
    assert_eq!(compare("event_time", "<", "product.produced_on"), 1);
    assert_eq!(compare("received_at", "<=", "event_time"), 1);
    assert_eq!(compare("product.name", "=", "product.name"), 0);
    assert_eq!(compare("product.name", "!=", "product.name"), 1);
    assert_eq!(compare("product.name", "<", "event_time"), 0, "a name and a time have no order");
    assert_eq!(places("range", json!({"field": "revision", "min": "2"}), json!({})), [("revision".into(), "1".into())]);
}

#[test]
fn a_rule_is_about_its_categories_classes_and_areas_alone() {
    let failing = || rule("a.b", "required", json!({"fields": ["act.vehicle"]}));
    let about = |categories: &[&str], classes: &[&str], jurisdiction: &str| {
        let list = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let rule = Rule { categories: list(categories), classes: list(classes), jurisdiction: jurisdiction.into(), ..failing() };
        !places_of(rule, json!({})).is_empty()
    };
    assert!(about(&[], &[], "") && about(&["DRUG", "FOOD"], &["RETAIL", "WHOLESALE"], "370000"));
    assert!(!about(&["DRUG"], &[], "") && !about(&[], &["RETAIL"], "") && !about(&[], &[], "350000"));
}
