//! The board of an order: who was told and who has acknowledged, tier by tier and establishment by establishment, what was recovered, who is
//! waited for. Its sections are those that a page keeps current.

use tracemesh_access::Role;
use tracemesh_proto::emergency::v1::{Board, EstablishmentRow, Recovered, TierRow};

use crate::text::fill;
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::clock;
use crate::views::emergency::order_href;
use crate::views::icon::State;
use crate::views::number::{grouped, percent};
use crate::views::reader::Reader;
use crate::views::said::Said;
use crate::views::sheet::{Block, Section, Way};
use crate::views::table::{Row, Table};

/// Establishments on the page; a file has all.
const MAX_ROWS: usize = 500;
/// Those waited for that are named.
const MAX_WAITING: usize = 24;

/// All that changes while an order is in force; none before.
pub fn sections(board: &Board, reader: &Reader) -> Vec<Section> {
    let order = board.order.clone().unwrap_or_default();
    if order.issued_at.is_none() {
        return Vec::new();
    }
    let text = &reader.text().emergency;
    let clocks = Section::new("clocks", text.clocks).noting(reader.as_of()).with(Block::Table(clock::table(&order.clocks, reader)));
    let tiers = Section::new("tiers", text.tiers).with(Block::Table(tiers(&board.tiers, reader)));
    let href = order_href(&order.id);
    let shown = establishments(board, &href, MAX_ROWS, reader);
    let all =
        Section::new("establishments", text.establishments).leading(Way::to(format!("{href}?as=csv"), text.csv)).with(Block::Table(shown));
    vec![progress(board, reader), clocks, tiers, all]
}

fn progress(board: &Board, reader: &Reader) -> Section {
    let text = &reader.text().emergency;
    let of = |done: usize, all: usize| fill(text.of, &[("done", &grouped(done)), ("all", &grouped(all))]);
    let tiers = board.tiers.iter().filter(|tier| tier.state == "acknowledged").count();
    let subjects = board.establishments.iter().filter(|row| row.state == "acknowledged").count();
    let section = Section::new("progress", text.board).noting(reader.as_of()).with(Block::Figures(vec![
        (text.tiers_done.to_owned(), of(tiers, board.tiers.len()), Cell::None),
        (text.establishments_done.to_owned(), of(subjects, board.establishments.len()), Cell::None),
        (text.waiting_for.to_owned(), grouped(board.waiting_for.len()), Cell::None),
    ]));
    section.with(waiting(board, reader)).with(Block::Table(recovered(&board.recovered, reader)))
}

fn waiting(board: &Board, reader: &Reader) -> Block {
    let text = &reader.text().emergency;
    if board.waiting_for.is_empty() {
        return Block::Notice(State::Good, vec![text.nobody_waits.to_owned()]);
    }
    let named = board.waiting_for.iter().take(MAX_WAITING).map(|name| who(name, board, reader)).collect::<Vec<_>>();
    let more = if board.waiting_for.len() > MAX_WAITING { "…" } else { "" };
    let list = format!("{}{more}", named.join(reader.text().time.comma));
    Block::Notice(State::Attention, vec![text.waiting_n.of(board.waiting_for.len() as u64), list])
}

/// A node by the name of its area, an establishment by its own.
fn who(name: &str, board: &Board, reader: &Reader) -> String {
    let tier = board.tiers.iter().find(|tier| tier.node == name).map(|tier| reader.places.node_name(name, &tier.area, reader.language));
    let row = || board.establishments.iter().find(|row| row.subject == name && !row.name.is_empty()).map(|row| row.name.clone());
    let called = tier.or_else(row).unwrap_or_else(|| name.to_owned());
    Said::new(&called).map_or_else(String::new, |said| said.as_str().to_owned())
}

