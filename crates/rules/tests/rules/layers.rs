//! A node may add and sharpen, never weaken.

use serde_json::json;
use tracemesh_rules::{Rule, Severity, Weaker, layer, weakens};

use crate::material::rule;

fn above() -> Rule {
    Rule { categories: vec!["FOOD".into()], ..rule("a.fields", "required", json!({"fields": ["product.name", "product.spec"]})) }
}

/// In what a rule is weaker than the one above.
fn how(own: Rule) -> Vec<Weaker> {
    weakens(&[above()], &[own]).into_iter().map(|weakened| weakened.how).collect()
}

#[test]
fn what_is_weaker_is_named_in_everything() {
    assert_eq!(weakens(&[above()], &[])[0].how, Weaker::Missing);
    assert_eq!(how(above()), []);
    let from = "2026-01-01T00:00:00Z".parse().ok();
    let weak = Rule {
        severity: Severity::Info,
        classes: vec!["RETAIL".into()],
        valid_from: from,
        test: json!({"fields": ["product.name"]}),
        ..above()
    };
    assert_eq!(how(weak), [Weaker::Severity, Weaker::Scope, Weaker::Period, Weaker::Test]);
    assert_eq!(how(Rule { jurisdiction: "370000".into(), ..above() }), [Weaker::Scope]);
    assert_eq!(how(Rule { kind: "range".into(), test: json!({"field": "act.amount"}), ..above() }), [Weaker::Test]);
}

#[test]
fn what_is_sharper_is_not_weaker() {
    let fields = json!({"fields": ["product.spec", "product.name", "act.voucher"]});
    assert_eq!(how(Rule { severity: Severity::Block, categories: vec![], test: fields, ..above() }), []);
}

#[test]
fn a_layer_keeps_what_is_above_and_takes_what_is_sharper_or_new() {
    let sharper = Rule { severity: Severity::Block, ..above() };
    let weaker = Rule { id: "b.name".into(), severity: Severity::Info, ..above() };
    let over = [above(), Rule { id: "b.name".into(), ..above() }];
    let own = [sharper.clone(), weaker, rule("c.own", "required", json!({"fields": ["act.vehicle"]}))];
    let layered = layer(&over, &own);
    assert_eq!(layered.iter().map(|rule| rule.id.as_str()).collect::<Vec<_>>(), ["a.fields", "b.name", "c.own"]);
    assert_eq!((&layered[0], &layered[1]), (&sharper, &over[1]));
    assert_eq!(weakens(&over, &layered), []);
}
