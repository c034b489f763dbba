//! The scope of a recall: how much is affected, who has it, and whether that is all. Before an order is drafted it is a preview; with the
//! signature it is frozen.

use tracemesh_access::Role;
use tracemesh_proto::ingestion::v1::{Holding, Missing, ScopeHead, ScopeTotals, Segment, Verdict};

use crate::error::Trouble;
use crate::text::fill;
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::code::Exact;
use crate::views::emergency::board::{measure, quantity};
use crate::views::emergency::{incidents, scope_href, tabs};
use crate::views::form::{Entries, Field, Form, Input, Refused, why};
use crate::views::icon::State;
use crate::views::number::grouped;
use crate::views::part::Part;
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where the preview is.
pub const HREF: &str = "/console/scope";
/// Who may ask for one.
pub const READERS: &[Role] = &[Role::Regulator, Role::SystemAdministrator, Role::Drafter, Role::Reviewer, Role::Signer];
/// Holders on the page; a file has all.
const MAX_ROWS: usize = 50;
/// Reasons that are spelled out.
const MAX_REASONS: usize = 12;

/// A scope that has come whole.
#[derive(Debug, Default)]
pub struct Whole {
    pub head: ScopeHead,
    pub holdings: Vec<Holding>,
}

/// The page: the form, and below it the answer where something was asked.
pub fn page(codes: &[String], answer: Option<&Result<Whole, Trouble>>, query: &Entries, reader: &Reader) -> Sheet {
    let text = &reader.text().emergency;
    let trouble = answer.and_then(|answer| answer.as_ref().err());
    let wrong = trouble.filter(|trouble| matches!(trouble, Trouble::WrongQuestion(_)));
    let refused = wrong.map(|trouble| Refused { form: "scope", entries: query, trouble });
    let form = Form::asking("scope", HREF, "", text.scope_do)
        .with(Field::new("codes", text.codes, Input::Text(3)).hint(text.codes_hint).holding(codes.join("\n")))
        .with(Field::new("local", text.scope_local, Input::Tick).holding(query.get("local")))
        .after(refused, reader.language);
    let sheet =
        Sheet { tabs: tabs(HREF, reader.text()), lead: Some(text.scope_lead.to_owned()), ..Sheet::new(Part::Emergency, text.scope_title) };
    let sheet = sheet.with(Section::new("ask", text.codes).with(Block::Form(form)));
    match answer {
        None => sheet,
        Some(Ok(whole)) => totals(whole, codes, reader).into_iter().fold(sheet, Sheet::with),
        Some(Err(Trouble::NotFound)) => {
            let none = Block::Notice(State::Unknown, vec![text.scope_none.to_owned(), text.scope_none_why.to_owned()]);
            sheet.with(Section::new("totals", text.totals).with(none))
        }
        Some(Err(_)) if wrong.is_some() => sheet,
        Some(Err(trouble)) => sheet.with(Section::new("totals", text.totals).with(Block::Failing(why(trouble, reader.language)))),
    }
}

fn totals(whole: &Whole, codes: &[String], reader: &Reader) -> [Section; 2] {
    let text = &reader.text().emergency;
    let totals = whole.head.totals.clone().unwrap_or_default();
    let number = |name: &str, n: u32| (name.to_owned(), grouped(n), Cell::None);
    let figures = vec![
        number(text.units, totals.units),
        number(text.subjects, totals.subjects),
        number(text.records, totals.records),
        number(text.nodes, totals.nodes),
    ];
    let summary = Section::new("totals", text.totals)
        .noting(reader.as_of())
        .with(Block::Figures(figures))
        .with(verdict(whole.head.verdict.as_ref(), &whole.head.segments, reader))
        .with(Block::Table(measures(&totals, reader)));
    let open = Way::to(
        format!("/console/incidents/new?codes={}", codes.iter().map(|code| escaped(code)).collect::<Vec<_>>().join("%0A")),
        text.open_new,
    );
    let summary = if reader.is_any(incidents::OPENERS) { summary.leading(open) } else { summary };
    let held = Section::new("holders", text.holders)
        .leading(Way::to(format!("{}&as=csv", scope_href(codes)), text.csv))
        .with(Block::Table(holders(&whole.holdings, MAX_ROWS, reader)));
    [summary, held]
}

