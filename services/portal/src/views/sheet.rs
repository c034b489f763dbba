//! A page of the console: its title, what nobody may overlook, and sections of a few kinds of block. Every page behind the sign-in besides
//! the Overview is one, so that they look alike and read alike.

use crate::views::cell::Cell;
use crate::views::form::Form;
use crate::views::icon::State;
use crate::views::part::Part;
use crate::views::said::Said;
use crate::views::table::Table;
use crate::views::trace::graph::Graph;

/// The page.
#[derive(Debug, Default)]
pub struct Sheet {
    pub part: Part,
    pub title: String,
    /// Beside the title: how it stands.
    pub standing: Option<Cell>,
    /// Below the title: what it is, in a line.
    pub lead: Option<String>,
    /// The neighbours of the page within its part of the menu.
    pub tabs: Vec<Way>,
    /// It is a drill, and says so wherever one looks.
    pub drill: bool,
    pub sections: Vec<Section>,
    /// Where the sections are kept current from.
    pub live: Option<String>,
}

/// A part of it.
#[derive(Debug, Default)]
pub struct Section {
    pub id: &'static str,
    pub title: String,
    /// On the right: up to when it is true, how much there is.
    pub note: Option<Cell>,
    pub links: Vec<Way>,
    pub blocks: Vec<Block>,
}

/// What a section is made of.
#[derive(Debug)]
pub enum Block {
    /// Names and values.
    Facts(Vec<(String, Cell)>),
    /// Numbers that are read from afar: name, number, and what belongs to it.
    Figures(Vec<(String, String, Cell)>),
    Table(Table),
    /// A drawing of a chain.
    Graph(Graph),
    Form(Form),
    /// Ways to narrow what is shown; each a row of choices with its name.
    Choices(Vec<(String, Vec<Way>)>),
    /// Something to know before going on.
    Notice(State, Vec<String>),
    /// A text that somebody wrote, with its lines.
    Prose(Said),
    /// A part that did not answer, as a sentence.
    Failing(String),
}

/// A link that may be where one is.
#[derive(Debug, Clone)]
pub struct Way {
    pub href: String,
    pub name: String,
    pub current: bool,
}

impl Way {
    /// A link that leads elsewhere.
    pub fn to(href: impl Into<String>, name: &str) -> Self {
        Self { href: href.into(), name: name.to_owned(), current: false }
    }

    /// The same where one is.
    #[must_use]
    pub fn here(self, current: bool) -> Self {
        Self { current, ..self }
    }
}

impl Sheet {
    /// A page with a title.
    pub fn new(part: Part, title: impl Into<String>) -> Self {
        Self { part, title: title.into(), ..Self::default() }
    }

    /// The same with one more section.
    #[must_use]
    pub fn with(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// The table that the page is about, for a file: the first one.
    pub fn table(&self) -> Option<&Table> {
        self.sections.iter().flat_map(|section| &section.blocks).find_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }
}

impl Section {
    /// A section with a title.
    pub fn new(id: &'static str, title: impl Into<String>) -> Self {
        Self { id, title: title.into(), ..Self::default() }
    }

    /// The same with one more block.
    #[must_use]
    pub fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// The same with a note on the right.
    #[must_use]
    pub fn noting(self, note: Cell) -> Self {
        Self { note: Some(note), ..self }
    }

    /// The same with a link on the right.
    #[must_use]
    pub fn leading(mut self, link: Way) -> Self {
        self.links.push(link);
        self
    }
}
