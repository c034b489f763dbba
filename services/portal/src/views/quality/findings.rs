//! The work list: what is doubtful, to whom it was said, until when it is to be mended. Most urgent first, as the service orders it; what
//! it is narrowed to stands in the address.

use tracemesh_proto::emergency::v1::Clock;
use tracemesh_proto::quality::v1::{Finding, KindCount, ListFindingsRequest, ListFindingsResponse};

use crate::error::Trouble;
use crate::text::{fill, word};
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::clock;
use crate::views::form::Entries;
use crate::views::icon::State;
use crate::views::number::grouped;
use crate::views::panel;
use crate::views::part::Part;
use crate::views::quality::{asking, tabs};
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where the list is.
pub const HREF: &str = "/console/findings";
/// What the list can be narrowed by.
const FILTERS: [&str; 5] = ["state", "kind", "provider", "area", "subject"];
/// Rows of a page.
const PAGE_SIZE: u32 = 50;

/// What the address asks the service for.
pub fn asked(query: &Entries) -> ListFindingsRequest {
    ListFindingsRequest {
        state: query.get("state"),
        kind: query.get("kind"),
        provider: query.get("provider"),
        area: query.get("area"),
        subject: query.get("subject"),
        page_size: PAGE_SIZE,
        page_token: query.get("page"),
    }
}

fn with(query: &Entries, name: &str, value: &str) -> String {
    asking(HREF, &FILTERS, query, name, value)
}

/// The page.
pub fn list(answer: &Result<ListFindingsResponse, Trouble>, query: &Entries, reader: &Reader) -> Sheet {
    let text = &reader.text().quality;
    let state = if query.get("state").is_empty() { "open".to_owned() } else { query.get("state") };
    let section = Section::new("findings", reader.word(text.list_states, &state)).noting(reader.as_of());
    let section = match answer {
        Err(trouble) => section.with(Block::Failing(panel::sentence(trouble, text.part, reader.language))),
        Ok(answer) => {
            let here = with(query, "", "");
            let csv = format!("{here}{}as=csv", if here.contains('?') { '&' } else { '?' });
            let table = table(answer, reader).and_more(reader.next_page(&here, &answer.next_page_token));
            section.leading(Way::to(csv, text.csv)).with(narrowing(&answer.counts, &state, query, reader)).with(Block::Table(table))
        }
    };
    Sheet { tabs: tabs(HREF, reader), ..Sheet::new(Part::Quality, text.findings) }.with(section)
}

/// States, kinds with their counts, and what else the list is narrowed to.
fn narrowing(counts: &[KindCount], state: &str, query: &Entries, reader: &Reader) -> Block {
    let text = &reader.text().quality;
    let of_state = |(value, name): &(&str, &str)| Way::to(with(query, "state", value), name).here(*value == state);
    let mut groups = vec![(text.state.to_owned(), text.list_states.iter().map(of_state).collect())];
    let of_kind =
        |count: &KindCount| Way::to(with(query, "kind", &count.kind), &counted(count, reader)).here(query.get("kind") == count.kind);
    let all = Way::to(with(query, "kind", ""), text.all_kinds).here(query.get("kind").is_empty());
    groups.push((text.kind.to_owned(), [all].into_iter().chain(counts.iter().map(of_kind)).collect()));
    let narrowed = ["provider", "area", "subject"].map(|name| (name, query.get(name)));
    let clear = |(name, value): (&str, String)| Way::to(with(query, name, ""), &fill(text.clear, &[("value", &value)]));
    let narrowed: Vec<_> = narrowed.into_iter().filter(|(_, value)| !value.is_empty()).map(clear).collect();
    if !narrowed.is_empty() {
        groups.push((text.narrowed.to_owned(), narrowed));
    }
    Block::Choices(groups)
}

fn counted(count: &KindCount, reader: &Reader) -> String {
    let text = &reader.text().quality;
    let name = reader.word(text.kinds, &count.kind);
    let sentence = if count.overdue > 0 { text.kind_late } else { text.kind_count };
    fill(sentence, &[("name", &name), ("n", &grouped(count.open)), ("late", &grouped(count.overdue))])
}

fn table(answer: &ListFindingsResponse, reader: &Reader) -> Table {
    let text = &reader.text().quality;
    let records = format!("#{}", text.records);
    Table::new(&[text.finding, text.due, text.state, text.kind, text.source, text.area, &records])
        .rows(answer.findings.iter().map(|finding| row(finding, reader)))
        .or(&[text.none, text.none_why])
}

fn row(finding: &Finding, reader: &Reader) -> Row {
    let text = &reader.text().quality;
    let narrow = |name: &str, value: &str| Cell::said(value).to(format!("{HREF}?{name}={}", escaped(value)));
    let source = if finding.provider.is_empty() { Cell::None } else { narrow("provider", &finding.provider) };
    let subject = if finding.subject.is_empty() { Cell::None } else { narrow("subject", &finding.subject) };
    Row::new(vec![
        Cell::said(message(finding, reader)).to(href(&finding.id)).over(Cell::said(&finding.id)),
        due(finding, reader),
        standing(finding, reader),
        Cell::text(reader.word(text.kinds, &finding.kind)).over(Cell::text(reader.word(text.dimensions_of, &finding.dimension))),
        source.over(subject),
        reader.place(&finding.area).over(reader.category(&finding.category)),
        Cell::Text(grouped(finding.records)),
    ])
}

/// Where a finding's page is.
pub fn href(id: &str) -> String {
    format!("{HREF}/{}", escaped(id))
}

/// What it says, else its kind in words.
pub fn message<'a>(finding: &'a Finding, reader: &Reader) -> &'a str {
    let said = reader.language.pick(&finding.message_zh, &finding.message_en);
    if said.is_empty() { word(reader.text().quality.kinds, &finding.kind).unwrap_or(&finding.kind) } else { said }
}

/// How long is left, or how far past it is.
pub fn due(finding: &Finding, reader: &Reader) -> Cell {
    if finding.due_at.is_none() {
        return Cell::text(reader.text().quality.no_due);
    }
    let limit = Clock { started_at: finding.found_at, due_at: finding.due_at, ..Clock::default() };
    let presumed = if finding.presumed { Cell::text(reader.text().emergency.presumed) } else { Cell::None };
    clock::standing(&limit, reader).over(reader.minute(finding.due_at.as_ref())).over(presumed)
}

/// How far it has come.
pub fn standing(finding: &Finding, reader: &Reader) -> Cell {
    let state = match finding.state.as_str() {
        "closed" => State::Good,
        "escalated" => State::Attention,
        _ => State::Note,
    };
    Cell::State(state, reader.word(reader.text().quality.states, &finding.state))
}
