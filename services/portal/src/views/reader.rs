//! For whom a page of the console is drawn: who reads it, when, in which language, and what areas are called.

use jiff::Timestamp;
use tracemesh_access::{Principal, Role};

use crate::language::Language;
use crate::text::{List, Text, word};
use crate::views::candidates::escaped;
use crate::views::cell::Cell;
use crate::views::frame::with_parameter;
use crate::views::moment;
use crate::views::places::Places;

/// The reader.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    pub principal: &'a Principal,
    /// The node whose console it is; empty while that is not known.
    pub node: &'a str,
    pub now: Timestamp,
    pub language: Language,
    pub places: &'a Places,
}

impl Reader<'_> {
    /// The words of the reader's language.
    pub fn text(&self) -> &'static Text {
        self.language.text()
    }

    /// Whether the reader has one of these roles.
    pub fn is_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.principal.has(*role))
    }

    /// Whether the reader is the one that the wire names, with or without its kind in front.
    pub fn is(&self, name: &str) -> bool {
        bare(self.principal.name()) == bare(name)
    }

    /// What an area is called, with those around it.
    pub fn place(&self, area: &str) -> Cell {
        self.places.full_name(area, self.language).map_or(Cell::None, |name| Cell::said(&name))
    }

    /// What a node is called, with its id where that says more.
    pub fn called(&self, node: &str, area: &str) -> Cell {
        let name = self.places.node_name(node, area, self.language);
        let id = if name == node { Cell::None } else { Cell::said(node) };
        Cell::said(&name).over(id)
    }

    /// The word for a value of the protocol, or the value itself.
    pub fn word(&self, list: List, value: &str) -> String {
        word(list, value).unwrap_or(value).to_owned()
    }

    /// What a category is called.
    pub fn category(&self, category: &str) -> Cell {
        Cell::said(&self.word(self.text().words.categories, category))
    }

    /// Day and minute of a moment of the wire.
    pub fn minute(&self, at: Option<&prost_types::Timestamp>) -> Cell {
        Cell::when(moment::from_wire(at).map(|at| moment::minute(at, self.text())))
    }

    /// "as of 13:02:41".
    pub fn as_of(&self) -> Cell {
        Cell::text(format!("{} {}", self.text().console.as_of, moment::second(self.now, self.now, self.text()).text()))
    }

    /// The way to the next page of a list; none on the last.
    pub fn next_page(&self, href: &str, token: &str) -> Option<Cell> {
        let next = || Cell::text(self.text().console.next_page).to(with_parameter(href, "page", &escaped(token)));
        (!token.is_empty()).then(next)
    }

    /// Somebody that the wire names, without the kind in front.
    pub fn person(&self, name: &str) -> Cell {
        Cell::said(bare(name))
    }
}

/// `user:wang-ji` → `wang-ji`.
fn bare(name: &str) -> &str {
    name.strip_prefix("user:").unwrap_or(name)
}
