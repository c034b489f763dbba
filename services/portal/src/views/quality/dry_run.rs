//! Trying draft rules on records of the past: the form, and what they would have found.

use serde::Deserialize;
use tracemesh_proto::quality::v1::{DryRunRulesRequest, DryRunRulesResponse, Rule};

use crate::error::{Fault, Reason, Trouble, Wrong};
use crate::language::Language;
use crate::text::fill;
use crate::views::cell::Cell;
use crate::views::form::{Entries, Field, Form, Input, Refused};
use crate::views::moment;
use crate::views::number::grouped;
use crate::views::part::Part;
use crate::views::quality::{receipt, rules, tabs};
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet};
use crate::views::table::{Row, Table};

/// Where it is.
pub const HREF: &str = "/console/rules/dry-run";
/// Days that are offered to begin with.
const DAYS: i64 = 7;
const EXAMPLE: &str =
    r#"[{"id": "", "version": 1, "dimension": "completeness", "severity": "warn", "kind": "required", "test": {"field": ""}}]"#;

/// A rule as the form spells it; `test` is the JSON that the kind needs, or its text.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Draft {
    id: String,
    version: u32,
    dimension: String,
    severity: String,
    categories: Vec<String>,
    classes: Vec<String>,
    jurisdiction: String,
    kind: String,
    test: serde_json::Value,
    message_zh: String,
    message_en: String,
    remedy_zh: String,
    remedy_en: String,
    source: String,
}

/// What the form asks for; what cannot be read is the fault of its field.
pub fn asked(entries: &Entries) -> Result<DryRunRulesRequest, Trouble> {
    let drafts: Vec<Draft> = serde_json::from_str(&entries.get("rules")).map_err(|fault| unreadable(&fault))?;
    Ok(DryRunRulesRequest { rules: drafts.into_iter().map(rule).collect(), from: entries.get("from"), to: entries.get("to") })
}

fn rule(draft: Draft) -> Rule {
    let test = match draft.test {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        json => json.to_string(),
    };
    Rule {
        id: draft.id,
        version: draft.version,
        dimension: draft.dimension,
        severity: draft.severity,
        categories: draft.categories,
        classes: draft.classes,
        jurisdiction: draft.jurisdiction,
        kind: draft.kind,
        test,
        message_zh: draft.message_zh,
        message_en: draft.message_en,
        remedy_zh: draft.remedy_zh,
        remedy_en: draft.remedy_en,
        source: draft.source,
        ..Rule::default()
    }
}

fn unreadable(fault: &serde_json::Error) -> Trouble {
    let said =
        |language: Language| fill(language.text().quality.unreadable, &[("line", &fault.line().to_string()), ("why", &fault.to_string())]);
    let reason = Reason { chinese: said(Language::Chinese), english: said(Language::English) };
    Trouble::WrongQuestion(Wrong { reason: Reason::default(), faults: vec![Fault { field: "rules".into(), reason }] })
}

/// The page: the form, and the result where there is one.
pub fn page(entries: &Entries, answer: Option<&DryRunRulesResponse>, refused: Option<Refused>, reader: &Reader) -> Sheet {
    let text = &reader.text().quality;
    let sheet =
        Sheet { tabs: tabs(rules::HREF, reader), lead: Some(text.dry_run_lead.to_owned()), ..Sheet::new(Part::Quality, text.dry_run) };
    let sheet = answer.map_or_else(Vec::new, |answer| result(answer, reader)).into_iter().fold(sheet, Sheet::with);
    sheet.with(Section::new("draft", text.draft_rules).with(Block::Form(form(entries, refused, reader))))
}

fn form(entries: &Entries, refused: Option<Refused>, reader: &Reader) -> Form {
    let text = &reader.text().quality;
    let [first, last] = moment::days(DAYS, reader.now);
    let or = |name: &str, usual: &str| if entries.get(name).is_empty() { usual.to_owned() } else { entries.get(name) };
    Form::new("dry-run", HREF, "", text.dry_run_do)
        .with(Field::new("rules", text.draft_rules, Input::Text(12)).hint(text.draft_hint).holding(or("rules", EXAMPLE)))
        .with(Field::new("from", text.from, Input::Day).holding(or("from", &first)))
        .with(Field::new("to", text.to, Input::Day).holding(or("to", &last)))
        .after(refused, reader.language)
}

fn result(answer: &DryRunRulesResponse, reader: &Reader) -> Vec<Section> {
    let text = &reader.text().quality;
    let number = |name: &str, n: u64| (name.to_owned(), grouped(n), Cell::None);
    let [refused, found] = [text.refused, text.found].map(|name| format!("#{name}"));
    let by_rule = answer.rules.iter().map(|rule| {
        let examples = Cell::list(rule.examples.iter().map(|id| receipt(id)).collect());
        Row::new(vec![Cell::said(&rule.rule), Cell::Text(grouped(rule.refused)), Cell::Text(grouped(rule.found)), examples])
    });
    let by_provider = answer.providers.iter().map(|provider| {
        Row::new(vec![Cell::said(&provider.provider), Cell::Text(grouped(provider.refused)), Cell::Text(grouped(provider.found))])
    });
    let figures = vec![number(text.checked, answer.records), number(text.refused, answer.refused), number(text.found, answer.found)];
    let rules = Table::new(&[text.rule, &refused, &found, text.examples]).rows(by_rule).or(&[text.no_hits]);
    let providers = Table::new(&[text.provider, &refused, &found]).rows(by_provider).or(&[text.no_hits]);
    vec![
        Section::new("result", text.result).with(Block::Figures(figures)).with(Block::Table(rules)),
        Section::new("providers", text.by_provider).with(Block::Table(providers)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rules: &str) -> Result<DryRunRulesRequest, Trouble> {
        asked(&Entries(vec![("rules".into(), rules.into())]))
    }

    #[test]
    fn a_test_is_json_or_its_text() {
        let rules = read(r#"[{"id": "a", "test": {"field": "area"}}, {"id": "b", "test": "x > 1"}]"#).expect("readable").rules;
        assert_eq!((rules[0].test.as_str(), rules[1].test.as_str()), (r#"{"field":"area"}"#, "x > 1"));
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_line() {
        let Err(Trouble::WrongQuestion(wrong)) = read("[\n{\"sevrity\": \"warn\"}]") else { panic!("readable") };
        assert!(wrong.faults[0].reason.english.starts_with("The JSON cannot be read, line 2: unknown field `sevrity`"));
    }
}
