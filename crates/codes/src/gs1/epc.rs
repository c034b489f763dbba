//! EPC URNs, GS1 Tag Data Standard: `urn:epc:id:sgtin:PREFIX.ITEM.SERIAL` and its kin. The company prefix and the reference together have
//! a fixed number of digits; the check digit is not in the URN and is computed. URNs of other keys are URIs like any other to us.

use super::{Found, Unit, keys, percent};
use crate::check_digit::mod10;
use crate::fault::CodeFault;
use crate::resolvable::strip_prefix_ignoring_case;

/// Reads an EPC URN of a key that we index.
pub(super) fn read(text: &str) -> Found {
    let Some(rest) = strip_prefix_ignoring_case(text, "urn:epc:") else { return Found::Nothing };
    let mut parts = rest.splitn(3, ':');
    let (Some(kind), Some(key), Some(name)) = (parts.next(), parts.next(), parts.next()) else { return Found::Nothing };
    let unit = match (kind, key) {
        ("id", "sgtin") => sgtin(name),
        ("idpat", "sgtin") => pattern(name),
        ("class" | "id", "lgtin") => lgtin(name),
        ("id", "sscc") => sscc(name),
        ("id", "sgln" | "pgln") => gln(name),
        _ => return Found::Nothing,
    };
    unit.map_or_else(|| Found::Malformed(vec![malformed(key)]), Found::Unit)
}

fn malformed(key: &str) -> CodeFault {
    CodeFault::new("epc.form", format!("not a well-formed EPC of the kind {key}"))
}

fn sgtin(name: &str) -> Option<Unit> {
    let (gtin, serial) = gtin_and_rest(name)?;
    keys::gtin(&gtin, "", &some(percent::decode(serial)?)?).ok()
}

fn lgtin(name: &str) -> Option<Unit> {
    let (gtin, lot) = gtin_and_rest(name)?;
    keys::gtin(&gtin, &some(percent::decode(lot)?)?, "").ok()
}

/// `PREFIX.ITEM.*`: every serial of one trade item. Wider patterns name no single thing.
fn pattern(name: &str) -> Option<Unit> {
    let (gtin, rest) = gtin_and_rest(name)?;
    if rest == "*" { keys::gtin(&gtin, "", "").ok() } else { None }
}

fn sscc(name: &str) -> Option<Unit> {
    let (prefix, serial) = name.split_once('.')?;
    keys::sscc(&indicator_first(prefix, serial, 17)?).ok()
}

/// The location reference is empty where the company prefix has twelve digits; a party has no extension.
fn gln(name: &str) -> Option<Unit> {
    let (prefix, rest) = name.split_once('.')?;
    let (reference, extension) = rest.split_once('.').unwrap_or((rest, ""));
    let body = digits(prefix, reference, 12)?;
    keys::gln(&with_check(body)?, &percent::decode(extension)?).ok()
}

fn gtin_and_rest(name: &str) -> Option<(String, &str)> {
    let (prefix, rest) = name.split_once('.')?;
    let (item, rest) = rest.split_once('.')?;
    Some((indicator_first(prefix, item, 13)?, rest))
}

/// In the plain key the first digit of the reference, the indicator or extension digit, stands before the company prefix.
fn indicator_first(prefix: &str, reference: &str, length: usize) -> Option<String> {
    digits(prefix, reference, length)?;
    let (indicator, rest) = reference.split_at_checked(1)?;
    with_check(format!("{indicator}{prefix}{rest}"))
}

fn digits(prefix: &str, reference: &str, length: usize) -> Option<String> {
    let body = format!("{prefix}{reference}");
    let fits = (6..=12).contains(&prefix.len()) && body.len() == length && body.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(body)
}

fn with_check(body: String) -> Option<String> {
    let check = mod10(&body)?;
    Some(body + check.encode_utf8(&mut [0; 4]))
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> (String, String) {
        match read(text) {
            Found::Unit(unit) => (format!("{}:{}", unit.scheme, unit.value), unit.batch),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn the_standards_own_examples() {
        let key = |text: &str| unit(text).0;
        assert_eq!(key("urn:epc:id:sgtin:0614141.812345.6789"), "gtin:80614141123458.6789");
        assert_eq!(key("urn:epc:idpat:sgtin:0614141.812345.*"), "gtin:80614141123458");
        assert_eq!(key("urn:epc:id:sscc:0614141.1234567890"), "sscc:106141412345678908");
        assert_eq!(key("urn:epc:id:sgln:0614141.12345.400"), "gln:0614141123452.400");
        assert_eq!(key("urn:epc:id:sgln:0614141.12345.0"), "gln:0614141123452");
        assert_eq!(key("URN:EPC:id:pgln:0614141.12345"), "gln:0614141123452");
        assert_eq!(key("urn:epc:id:sgln:690123400000..0"), "gln:6901234000009");
    }

    #[test]
    fn a_lot_is_the_batch_with_its_escapes_undone() {
        let expected = ("gtin:80614141123458".to_owned(), "998/877".to_owned());
        assert_eq!(unit("urn:epc:class:lgtin:0614141.812345.998%2F877"), expected);
        assert_eq!(unit("urn:epc:id:lgtin:0614141.812345.998%2F877"), expected);
    }

    #[test]
    fn wrong_lengths_and_characters_are_malformed() {
        let malformed = [
            "urn:epc:id:sscc:0614141.12345678",
            "urn:epc:id:sgtin:0614141.81234.6789",
            "urn:epc:id:sgtin:0614141.812345",
            "urn:epc:id:sgtin:0614141.812345.",
            "urn:epc:id:sgtin:0614141.812345.%zz",
            "urn:epc:id:sgtin:06141A1.812345.1",
            "urn:epc:idpat:sgtin:0614141.*.*",
            "urn:epc:id:sscc:",
            "urn:epc:id:sscc:0614141.é234567890",
        ];
        for text in malformed {
            assert!(matches!(read(text), Found::Malformed(_)), "{text}");
        }
    }

    #[test]
    fn other_keys_and_other_texts_are_left_alone() {
        for text in ["urn:epc:id:grai:0614141.12345.400", "urn:epcglobal:cbv:mda", "urn:epc:", "urn:e批c", ""] {
            assert_eq!(read(text), Found::Nothing, "{text}");
        }
    }
}
