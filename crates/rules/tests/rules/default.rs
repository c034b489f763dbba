//! The rules that every node begins with: each passes a record, and each catches one where it should.

use std::collections::BTreeSet;

use tracemesh_rules::{Severity, default_rules, default_set};

use crate::material::{ask, fixtures, micros, record};

#[test]
fn every_rule_has_a_record_that_keeps_it_and_one_that_breaks_it() {
    let (fixtures, set) = (fixtures(), default_set());
    let (mut wrong, mut tried) = (Vec::new(), BTreeSet::new());
    for (id, case) in fixtures["rules"].as_object().unwrap() {
        let at = micros(case["received_at"].as_str().unwrap());
        let broken = |which: &str| -> Vec<String> {
            let record = record(&case[which], at);
            ask(&set, &record, at).into_iter().filter(|broken| broken.rule.id == *id).map(|broken| broken.field).collect()
        };
        if !broken("pass").is_empty() || broken("fail") != [case["field"].as_str().unwrap()] {
            wrong.push(format!("{id}: {:?} and {:?}", broken("pass"), broken("fail")));
        }
        tried.insert(id.clone());
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(tried, default_rules().into_iter().map(|rule| rule.id).collect(), "a rule without a fixture, or a fixture without a rule");
}

#[test]
fn a_sound_record_breaks_nothing() {
    let at = micros("2026-11-24T09:00:00+08:00");
    assert_eq!(ask(&default_set(), &record(&serde_json::json!({}), at), at), []);
}

#[test]
fn texts_are_whole_sentences_in_both_languages_and_accuse_nobody() {
    for rule in default_rules() {
        let chinese = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        for zh in [&rule.message_zh, &rule.remedy_zh] {
            assert!(chinese(zh) && zh.ends_with('。') && !zh.contains("假"), "{}: {zh}", rule.id);
        }
        for en in [&rule.message_en, &rule.remedy_en] {
            assert!(!chinese(en) && en.ends_with('.') && !en.contains("fake") && !en.contains("fraud"), "{}: {en}", rule.id);
        }
        assert_ne!(rule.severity, Severity::Block, "{}: a node begins with warnings; only form rejects", rule.id);
    }
}
