//! The list of orders, everywhere the same: of an incident, or all.

use tracemesh_proto::emergency::v1::{ListOrdersResponse, Order};

use crate::error::Trouble;
use crate::views::cell::Cell;
use crate::views::clock;
use crate::views::emergency::incidents::{state, states};
use crate::views::emergency::{incident_href, order_href, tabs};
use crate::views::form::Entries;
use crate::views::icon::State;
use crate::views::panel;
use crate::views::part::Part;
use crate::views::reader::Reader;
use crate::views::sheet::{Block, Section, Sheet, Way};
use crate::views::table::{Row, Table};

/// Where the list is.
pub const HREF: &str = "/console/orders";

/// The page with all of them.
pub fn list(answer: &Result<ListOrdersResponse, Trouble>, query: &Entries, reader: &Reader) -> Sheet {
    let text = &reader.text().emergency;
    let state = state(query);
    let section = Section::new("orders", reader.word(text.list_states, state)).noting(reader.as_of()).with(states(HREF, state, reader));
    let section = match answer {
        Err(trouble) => section.with(Block::Failing(panel::sentence(trouble, text.part, reader.language))),
        Ok(answer) => {
            let table = table(answer, reader).or(&[text.order_list_none, text.order_list_why]);
            let more = reader.next_page(&format!("{HREF}?state={state}"), &answer.next_page_token);
            section.leading(Way::to(format!("{HREF}?state={state}&as=csv"), text.csv)).with(Block::Table(table.and_more(more)))
        }
    };
    Sheet { tabs: tabs(HREF, reader.text()), ..Sheet::new(Part::Emergency, text.orders) }.with(section)
}

/// The rows.
pub fn table(answer: &ListOrdersResponse, reader: &Reader) -> Table {
    let text = &reader.text().emergency;
    Table::new(&[text.order, text.order_kind, text.state, text.clocks, text.issued_at, text.incident])
        .rows(answer.orders.iter().map(|order| row(order, reader)))
}

fn row(order: &Order, reader: &Reader) -> Row {
    let text = &reader.text().emergency;
    let drill = if order.drill { Cell::text(text.drill_mark) } else { Cell::None };
    let below = [drill, Cell::said(&order.number), Cell::said(&order.id)].into_iter().filter(|cell| !cell.is_none()).collect();
    Row::new(vec![
        Cell::said(title(order, reader)).to(order_href(&order.id)).over(Cell::list(below)),
        kind(order, reader),
        standing(order, reader),
        clock::most_urgent(&order.clocks).map_or(Cell::None, |urgent| clock::named(urgent, reader)),
        reader.minute(order.issued_at.as_ref()),
        Cell::said(&order.incident).to(incident_href(&order.incident)),
    ])
}

/// In the reader's language, or in the other where this one is empty.
pub fn title<'a>(order: &'a Order, reader: &Reader) -> &'a str {
    reader.language.pick(&order.title_zh, &order.title_en)
}

/// What kind of order, and its class.
pub fn kind(order: &Order, reader: &Reader) -> Cell {
    let text = &reader.text().emergency;
    let class = if order.recall_class == 0 { Cell::None } else { Cell::text(class(order.recall_class, reader)) };
    Cell::text(reader.word(text.kinds, &order.kind)).over(class)
}

/// 一级召回 and so on.
pub fn class(class: u32, reader: &Reader) -> String {
    crate::text::fill(reader.text().emergency.class_n, &[("n", &class.to_string())])
}

/// How far it has come.
pub fn standing(order: &Order, reader: &Reader) -> Cell {
    let state = match order.state.as_str() {
        "returned" | "cancelled" => State::Attention,
        "closed" => State::Good,
        _ => State::Note,
    };
    Cell::State(state, reader.word(reader.text().emergency.order_states, &order.state))
}
