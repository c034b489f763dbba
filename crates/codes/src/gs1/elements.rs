//! Element strings as they are printed below a barcode, `(01)06903244679763(10)L1(21)S1`. Elements that say nothing about identity, such
//! as dates and weights, are passed over. The brackets may stand in a value as well; one that holds two to four digits begins an element.

use super::{Found, unit_of};

/// Reads a text that begins with an application identifier in brackets.
pub(super) fn read(text: &str) -> Found {
    if bracketed(text).is_some() { unit_of(&elements(text)) } else { Found::Nothing }
}

fn elements(mut text: &str) -> Vec<(&str, &str)> {
    let mut elements = Vec::new();
    while let Some((ai, rest)) = bracketed(text) {
        let end = rest.match_indices('(').map(|(at, _)| at).find(|at| bracketed(&rest[*at..]).is_some()).unwrap_or(rest.len());
        elements.push((ai, rest[..end].trim()));
        text = &rest[end..];
    }
    elements
}

/// The application identifier at the start of a text, and what follows it.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (ai, rest) = text.strip_prefix('(')?.split_once(')')?;
    ((2..=4).contains(&ai.len()) && ai.bytes().all(|b| b.is_ascii_digit())).then_some((ai, rest))
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
    fn keys_with_qualifiers_in_any_order() {
        assert_eq!(unit("(01)06903244679763(10)L1(21)S1"), "gtin:06903244679763.S1#L1");
        assert_eq!(unit("(01) 06903244679763 (17)261231 (10)A(b)C"), "gtin:06903244679763#A(b)C");
        assert_eq!(unit("(00)106141412345678908"), "sscc:106141412345678908#");
        assert_eq!(unit("(414)0614141123452(254)400"), "gln:0614141123452.400#");
    }

    #[test]
    fn the_logistic_unit_comes_before_what_it_holds() {
        assert_eq!(unit("(00)106141412345678908(02)06903244679763(37)12"), "sscc:106141412345678908#");
    }

    #[test]
    fn a_failed_check_is_malformed_and_other_texts_are_left_alone() {
        assert!(matches!(read("(01)06903244679764"), Found::Malformed(_)));
        for text in ["(17)261231", "(批)1", "(1)2", "01)06903244679763", "(01", ""] {
            assert_eq!(read(text), Found::Nothing, "{text}");
        }
    }
}
