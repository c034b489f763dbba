//! What stands in a cell of a table or beside a label: text, a code, a moment, a state with its sign and word, a link around any of them.
//! A cell knows how it is written on a page and how in a file.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::views::code::CodeText;
use crate::views::icon::State;
use crate::views::moment::Moment;
use crate::views::said::{Escaped, Said};

/// One value on a page.
#[derive(Debug, Clone, Default)]
pub enum Cell {
    /// Nothing is known: a dash.
    #[default]
    None,
    /// Our own words, and numbers as they are written.
    Text(String),
    /// Somebody else's words.
    Said(Said),
    Code(CodeText),
    When(Moment),
    State(State, String),
    /// An address of ours around a value.
    Link(String, Box<Cell>),
    /// A value, and smaller below it what belongs to it.
    Over(Box<Cell>, Box<Cell>),
    /// Several, one below the other.
    List(Vec<Cell>),
}

impl Cell {
    /// Our own words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Somebody else's words; a dash where there are none.
    pub fn said(text: &str) -> Self {
        Said::new(text).map_or(Self::None, Self::Said)
    }

    /// A moment; a dash where there is none.
    pub fn when(at: Option<Moment>) -> Self {
        at.map_or(Self::None, Self::When)
    }

    /// The same as a link.
    pub fn to(self, href: impl Into<String>) -> Self {
        Self::Link(href.into(), Box::new(self))
    }

    /// The same with a smaller line below, which is left out where it says nothing.
    pub fn over(self, below: Cell) -> Self {
        if below.is_none() { self } else { Self::Over(Box::new(self), Box::new(below)) }
    }

    /// Several; a dash for none.
    pub fn list(cells: Vec<Cell>) -> Self {
        if cells.is_empty() { Self::None } else { Self::List(cells) }
    }

    /// Whether it is a dash.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// For a file: without markup, empty where the page has a dash.
    pub fn plain(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Text(text) | Self::State(_, text) => text.clone(),
            Self::Said(said) => said.as_str().to_owned(),
            Self::Code(code) => code.as_str().to_owned(),
            Self::When(at) => at.iso().to_owned(),
            Self::Link(_, inner) => inner.plain(),
            Self::Over(above, below) => format!("{} ({})", above.plain(), below.plain()),
            Self::List(cells) => cells.iter().map(Self::plain).collect::<Vec<_>>().join("; "),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("–"),
            Self::Text(text) => write!(f, "{}", Escaped(text)),
            Self::Said(said) => said.fmt(f),
            Self::Code(code) => code.fmt(f),
            Self::When(at) => at.fmt(f),
            Self::State(state, word) => write!(f, r#"<span class="state">{}<span>{}</span></span>"#, state.icon(), Escaped(word)),
            Self::Link(href, inner) => write!(f, r#"<a href="{}">{inner}</a>"#, Escaped(href)),
            Self::Over(above, below) => write!(f, "{above}<small>{below}</small>"),
            Self::List(cells) => cells.iter().try_for_each(|cell| write!(f, "<span class=\"line\">{cell}</span>")),
        }
    }
}

impl HtmlSafe for Cell {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_text_wherever_it_stands() {
        let cell = Cell::said("<b>甲</b>").to("/t/1?a=\"").over(Cell::text("<i>"));
        assert_eq!(cell.to_string(), r#"<a href="/t/1?a=&quot;"><bdi lang="zh">&lt;b&gt;甲&lt;/b&gt;</bdi></a><small>&lt;i&gt;</small>"#);
        assert_eq!(cell.plain(), "<b>甲</b> (<i>)");
    }
}
