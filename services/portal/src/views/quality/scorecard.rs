//! The scorecard: indicators with their numerators and denominators, findings by the six dimensions of GB/T 36344, over days and by group;
//! each true as of a named entry.

use tracemesh_proto::quality::v1::{GetScorecardRequest, GetScorecardResponse, Indicator, ScoreRow};

use crate::error::Trouble;
use crate::text::{fill, word};
use crate::views::cell::Cell;
use crate::views::form::{Entries, Field, Form, Input, Refused, choices};
use crate::views::icon::State;
use crate::views::moment;
use crate::views::number::{grouped, percent};
use crate::views::panel;
use crate::views::part::Part;
use crate::views::quality::{asking, tabs};
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where it is.
pub const HREF: &str = "/console/scorecard";
const ASKED: [&str; 5] = ["from", "to", "by", "area", "category"];
/// Days without a choice: the last 30.
const DAYS: i64 = 30;
/// Rows on the page; a file has all.
const MAX_ROWS: usize = 200;

/// What the address asks the service for.
pub fn asked(query: &Entries, reader: &Reader) -> GetScorecardRequest {
    let [first, last] = moment::days(DAYS, reader.now);
    let or = |name: &str, usual: String| if query.get(name).is_empty() { usual } else { query.get(name) };
    GetScorecardRequest {
        from: or("from", first),
        to: or("to", last),
        by: vec![or("by", "area".into())],
        area: query.get("area"),
        category: query.get("category"),
    }
}

/// The page.
pub fn page(request: &GetScorecardRequest, answer: &Result<GetScorecardResponse, Trouble>, query: &Entries, reader: &Reader) -> Sheet {
    let text = &reader.text().quality;
    let sheet = Sheet { tabs: tabs(HREF, reader), ..Sheet::new(Part::Quality, text.scorecard) };
    let ask = Section::new("range", text.range).with(Block::Form(ask(request, answer, query, reader)));
    match answer {
        Err(Trouble::WrongQuestion(_)) => sheet.with(ask),
        Err(trouble) => {
            let failing = Block::Failing(panel::sentence(trouble, text.part, reader.language));
            sheet.with(Section::new("indicators", text.indicators).with(failing)).with(ask)
        }
        Ok(answer) => {
            let sections =
                [indicators(answer, reader), dimensions(answer, reader), rows(request, answer, query, reader), ask, meanings(reader)];
            sections.into_iter().fold(sheet, Sheet::with)
        }
    }
}

fn ask(request: &GetScorecardRequest, answer: &Result<GetScorecardResponse, Trouble>, query: &Entries, reader: &Reader) -> Form {
    let text = &reader.text().quality;
    let trouble = answer.as_ref().err().filter(|trouble| matches!(trouble, Trouble::WrongQuestion(_)));
    Form::asking("range", HREF, "", text.show)
        .with(Field::new("from", text.from, Input::Day).holding(request.from.clone()))
        .with(Field::new("to", text.to, Input::Day).holding(request.to.clone()))
        .with(Field::new("by", text.by_what, choices(text.bys)).holding(request.by.first().cloned().unwrap_or_default()))
        .with(Field::new("area", text.area, Input::Line(64)).optional().holding(request.area.clone()))
        .with(Field::new("category", text.category, Input::Line(64)).optional().holding(request.category.clone()))
        .after(trouble.map(|trouble| Refused { form: "range", entries: query, trouble }), reader.language)
}

fn indicators(answer: &GetScorecardResponse, reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let total = answer.total.clone().unwrap_or_default();
    let figure = |(id, name): &(&str, &str)| {
        let known = total.indicators.iter().find(|indicator| indicator.id == *id).cloned().unwrap_or_default();
        ((*name).to_owned(), rate(&known), ratio(&known, reader))
    };
    let figures = Block::Figures(text.indicators_of.iter().map(figure).collect());
    let section = Section::new("indicators", text.indicators).noting(as_of(answer, reader)).with(figures);
    let missing = answer.missing.iter().map(|node| fill(text.missing, &[("node", node)])).collect::<Vec<_>>();
    if missing.is_empty() { section } else { section.with(Block::Notice(State::Attention, missing)) }
}