/// Sums by unit of measure.
pub fn measures(totals: &ScopeTotals, reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    let names = [text.made, text.held, text.used, text.sold, text.destroyed, text.over].map(|name| format!("#{name}"));
    let columns: Vec<&str> = [text.measure].into_iter().chain(names.iter().map(String::as_str)).collect();
    let rows = totals.by_measure.iter().map(|total| {
        let numbers = [&total.made, &total.held, &total.used, &total.sold, &total.destroyed, &total.over].map(|number| quantity(number));
        Row::new([measure(&total.unit_of_measure, reader)].into_iter().chain(numbers).collect())
    });
    Table::new(&columns).rows(rows).or(&[text.no_holders])
}

/// Is that all? An answer without a verdict, or with a node that did not answer, is incomplete.
pub fn verdict(verdict: Option<&Verdict>, segments: &[Segment], reader: &Reader) -> Block {
    let text = &reader.text().emergency;
    let missing = verdict.map_or(&[][..], |verdict| &verdict.missing);
    let silent = segments.iter().filter(|segment| !segment.answered).map(|segment| silent(&segment.node, &segment.area, reader));
    let said = missing.iter().filter(|missing| !(missing.kind == "node_silent" && segments.iter().any(|s| s.node == missing.node)));
    let mut reasons: Vec<String> =
        silent.chain(said.map(|missing| in_words(missing, reader))).filter(|reason| !reason.is_empty()).collect();
    reasons.truncate(MAX_REASONS);
    match verdict.is_some_and(|verdict| verdict.complete) && reasons.is_empty() {
        true => Block::Notice(State::Good, vec![text.complete.to_owned()]),
        false => Block::Notice(State::Attention, [text.incomplete.to_owned()].into_iter().chain(reasons).collect()),
    }
}

fn silent(node: &str, area: &str, reader: &Reader) -> String {
    fill(reader.text().emergency.silent_node, &[("node", &reader.places.node_name(node, area, reader.language))])
}

fn in_words(missing: &Missing, reader: &Reader) -> String {
    match missing.kind.as_str() {
        "node_silent" => silent(&missing.node, "", reader),
        _ => reader.language.pick(&missing.message_zh, &missing.message_en).to_owned(),
    }
}

/// Who has, or had, what is affected: on top what no record says who has, then those that still hold most.
pub fn holders(holdings: &[Holding], most: usize, reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    let mut rows: Vec<&Holding> = holdings.iter().collect();
    rows.sort_by(|a, b| is_named(a).cmp(&is_named(b)).then(amount(&b.held).total_cmp(&amount(&a.held))));
    let numbers = [text.units, text.held, text.made, text.received, text.passed_on, text.used, text.sold, text.destroyed, text.over]
        .map(|name| format!("#{name}"));
    let columns: Vec<&str> = [text.establishment, text.area].into_iter().chain(numbers.iter().map(String::as_str)).collect();
    let left_out = rows.len().saturating_sub(most) as u64;
    Table::new(&columns)
        .rows(rows.into_iter().take(most).map(|holding| holder(holding, reader)))
        .or(&[text.no_holders])
        .and_more((left_out > 0).then(|| Cell::text(text.more_rows.of(left_out))))
}

fn is_named(holding: &Holding) -> bool {
    !(holding.name.is_empty() && holding.subject.is_empty())
}

/// A subject's code without its scheme; a name as it is.
fn bare(subject: &str) -> &str {
    Exact::read(subject).map_or(subject, |exact| exact.value)
}

/// For ordering alone: what is shown is the text.
fn amount(number: &str) -> f64 {
    number.parse().unwrap_or_default()
}

fn holder(holding: &Holding, reader: &Reader) -> Row {
    let text = &reader.text().emergency;
    let name = match (holding.name.as_str(), holding.subject.as_str()) {
        ("", "") => Cell::State(State::Unknown, text.unnamed.to_owned()),
        ("", subject) => Cell::said(bare(subject)),
        (name, subject) => Cell::said(name).over(Cell::said(bare(subject))),
    };
    let place = reader.place(&holding.area).over(Cell::said(&holding.node));
    let partial = if holding.partial { Cell::text(text.partial) } else { Cell::None };
    let of = holding;
    let amounts = [&of.held, &of.made, &of.received, &of.passed_on, &of.used, &of.sold, &of.destroyed, &of.over];
    let mut amounts = amounts.map(|number| quantity(number)).into_iter();
    let held = amounts.next().unwrap_or_default().over(measure(&holding.unit_of_measure, reader)).over(partial);
    Row::new([name, place, Cell::Text(grouped(holding.units)), held].into_iter().chain(amounts).collect()).hatched(!is_named(holding))
}
