//! The catalogue of rules: every version that is or will be in force, what it checks, where and since when.

use tracemesh_access::Role;
use tracemesh_proto::quality::v1::{ListRulesResponse, Rule};

use crate::error::Trouble;
use crate::text::fill;
use crate::views::cell::Cell;
use crate::views::icon::State;
use crate::views::moment;
use crate::views::panel;
use crate::views::part::Part;
use crate::views::quality::tabs;
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where the catalogue is.
pub const HREF: &str = "/console/rules";
/// Who may try a draft.
pub const TRIERS: &[Role] = &[Role::Regulator, Role::SystemAdministrator];

/// The page.
pub fn list(answer: &Result<ListRulesResponse, Trouble>, reader: &Reader) -> Sheet {
    let text = &reader.text().quality;
    let section = Section::new("rules", text.rules);
    let section = if reader.is_any(TRIERS) { section.leading(Way::to("/console/rules/dry-run", text.dry_run)) } else { section };
    let section = match answer {
        Err(trouble) => section.with(Block::Failing(panel::sentence(trouble, text.part, reader.language))),
        Ok(answer) => {
            let version = fill(text.set_version, &[("v", &answer.version)]);
            let note = if answer.version.is_empty() { Cell::None } else { Cell::said(&version) };
            section.noting(note).leading(Way::to(format!("{HREF}?as=csv"), text.csv)).with(Block::Table(table(&answer.rules, reader)))
        }
    };
    Sheet { tabs: tabs(HREF, reader), ..Sheet::new(Part::Quality, text.rules) }.with(section)
}

fn table(rules: &[Rule], reader: &Reader) -> Table {
    let text = &reader.text().quality;
    let version = format!("#{}", text.version);
    Table::new(&[text.rule, &version, text.severity, text.applies, text.test, text.valid, text.publisher])
        .rows(rules.iter().map(|rule| row(rule, reader)))
        .or(&[text.no_rules, text.no_rules_why])
}

fn row(rule: &Rule, reader: &Reader) -> Row {
    let text = &reader.text().quality;
    let state = match rule.severity.as_str() {
        "block" => State::Bad,
        "warn" => State::Attention,
        _ => State::Note,
    };
    let message = reader.language.pick(&rule.message_zh, &rule.message_en);
    Row::new(vec![
        Cell::said(&rule.id).over(Cell::said(message)),
        Cell::text(rule.version.to_string()),
        Cell::State(state, reader.word(text.severities, &rule.severity)).over(Cell::text(reader.word(text.dimensions_of, &rule.dimension))),
        applies(rule, reader),
        Cell::said(&rule.kind).over(Cell::said(&rule.test)),
        Cell::said(&valid(rule, reader)),
        Cell::said(&rule.publisher).over(Cell::said(&rule.source)),
    ])
}

fn applies(rule: &Rule, reader: &Reader) -> Cell {
    let (text, words) = (&reader.text().quality, &reader.text().words);
    let categories = rule.categories.iter().map(|category| reader.word(words.categories, category));
    let classes = rule.classes.iter().map(|class| reader.word(words.stages, class));
    let named: Vec<String> = categories.chain(classes).collect();
    let named = if named.is_empty() { text.everything.to_owned() } else { named.join(reader.text().time.comma) };
    let place = reader.place(&rule.jurisdiction);
    Cell::said(&named).over(if place.is_none() { Cell::text(text.everywhere) } else { place })
}

fn valid(rule: &Rule, reader: &Reader) -> String {
    let text = &reader.text().quality;
    let day = |at: Option<&prost_types::Timestamp>| moment::from_wire(at).map(|at| moment::day(at, reader.text()).text().to_owned());
    let from = day(rule.valid_from.as_ref()).unwrap_or_default();
    match day(rule.valid_to.as_ref()) {
        Some(to) => fill(text.valid_span, &[("from", &from), ("to", &to)]),
        None if from.is_empty() => String::new(),
        None => fill(text.valid_from, &[("from", &from)]),
    }
}
