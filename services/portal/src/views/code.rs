//! Codes as people compare them with a label: long runs of digits in groups of four, which are drawn apart by style alone, so that a copy
//! has no spaces in it.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::views::said::{Escaped, Said};

/// A code to be read digit by digit. Writes itself as `<bdi class="code">…</bdi>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeText(String);

impl CodeText {
    /// Runs shorter than this stay whole.
    const GROUPED_FROM: usize = 12;
    const GROUP: usize = 4;

    /// The code, cut like any text that somebody typed.
    pub fn new(code: &str) -> Self {
        Self(Said::new(code).map_or_else(String::new, |said| said.as_str().to_owned()))
    }

    /// Without markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_grouped(&self) -> bool {
        self.0.len() >= Self::GROUPED_FROM && self.0.bytes().all(|b| b.is_ascii_alphanumeric())
    }
}

impl fmt::Display for CodeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"<bdi class="code">"#)?;
        if self.is_grouped() {
            for group in self.0.as_bytes().chunks(Self::GROUP) {
                write!(f, "<span>{}</span><wbr>", String::from_utf8_lossy(group))?;
            }
        } else {
            write!(f, "{}", Escaped(&self.0))?;
        }
        f.write_str("</bdi>")
    }
}

impl HtmlSafe for CodeText {}

/// A code in its exact form, `SCHEME:ISSUER/VALUE#BATCH`, taken apart as far as a page needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact<'a> {
    pub scheme: &'a str,
    pub value: &'a str,
    pub batch: &'a str,
}

impl<'a> Exact<'a> {
    /// None for a bare code, which has no scheme.
    pub fn read(code: &'a str) -> Option<Self> {
        let (scheme, rest) = code.split_once(':')?;
        let (_issuer, rest) = rest.split_once('/')?;
        let (value, batch) = rest.rsplit_once('#').unwrap_or((rest, ""));
        (!scheme.is_empty() && !value.is_empty()).then_some(Self { scheme, value, batch })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_digits_are_grouped_and_copy_whole() {
        let written = CodeText::new("37060000400010000003").to_string();
        assert!(written.starts_with(r#"<bdi class="code"><span>3706</span><wbr><span>0000</span>"#), "{written}");
        let copied: String = written.split(['<', '>']).step_by(2).collect();
        assert_eq!(copied, "37060000400010000003");
    }

    #[test]
    fn short_and_odd_codes_stay_whole() {
        assert_eq!(CodeText::new("SC1063").to_string(), r#"<bdi class="code">SC1063</bdi>"#);
        assert_eq!(CodeText::new("<script>批次").to_string(), r#"<bdi class="code">&lt;script&gt;批次</bdi>"#);
    }

    #[test]
    fn the_exact_form_is_taken_apart() {
        assert_eq!(Exact::read("gtin:/06903244679763#L1"), Some(Exact { scheme: "gtin", value: "06903244679763", batch: "L1" }));
        assert_eq!(Exact::read("opaque:91370600000000019G/A/B#1"), Some(Exact { scheme: "opaque", value: "A/B", batch: "1" }));
        assert_eq!(Exact::read("37060000400010000003"), None);
    }
}
