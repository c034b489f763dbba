//! Rules that are none: every fault at once, and nothing that would cost without bound.

use serde_json::{Value, json};
use tracemesh_rules::{MOST_RULES, Rule, RuleSet};

use crate::material::rule;

fn problems(rules: Vec<Rule>) -> Vec<String> {
    let faults = RuleSet::compile("t/1", rules).unwrap_err();
    faults.into_iter().map(|fault| format!("{}: {}", fault.place, fault.problem)).collect()
}

fn problem(kind: &str, test: Value) -> String {
    problems(vec![rule("a.b", kind, test)]).join("\n")
}

#[test]
fn every_fault_of_every_rule_at_once() {
    let first = Rule { version: 0, remedy_en: String::new(), ..rule("A", "required", json!({"fields": ["product.colour", "x|y"]})) };
    let second = rule("a.b", "range", json!({"field": "act.amount", "min": "1e3", "max": "-1"}));
    assert_eq!(
        problems(vec![first, second.clone(), second]),
        [
            "rules[0].id: \"A\" is not dotted lower-case words of at most 64 bytes",
            "rules[0].version: versions begin with 1",
            "rules[0].remedy_en: is missing",
            "rules[0].test: \"product.colour\" is no field of a record",
            "rules[0].test: \"x\" is no field of a record",
            "rules[0].test: \"y\" is no field of a record",
            "rules[1].test: the bound \"1e3\" is not a plain decimal",
            "rules[1].test: the bound \"-1\" is below zero",
            "rules[2].id: \"a.b\" stands twice",
            "rules[2].test: the bound \"1e3\" is not a plain decimal",
            "rules[2].test: the bound \"-1\" is below zero",
        ]
    );
}

#[test]
fn a_test_that_is_none_says_why() {
    assert!(problem("cel", json!({})).contains("kind \"cel\" is none of"));
    assert!(problem("required", json!({"field": "product.name"})).contains("unknown field"));
    assert!(problem("format", json!({"field": "product.name"})).contains("either a pattern"));
    assert!(problem("format", json!({"field": "product.name", "pattern": "("})).contains("the pattern is none"));
    assert!(problem("format", json!({"field": "product.name", "pattern": "[\\w]{1000}{1000}"})).contains("the pattern is none"));
    assert!(problem("deadline", json!({"from": "event_time", "within": {"day_of_next_month": 31}})).contains("1 to 28"));
    assert!(problem("one_of", json!({"field": "act.mode", "values": []})).contains("needs 1 to 64 entries"));
}

#[test]
fn an_expression_is_bounded_in_breadth_and_depth() {
    let leaf = json!({"required": {"fields": ["product.name"]}});
    let wide = json!({"all": vec![leaf.clone(); 65]});
    let deep = (0..10).fold(leaf.clone(), |inner, _| json!({"not": inner}));
    let bushy = json!({"all": vec![json!({"any": vec![leaf; 9]}); 8]});
    for test in [wide, deep, bushy] {
        assert!(problem("expression", test).contains("more than 64 parts, or is nested more than 8 deep"));
    }
    let endless = (0..100).fold(json!(1), |inner, _| json!({"not": inner}));
    assert!(!problem("expression", endless).is_empty());
}

#[test]
fn a_set_is_bounded_too() {
    let many = (0..=MOST_RULES).map(|n| rule(&format!("a.n{n}"), "required", json!({"fields": ["product.name"]}))).collect();
    assert_eq!(problems(many), ["rules: more than 500 rules"]);
}
