//! GS1 Digital Link: an address of any domain whose path names a key and its qualifiers, `https://…/01/{gtin}/10/{lot}/21/{serial}`.
//! The path alone is read too, because that is what a web server is asked for. Attributes after `?` say nothing about identity.
//!
//! Any address may hold `/01/` by chance: one whose key does not even have the right number of digits is no link, one whose check digit
//! fails is a malformed link and stays an address.

use super::{Found, percent, unit_of};
use crate::fault::CodeFault;

/// The keys that may begin a link, with the lengths that make a number of theirs plausible.
const KEYS: [(&str, &[usize]); 4] = [("00", &[18]), ("01", &[8, 12, 13, 14]), ("414", &[13]), ("417", &[13])];

/// Reads an address, or its path.
pub(super) fn read(text: &str) -> Found {
    let Some(path) = path(text) else { return Found::Nothing };
    let segments: Vec<&str> = path.split('/').collect();
    let Some(start) = segments.windows(2).position(|pair| is_key(pair[0], pair[1])) else { return Found::Nothing };
    let decoded: Option<Vec<String>> = segments[start..].iter().map(|segment| percent::decode(segment)).collect();
    let Some(decoded) = decoded else {
        return Found::Malformed(vec![CodeFault::new("gs1.link", "a broken escape in the path")]);
    };
    let elements: Vec<(&str, &str)> = decoded.chunks_exact(2).map(|pair| (pair[0].as_str(), pair[1].as_str())).collect();
    unit_of(&elements)
}

fn is_key(ai: &str, number: &str) -> bool {
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    digits && KEYS.iter().any(|(key, lengths)| *key == ai && lengths.contains(&number.len()))
}

fn path(text: &str) -> Option<&str> {
    let before_query = text.split(['?', '#']).next()?;
    if before_query.starts_with('/') {
        return Some(before_query);
    }
    let (scheme, rest) = before_query.split_once("://")?;
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    rest.find('/').filter(|_| web).map(|slash| &rest[slash..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> String {
        match read(text) {
            Found::Unit(unit) => format!("{}:{}#{}", unit.scheme, unit.value, unit.batch),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn any_domain_any_prefix_any_key() {
        assert_eq!(unit("https://id.gs1.org/01/06903244679763"), "gtin:06903244679763#");
        assert_eq!(unit("HTTP://a.example/shop/01/6903244679763/10/L%2F1?17=261231"), "gtin:06903244679763#L/1");
        assert_eq!(unit("https://a.example/01/06903244679763/22/2A/10/L1/21/S1#top"), "gtin:06903244679763.S1#L1");
        assert_eq!(unit("https://a.example/00/106141412345678908"), "sscc:106141412345678908#");
        assert_eq!(unit("https://a.example/414/0614141123452/254/400"), "gln:0614141123452.400#");
        assert_eq!(unit("/01/06903244679763/10/L1"), "gtin:06903244679763#L1");
    }

    #[test]
    fn a_failed_check_or_a_broken_escape_is_malformed() {
        for text in ["https://a.example/01/06903244679764", "https://a.example/01/06903244679763/10/%zz"] {
            assert!(matches!(read(text), Found::Malformed(_)), "{text}");
        }
    }

    #[test]
    fn ordinary_addresses_are_no_links() {
        for text in ["https://a.example/2026/01/12", "https://a.example", "ftp://a.example/01/06903244679763", "01/06903244679763", ""] {
            assert_eq!(read(text), Found::Nothing, "{text}");
        }
    }
}
