//! Identifiers that a resolver answers for: Ecode, Handle, OID, and addresses. Each function answers the canonical value.

use crate::fault::CodeFault;

type Value = Result<String, Vec<CodeFault>>;

/// Ecode, GB/T 31866: version 1, numbering system 4 or 5, main code. Which lengths a version allows is left to the resolver.
pub(crate) fn ecode(text: &str) -> Value {
    let fits = text.len() > 5 && text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace);
    formed(fits, text.to_owned(), "ecode.form", "a version digit, a numbering system and a code")
}

/// Handle: a prefix of dotted digits, a slash, and a suffix of any characters.
pub(crate) fn handle(text: &str) -> Value {
    let fits = text.split_once('/').is_some_and(|(prefix, suffix)| prefix.split('.').all(is_number) && !suffix.is_empty());
    formed(fits, text.to_owned(), "handle.form", "a prefix of dotted digits, a slash, a suffix")
}

/// Object identifier: arcs of digits, the first of them 0, 1 or 2, none with leading zeros. `urn:oid:` in front is dropped.
pub(crate) fn oid(text: &str) -> Value {
    let bare = strip_prefix_ignoring_case(text, "urn:oid:").unwrap_or(text);
    let arc = |arc: &str| is_number(arc) && (arc == "0" || !arc.starts_with('0'));
    let fits = bare.contains('.') && bare.split('.').all(arc) && matches!(bare.split('.').next(), Some("0" | "1" | "2"));
    formed(fits, bare.to_owned(), "oid.form", "arcs of digits, separated by dots, the first 0, 1 or 2")
}

/// The identifier that a well-formed `urn:oid:` names.
pub(crate) fn oid_of_urn(text: &str) -> Option<String> {
    strip_prefix_ignoring_case(text, "urn:oid:").and_then(|bare| oid(bare).ok())
}

/// The arc of China. Foreign identifiers are taken and doubted: a mistyped arc looks just like one.
pub(crate) fn oid_doubt(oid: &str) -> Option<CodeFault> {
    (!oid.starts_with("1.2.156.")).then(|| CodeFault::new("oid.arc", "not under 1.2.156, the arc of China"))
}

/// A URI, RFC 3986. Its scheme becomes lower case; the rest is compared as it stands.
pub(crate) fn uri(text: &str) -> Value {
    let (scheme, rest) = text.split_once(':').unwrap_or_default();
    let fits = is_uri_scheme(scheme) && !rest.is_empty() && !text.contains(char::is_whitespace);
    formed(fits, format!("{}:{rest}", scheme.to_ascii_lowercase()), "uri.form", "a URI")
}

/// An http or https address. Scheme and host become lower case; the rest is compared as it stands.
pub(crate) fn url(text: &str) -> Value {
    let (scheme, rest) = text.split_once("://").unwrap_or_default();
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let fits = is_web(text) && !host.is_empty() && !text.contains(char::is_whitespace);
    let canonical = format!("{}://{}{path}", scheme.to_ascii_lowercase(), host.to_lowercase());
    formed(fits, canonical, "url.form", "an http or https address")
}

/// Whether a text is meant as an http or https address.
pub(crate) fn is_web(text: &str) -> bool {
    ["http://", "https://"].iter().any(|prefix| strip_prefix_ignoring_case(text, prefix).is_some())
}

fn is_uri_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A prefix whose case does not matter, in a text of any script.
pub(crate) fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn formed(fits: bool, value: String, rule: &'static str, form: &str) -> Value {
    if fits { Ok(value) } else { Err(vec![CodeFault::new(rule, form)]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_ones_have_one_spelling() {
        assert_eq!(ecode("1000012345").unwrap(), "1000012345");
        assert_eq!(handle("20.500.12345/a/b").unwrap(), "20.500.12345/a/b");
        assert_eq!(oid("URN:OID:1.2.156.3001").unwrap(), "1.2.156.3001");
        assert_eq!(uri("URN:gdst:example.org:Party").unwrap(), "urn:gdst:example.org:Party");
        assert_eq!(url("HTTPS://Shop.Example/Path?Q=1").unwrap(), "https://shop.example/Path?Q=1");
    }

    #[test]
    fn malformed_ones_are_refused() {
        assert!(["", "A00001", "1 0000 1", "10000"].iter().all(|text| ecode(text).is_err()));
        assert!(["a/b", "20.500.1/", "20..1/a", "20.1"].iter().all(|text| handle(text).is_err()));
        assert!(["1", "1.2.", "3.1.2", "1.02", "1.2.a"].iter().all(|text| oid(text).is_err()));
        assert!(["", ":a", "a:", "1a:b", "a b:c", "a:b c", "批:1"].iter().all(|text| uri(text).is_err()));
        assert!(["https://", "ftp://a", "https:a", "https:///a", "https://a b"].iter().all(|text| url(text).is_err()));
    }

    #[test]
    fn foreign_arcs_are_doubted() {
        assert!(oid_doubt("1.2.156.3001").is_none());
        assert_eq!(oid_doubt("1.2.840.1").map(|d| d.rule), Some("oid.arc"));
    }
}
