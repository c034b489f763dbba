//! The exact form `SCHEME:ISSUER/VALUE#BATCH`: what people type when they know which code they mean, and what is printed so that it can
//! be typed again. `#BATCH` is left out where there is none. The characters that would end a part early are percent-escaped: `%` and `#`
//! in every part, `/` in the issuer alone, so that an address stays readable as a value.

use std::fmt;
use std::str::FromStr;

use crate::code::{Code, Identified};
use crate::fault::CodeFault;
use crate::parse::parse;
use crate::scheme::Scheme;
use crate::spelling;

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}/{}", self.scheme, escape(&self.issuer).replace('/', "%2F"), escape(&self.value))
    }
}

impl fmt::Display for Identified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)?;
        if self.batch.is_empty() { Ok(()) } else { write!(f, "#{}", escape(&self.batch)) }
    }
}

impl FromStr for Identified {
    type Err = Vec<CodeFault>;

    /// Reads the exact form. Without a slash the whole rest is the value: `gtin:06903244679763` is `gtin:/06903244679763`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let spelled = spelling::normalise(text);
        let (scheme, rest) = scheme_and_rest(&spelled.text)?;
        let (rest, batch) = rest.split_once('#').unwrap_or((rest, ""));
        let (issuer, value) = issuer_and_value(scheme, rest);
        let mut identified = parse(scheme, &unescape(issuer), &unescape(value))?.with_batch(&unescape(batch));
        identified.doubts.extend(spelled.doubt());
        Ok(identified)
    }
}

fn scheme_and_rest(text: &str) -> Result<(Scheme, &str), Vec<CodeFault>> {
    let named = text.split_once(':').and_then(|(name, rest)| Some((name.parse().ok()?, rest)));
    named.ok_or_else(|| vec![CodeFault::new("scheme.unknown", "expected SCHEME:ISSUER/VALUE#BATCH with a scheme of the list")])
}

/// Values of some schemes hold slashes themselves; those are never issued by anybody in particular, so nothing before a slash is lost.
fn issuer_and_value(scheme: Scheme, rest: &str) -> (&str, &str) {
    let slash_belongs_to_value = matches!(scheme, Scheme::Ecode | Scheme::Handle | Scheme::Uri | Scheme::Url);
    match rest.split_once('/') {
        Some((issuer, value)) if issuer.is_empty() || !slash_belongs_to_value => (issuer, value),
        _ => ("", rest),
    }
}

fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('#', "%23")
}

/// Only the escapes that printing makes are undone, so that a typed `%20` of an address stays what it is. `%25` comes last: what it
/// uncovers is no escape.
fn unescape(text: &str) -> String {
    text.replace("%2F", "/").replace("%2f", "/").replace("%23", "#").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Identified {
        text.parse().unwrap_or_else(|faults| panic!("{text}: {faults:?}"))
    }

    #[test]
    fn what_is_printed_reads_back() {
        let texts = [
            "gtin:/06903244679763#L 1",
            "gtin:/06903244679763.A/B#L1",
            "opaque:91370600000000019G/SKU-1#2026",
            "opaque:a%2Fb%25/c%23d%2520#e%23f",
            "url:/https://a.example/x%2520y",
            "handle:/20.500.1/abc/d",
        ];
        for text in texts {
            assert_eq!(read(text).to_string(), text);
        }
    }

    #[test]
    fn the_slash_may_be_left_out() {
        assert_eq!(read("gtin:6903244679763"), read("gtin:/06903244679763"));
        assert_eq!(read("handle:20.500.1/abc").code.value, "20.500.1/abc");
        assert_eq!(read("url:https://a.example/b").code.value, "https://a.example/b");
    }

    #[test]
    fn an_issuer_of_a_global_scheme_is_dropped() {
        assert_eq!(read("gtin:91370600000000019G/6903244679763"), read("gtin:/06903244679763"));
    }

    #[test]
    fn a_failed_check_and_an_unknown_scheme_are_faults() {
        let rule = |text: &str| text.parse::<Identified>().unwrap_err()[0].rule;
        assert_eq!(rule("gtin:/6903244679764"), "gtin.check");
        assert_eq!(rule("upc:/6903244679763"), "scheme.unknown");
        assert_eq!(rule("6903244679763"), "scheme.unknown");
    }
}
