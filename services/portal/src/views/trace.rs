//! The chain around a code as those see it who watch over it: drawn both ways with quantities, borders between platforms and missing hops;
//! and the same as a table with the parties, and as a file.

pub mod graph;

use std::collections::HashMap;

use tracemesh_proto::ingestion::v1::{ChainRecord, TraceRequest, TraceResponse};

use crate::error::Trouble;
use crate::views::candidates::{self, escaped};
use crate::views::cell::Cell;
use crate::views::code::Exact;
use crate::views::emergency::scope_href;
use crate::views::form::{Entries, Field, Form, Input, Refused, choices, why};
use crate::views::icon::State;
use crate::views::moment;
use crate::views::number::grouped;
use crate::views::part::Part;
use crate::views::platforms::Platforms;
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};
use crate::views::verdict::verdict;

/// Where it is.
pub const HREF: &str = "/console/trace";
/// Rows on the page; a file has all.
const MAX_ROWS: usize = 100;
/// Units of one record that are listed.
const MAX_UNITS: usize = 6;

/// What the address asks the service for; None without a code.
pub fn asked(query: &Entries) -> Option<TraceRequest> {
    let code = query.get("code");
    (!code.is_empty()).then(|| TraceRequest { code, direction: query.get("direction"), ..TraceRequest::default() })
}

/// The page.
pub fn page(answer: Option<&Result<TraceResponse, Trouble>>, query: &Entries, reader: &Reader) -> Sheet {
    let text = &reader.text().trace;
    let trouble = answer.and_then(|answer| answer.as_ref().err()).filter(|trouble| matches!(trouble, Trouble::WrongQuestion(_)));
    let form = Form::asking("trace", HREF, "", text.look)
        .with(Field::new("code", text.ask, Input::Line(512)).hint(text.ask_hint).holding(query.get("code")))
        .with(Field::new("direction", text.direction, choices(text.directions)).holding(query.get("direction")))
        .after(trouble.map(|trouble| Refused { form: "trace", entries: query, trouble }), reader.language);
    let sheet = Sheet::new(Part::Trace, text.title).with(Section::new("ask", text.ask).with(Block::Form(form)));
    let nobody = || Block::Notice(State::Unknown, vec![text.none.to_owned(), text.none_why.to_owned()]);
    match answer {
        None | Some(Err(Trouble::WrongQuestion(_))) => sheet,
        Some(Err(Trouble::NotFound)) => sheet.with(Section::new("chain", text.chain).with(nobody())),
        Some(Err(trouble)) => sheet.with(Section::new("chain", text.chain).with(Block::Failing(why(trouble, reader.language)))),
        Some(Ok(answer)) => sheet.with(chain(answer, query, reader)).with(records(answer, query, reader)).with(nodes(answer, reader)),
    }
}

fn chain(answer: &TraceResponse, query: &Entries, reader: &Reader) -> Section {
    let text = &reader.text().trace;
    let code = answer.candidates.iter().find(|candidate| candidate.hit).map_or_else(|| query.get("code"), candidates::exact);
    let verdict = verdict(answer, &Platforms::of(answer, reader.places, reader.language));
    let said = verdict.missing.iter().map(|missing| missing.as_str().to_owned());
    let lines = [verdict.sentence.to_owned()].into_iter().chain(said).collect();
    let section = Section::new("chain", text.chain)
        .noting(reader.as_of())
        .leading(Way::to(candidates::href(&code), text.public_page))
        .leading(Way::to(scope_href(std::slice::from_ref(&code)), text.look_at_scope))
        .with(Block::Notice(verdict.state, lines));
    if answer.records.is_empty() { section } else { section.with(Block::Graph(graph::graph(answer, reader))) }
}

fn records(answer: &TraceResponse, query: &Entries, reader: &Reader) -> Section {
    let text = &reader.text().trace;
    let most = if query.get("as") == "csv" { usize::MAX } else { MAX_ROWS };
    let codes: HashMap<&str, &str> = answer.units.iter().map(|unit| (unit.key.as_str(), unit.code.as_str())).collect();
    let mut records: Vec<&ChainRecord> = answer.records.iter().collect();
    records.sort_by_key(|record| moment::claimed(&record.event_time));
    let left_out = records.len().saturating_sub(most) as u64;
    let columns =
        [text.stage, text.when, text.place, text.responsible, text.source, text.destination, text.product, text.units, text.inspection];
    let table = Table::new(&columns)
        .rows(records.into_iter().take(most).map(|record| row(record, &codes, reader)))
        .or(&[text.none, text.none_why])
        .and_more((left_out > 0).then(|| Cell::text(text.more.of(left_out))));
    let csv = format!("{HREF}?code={}&direction={}&as=csv", escaped(&query.get("code")), escaped(&query.get("direction")));
    Section::new("records", text.records).leading(Way::to(csv, text.csv)).with(Block::Table(table))
}

fn row(record: &ChainRecord, codes: &HashMap<&str, &str>, reader: &Reader) -> Row {
    let (text, words) = (&reader.text().trace, &reader.text().words);
    let units = record.roles.iter().take(MAX_UNITS).map(|role| {
        let code = codes.get(role.unit.as_str()).copied().unwrap_or(&role.unit);
        let short = Exact::read(code).map_or(code, |exact| exact.value);
        let said = Cell::said(&format!("{} {short}", reader.word(text.unit_roles, &role.role)));
        let amount = format!("{} {}", grouped(&role.quantity), reader.word(words.units, &role.unit_of_measure));
        if role.quantity.is_empty() { said } else { said.over(Cell::said(&amount)) }
    });
    let more = (record.roles.len() > MAX_UNITS).then(|| Cell::text("…"));
    let inspection = match record.inspection.as_str() {
        "PASS" => Cell::State(State::Good, reader.text().chain.result_pass.to_owned()),
        "FAIL" => Cell::State(State::Bad, reader.text().chain.result_fail.to_owned()),
        _ => Cell::None,
    };
    Row::new(vec![
        Cell::text(reader.word(words.stages, &record.class)).over(Cell::said(&record.record_id)),
        Cell::when(moment::claimed(&record.event_time).map(|at| moment::minute(at, reader.text()))),
        reader.place(&record.area).over(Cell::said(&record.node)),
        Cell::said(&record.responsible).over(Cell::said(&record.provider)),
        Cell::said(&record.source),
        Cell::said(&record.destination),
        Cell::said(&record.product),
        Cell::list(units.chain(more).collect()),
        inspection,
    ])
}

fn nodes(answer: &TraceResponse, reader: &Reader) -> Section {
    let text = &reader.text().trace;
    let row = |segment: &tracemesh_proto::ingestion::v1::Segment| {
        let state = match segment.answered {
            true => Cell::State(State::Good, text.answered.of(segment.records.into())),
            false => Cell::State(State::Attention, text.not_answered.to_owned()).over(reader.minute(segment.last_seen.as_ref())),
        };
        Row::new(vec![reader.called(&segment.node, &segment.area), state]).hatched(!segment.answered)
    };
    let table = Table::new(&[text.node, reader.text().emergency.state]).rows(answer.segments.iter().map(row));
    Section::new("nodes", text.silent).with(Block::Table(table.or(&[reader.text().chain.complete_why])))
}
