//! Signs that carry a state together with a word and, in tables, a pattern: colour is never the only sign.

use std::fmt;

use askama::filters::HtmlSafe;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Good,
    /// Worth knowing, nothing to do.
    Note,
    Attention,
    /// Nobody can tell: something did not answer.
    Unknown,
    Bad,
}

impl State {
    /// The CSS class, and the end of the symbol's id.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Note => "note",
            Self::Attention => "attention",
            Self::Unknown => "unknown",
            Self::Bad => "bad",
        }
    }

    /// The sign of the state.
    pub fn icon(self) -> Icon {
        Icon(self.class())
    }
}

/// A symbol of `templates/parts/icons.html`. Hidden from screen readers: a word stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon(pub &'static str);

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // xlink: phones of before 2018 know no other href here
        write!(f, r##"<svg class="icon {0}" aria-hidden="true" focusable="false"><use xlink:href="#i-{0}"/></svg>"##, self.0)
    }
}

impl HtmlSafe for Icon {}