/// What came back, by unit of measure.
pub fn recovered(rows: &[Recovered], reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    let [affected, recovered, destroyed, rate] = [text.affected, text.recovered, text.destroyed, text.rate].map(|name| format!("#{name}"));
    let row = |row: &Recovered| {
        let numbers = [&row.affected, &row.recovered, &row.destroyed].map(|number| quantity(number));
        let rate = percent(&row.rate).map_or(Cell::None, Cell::Text);
        Row::new([measure(&row.unit_of_measure, reader)].into_iter().chain(numbers).chain([rate]).collect())
    };
    Table::new(&[text.measure, &affected, &recovered, &destroyed, &rate]).rows(rows.iter().map(row)).or(&[text.no_holders])
}

/// A number as it is written, digits in groups; a dash for none.
pub fn quantity(number: &str) -> Cell {
    if number.is_empty() { Cell::None } else { Cell::Text(grouped(number)) }
}

/// What a unit of measure is called.
pub fn measure(unit: &str, reader: &Reader) -> Cell {
    let text = reader.text();
    if unit.is_empty() { Cell::text(text.emergency.no_unit) } else { Cell::said(&reader.word(text.words.units, unit)) }
}

fn tiers(rows: &[TierRow], reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    let row = |row: &TierRow| {
        let state = match row.state.as_str() {
            "acknowledged" => State::Good,
            "refused" => State::Bad,
            _ => State::Note,
        };
        Row::new(vec![
            reader.called(&row.node, &row.area),
            stands(state, reader.word(text.tier_states, &row.state), row.late, reader).over(Cell::said(&row.detail)),
            reader.minute(row.at.as_ref()).over(reader.person(&row.by)),
        ])
    };
    Table::new(&[text.tier, text.state, text.at]).rows(rows.iter().map(row)).or(&[text.no_tiers])
}

/// The word of a state, and that it is late.
fn stands(state: State, word: String, late: bool, reader: &Reader) -> Cell {
    match late && state != State::Good {
        true => Cell::State(State::Bad, format!("{word} · {}", reader.text().emergency.late)),
        false => Cell::State(state, word),
    }
}

/// Those that have not acknowledged first, late ones on top.
pub fn establishments(board: &Board, href: &str, most: usize, reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    let mut rows: Vec<&EstablishmentRow> = board.establishments.iter().collect();
    rows.sort_by_key(|row| (row.state == "acknowledged", !row.late));
    let [affected, recovered, destroyed] = [text.quantity, text.recovered, text.destroyed].map(|name| format!("#{name}"));
    let left_out = rows.len().saturating_sub(most) as u64;
    Table::new(&[text.establishment, text.state, text.at, text.contact, &affected, &recovered, &destroyed])
        .rows(rows.into_iter().take(most).map(|row| establishment(row, href, reader)))
        .or(&[text.no_establishments])
        .and_more((left_out > 0).then(|| Cell::text(text.more_rows.of(left_out))))
}

fn establishment(row: &EstablishmentRow, href: &str, reader: &Reader) -> Row {
    let text = &reader.text().emergency;
    let acknowledged = row.state == "acknowledged";
    let state = if acknowledged { State::Good } else { State::Note };
    let how = if row.on_behalf.is_empty() {
        Cell::None
    } else {
        Cell::text(fill(text.on_behalf, &[("how", &reader.word(text.hows, &row.on_behalf))]))
    };
    let act = |form: &str, name: &str| Cell::text(name).to(format!("{href}?establishment={}#{form}-form", escaped(&row.subject)));
    let acts = match (reader.principal.has(Role::Acknowledger), acknowledged) {
        (false, _) => Cell::None,
        (true, false) => act("behalf", text.ack_row),
        (true, true) => act("recovery", text.recovery_row),
    };
    Row::new(vec![
        named(row).over(reader.place(&row.area)),
        stands(state, reader.word(text.establishment_states, &row.state), row.late, reader).over(how).over(acts),
        reader.minute(row.at.as_ref()).over(reader.person(&row.by)),
        Cell::said(&row.contact),
        quantity(&row.quantity).over(measure(&row.unit_of_measure, reader)),
        quantity(&row.recovered),
        quantity(&row.destroyed),
    ])
}

fn named(row: &EstablishmentRow) -> Cell {
    match row.name.is_empty() {
        true => Cell::said(&row.subject),
        false => Cell::said(&row.name).over(Cell::said(&row.subject)),
    }
}
