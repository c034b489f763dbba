//! Incidents, orders, recalls: what their pages say, and which forms are offered to whom.

pub mod board;
pub mod document;
pub mod incident;
pub mod incidents;
pub mod order;
pub mod orders;
pub mod scope;

use crate::text::Text;
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::code::CodeText;
use crate::views::reader::Reader;
use crate::views::sheet::Way;

/// Codes that a page lists; the rest are counted.
const MAX_CODES: usize = 20;

/// The pages of this part, the one at `current` being where one is.
pub fn tabs(current: &str, text: &Text) -> Vec<Way> {
    let pages = [
        ("/console/incidents", text.emergency.incidents),
        ("/console/orders", text.emergency.orders),
        ("/console/scope", text.emergency.scope),
    ];
    pages.map(|(href, name)| Way::to(href, name).here(href == current)).to_vec()
}

/// Where an incident's page is.
pub fn incident_href(id: &str) -> String {
    format!("/console/incidents/{}", escaped(id))
}

/// Where an order's page is: its id has one slash.
pub fn order_href(id: &str) -> String {
    let (node, number) = id.split_once('/').unwrap_or((id, ""));
    format!("/console/orders/{}/{}", escaped(node), escaped(number))
}

/// Where the scope of some codes is shown.
pub fn scope_href(codes: &[String]) -> String {
    let codes: Vec<String> = codes.iter().map(|code| escaped(code)).collect();
    format!("/console/scope?codes={}", codes.join("%0A"))
}

/// Codes, each a link to what is known of it.
pub fn codes(codes: &[String], reader: &Reader) -> Cell {
    let shown = codes.iter().take(MAX_CODES).map(|code| Cell::Code(CodeText::new(code)));
    let left_out = codes.len().saturating_sub(MAX_CODES) as u64;
    let more = (left_out > 0).then(|| Cell::text(reader.text().emergency.recall_codes_more.of(left_out)));
    Cell::list(shown.chain(more).collect())
}
