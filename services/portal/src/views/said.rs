//! Text that somebody typed: escaped, and isolated so that a right-to-left name or a stray direction mark cannot turn the line around it.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::text::is_chinese;

/// Someone else's words. Writes itself as `<bdi>…</bdi>`, Chinese ones marked as such for screen readers and fonts; never use it inside an
/// attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    /// Longest text that a page repeats, in characters; the rest is cut with an ellipsis.
    pub const MAX_CHARS: usize = 200;

    /// None for a text without content.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(cut(text, Self::MAX_CHARS)))
    }

    /// A text that is read whole: a report, an order. Longer than any that a service takes it is cut too.
    pub fn whole(text: &str) -> Option<Self> {
        const MAX_CHARS: usize = 20_000;
        let text = text.trim();
        (!text.is_empty()).then(|| Self(cut(text, MAX_CHARS)))
    }

    /// Stands where a name should be and is not.
    pub fn nobody() -> Self {
        Self("–".into())
    }

    /// The bare text, for sorting and exports.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let language = if self.0.chars().any(is_chinese) { r#" lang="zh""# } else { "" };
        write!(f, "<bdi{language}>{}</bdi>", Escaped(&self.0))
    }
}

impl HtmlSafe for Said {}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Text for an element or a quoted attribute. For values that write their own markup; templates escape by themselves.
pub(super) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // no control character means anything on a page
                '\n' => f.write_str("\n")?,
                c if c.is_control() => f.write_str("\u{fffd}")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(Said::new("<b onclick='x'>&").map(|s| s.to_string()).as_deref(), Some("<bdi>&lt;b onclick=&#39;x&#39;&gt;&amp;</bdi>"));
        assert_eq!(Said::new(" \t "), None);
    }

    #[test]
    fn rare_characters_are_kept_whole() {
        let long = "𠮷".repeat(Said::MAX_CHARS + 1);
        assert_eq!(Said::new(&long).map(|s| s.as_str().chars().count()), Some(Said::MAX_CHARS + 1));
        assert_eq!(Said::new("䶮㛃𠮷").map(|s| s.to_string()).as_deref(), Some("<bdi lang=\"zh\">䶮㛃𠮷</bdi>"));
    }
}
