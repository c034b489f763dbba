//! A check digit earns its place by the mistakes it finds. "Found" is a fault or a doubt: in Xiamen a failed check is only a doubt.

use proptest::prelude::*;
use tracemesh_codes::{Scheme, parse, registration, resident_id, uscc};

const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const DIGITS: &str = "0123456789";

fn holds(scheme: Scheme, text: &str) -> bool {
    parse(scheme, "", text).is_ok_and(|identified| identified.doubts.is_empty())
}

fn substitutions(text: &str, alphabet: &str) -> Vec<String> {
    let places = 0..text.len();
    let changed = |at: usize, to: char| format!("{}{to}{}", &text[..at], &text[at + 1..]);
    places.flat_map(|at| alphabet.chars().map(move |to| changed(at, to))).filter(|changed| changed != text).collect()
}

/// Every swap of two different neighbours, except where `misses` says that no check digit of this kind can tell.
fn swaps(text: &str, misses: impl Fn(u8, u8) -> bool) -> Vec<String> {
    let bytes = text.as_bytes();
    let told_apart = |at: &usize| bytes[*at] != bytes[at + 1] && !misses(bytes[*at], bytes[at + 1]);
    let swapped = |at: usize| format!("{}{}{}{}", &text[..at], bytes[at + 1] as char, bytes[at] as char, &text[at + 2..]);
    (0..text.len() - 1).filter(told_apart).map(swapped).collect()
}

fn differ_by_five(a: u8, b: u8) -> bool {
    a.abs_diff(b) == 5
}

fn no_misses(_: u8, _: u8) -> bool {
    false
}

/// The body with the one last character that makes it hold.
fn completed(body: &str, alphabet: &str, holds: impl Fn(&str) -> bool) -> String {
    let whole: Vec<String> = alphabet.chars().map(|last| format!("{body}{last}")).filter(|whole| holds(whole)).collect();
    assert_eq!(whole.len(), 1, "exactly one check character fits {body}");
    whole[0].clone()
}

fn assert_found(mistakes: Vec<String>, holds: impl Fn(&str) -> bool) {
    let missed: Vec<_> = mistakes.into_iter().filter(|mistake| holds(mistake)).collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
}

#[test]
fn social_credit_codes_find_every_substitution_and_swap() {
    let holds = |text: &str| uscc::check(text).is_ok_and(|uscc| uscc.doubt.is_none());
    for text in ["91350100M000100Y43", "91370600000000019G", "92640100MA00000A9P", "93350200MA0000A199", "12110000400000018T"] {
        assert!(holds(text), "{text}");
        assert_found(substitutions(text, USCC_ALPHABET), holds);
        assert_found(swaps(text, no_misses), holds);
    }
}

#[test]
fn resident_numbers_find_every_substitution_and_swap() {
    let text = "11010519491231002X";
    assert_found(substitutions(text, "0123456789X"), resident_id::is_valid);
    assert_found(swaps(text, no_misses), resident_id::is_valid);
}

#[test]
fn old_registration_numbers_find_every_substitution() {
    assert_found(substitutions("110000013303000", DIGITS), registration::is_valid);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn gs1_keys_find_every_substitution_and_most_swaps(body in "[1-9][0-9]{16}", key in 0..4_usize) {
        let (scheme, length) = [(Scheme::Gtin, 12), (Scheme::Gtin, 13), (Scheme::Gln, 12), (Scheme::Sscc, 17)][key];
        let text = completed(&body[..length], DIGITS, |text| holds(scheme, text));
        assert_found(substitutions(&text, DIGITS), |text| holds(scheme, text));
        assert_found(swaps(&text, differ_by_five), |text| holds(scheme, text));
    }

    #[test]
    fn any_social_credit_code_finds_every_substitution(region in "[1-6][0-9]{5}", organisation in "[0-9A-HJ-NPQRTUWXY]{8}") {
        let organisation_check = |with: char| {
            let text = format!("91{region}{organisation}{with}0");
            uscc::check(&text).err().is_none_or(|faults| faults.iter().all(|fault| fault.rule != "uscc.organisation"))
        };
        let check: Vec<char> = USCC_ALPHABET.chars().filter(|with| organisation_check(*with)).collect();
        prop_assert_eq!(check.len(), 1);
        let body = format!("91{region}{organisation}{}", check[0]);
        let holds = |text: &str| holds(Scheme::Uscc, text);
        let text = completed(&body, USCC_ALPHABET, holds);
        assert_found(substitutions(&text, USCC_ALPHABET), holds);
        assert_found(swaps(&text, no_misses), holds);
    }
}