fn as_of(answer: &GetScorecardResponse, reader: &Reader) -> Cell {
    let Some(as_of) = &answer.as_of else { return Cell::None };
    let at = moment::from_wire(as_of.time.as_ref()).map(|at| moment::second(at, reader.now, reader.text()));
    let time = at.map_or_else(String::new, |at| at.text().to_owned());
    Cell::text(format!("{} {time} · {}/{}/{}", reader.text().quality.as_of, as_of.journal, as_of.epoch, as_of.seq))
}

fn rate(indicator: &Indicator) -> String {
    percent(&indicator.rate).unwrap_or_else(|| "–".into())
}

fn ratio(indicator: &Indicator, reader: &Reader) -> Cell {
    let text = &reader.text().quality;
    match indicator.denominator {
        0 => Cell::text(text.no_denominator),
        of => Cell::text(fill(text.ratio, &[("n", &grouped(indicator.numerator)), ("d", &grouped(of))])),
    }
}

fn dimensions(answer: &GetScorecardResponse, reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let total = answer.total.clone().unwrap_or_default();
    let figure = |(id, name): &(&str, &str)| ((*name).to_owned(), grouped(findings(&total, id)), Cell::None);
    Section::new("dimensions", text.dimensions).with(Block::Figures(text.dimensions_of.iter().map(figure).collect()))
}

fn findings(row: &ScoreRow, dimension: &str) -> u64 {
    row.dimensions.iter().filter(|count| count.dimension == dimension).map(|count| count.findings).sum()
}

fn rows(request: &GetScorecardRequest, answer: &GetScorecardResponse, query: &Entries, reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let by = request.by.first().map_or("area", String::as_str);
    let numbers = [text.records].into_iter().chain(text.indicators_of.iter().map(|(_, name)| *name));
    let columns: Vec<String> = [reader.word(text.bys, by)].into_iter().chain(numbers.map(|name| format!("#{name}"))).collect();
    let most = if query.get("as") == "csv" { usize::MAX } else { MAX_ROWS };
    let left_out = answer.rows.len().saturating_sub(most) as u64;
    let table = Table::new(&columns.iter().map(String::as_str).collect::<Vec<_>>())
        .rows(answer.rows.iter().take(most).map(|row| group(row, by, reader)))
        .or(&[text.no_rows, text.no_rows_why])
        .and_more((left_out > 0).then(|| Cell::text(reader.text().emergency.more_rows.of(left_out))));
    let here = asking(HREF, &ASKED, query, "", "");
    let csv = format!("{here}{}as=csv", if here.contains('?') { '&' } else { '?' });
    Section::new("rows", text.rows).leading(Way::to(csv, text.csv)).with(Block::Table(table))
}

fn group(row: &ScoreRow, by: &str, reader: &Reader) -> Row {
    let text = &reader.text().quality;
    let name = match by {
        "area" => reader.place(&row.area),
        "category" => reader.category(&row.category),
        "origin" => Cell::said(&row.origin),
        "day" => Cell::said(&row.day),
        "provider" => Cell::said(&row.provider),
        _ => Cell::said(&row.subject),
    };
    let indicator = |(id, _): &(&str, &str)| match row.indicators.iter().find(|indicator| indicator.id == *id) {
        Some(indicator) => Cell::text(rate(indicator)).over(ratio(indicator, reader)),
        None => Cell::None,
    };
    Row::new([name, Cell::Text(grouped(row.records))].into_iter().chain(text.indicators_of.iter().map(indicator)).collect())
}

fn meanings(reader: &Reader) -> Section {
    let text = &reader.text().quality;
    let fact = |(id, name): &(&str, &str)| ((*name).to_owned(), Cell::text(word(text.indicator_definitions, id).unwrap_or_default()));
    Section::new("definitions", text.definitions).with(Block::Facts(text.indicators_of.iter().map(fact).collect()))
}
