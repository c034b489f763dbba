//! Resident identity numbers, GB 11643: recognised only to be hidden. Region 6, date of birth 8, sequence 3, check 1.
//!
//! Hiding asks less than validity: a number with one wrong digit still gives a person away. A masked number no longer tells people
//! apart, which is meant: whoever must tell them apart uses another number.

use std::borrow::Cow;

use crate::calendar;
use crate::check_digit::mod11_2;

const LENGTH: usize = 18;
/// The part that is hidden: the date of birth.
const HIDDEN: std::ops::Range<usize> = 6..14;

/// Whether the whole text is a resident identity number: shape, province, date of birth and check character.
pub fn is_valid(text: &str) -> bool {
    may_be(text) && mod11_2(&text[..LENGTH - 1]) == text.to_ascii_uppercase().chars().last()
}

/// Whether the whole text has a resident identity number's shape, province and date of birth, whatever its check character.
pub fn may_be(text: &str) -> bool {
    let shaped = text.len() == LENGTH && text.is_ascii() && text.bytes().take(LENGTH - 1).all(|b| b.is_ascii_digit());
    shaped
        && matches!(text.as_bytes()[LENGTH - 1], b'0'..=b'9' | b'X' | b'x')
        && is_province(&text[..2])
        && matches!(&text[6..8], "19" | "20")
        && calendar::is_day(&text[HIDDEN])
}

/// The text with the date of birth of everything in it that may be a resident identity number replaced by asterisks.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    for (start, _) in runs(text).filter(|(_, run)| may_be(run)) {
        let hidden = start + HIDDEN.start..start + HIDDEN.end;
        masked.to_mut().replace_range(hidden, &"*".repeat(HIDDEN.len()));
    }
    masked
}

/// The unbroken runs of ASCII letters and digits, with their places: a number inside a longer one is not a person's.
fn runs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends = |c: char| !c.is_ascii_alphanumeric();
    let mut next = 0;
    text.split_inclusive(ends).map(move |piece| {
        let start = next;
        next += piece.len();
        (start, piece.trim_end_matches(ends))
    })
}

fn is_province(prefix: &str) -> bool {
    matches!(
        prefix.as_bytes(),
        [b'1', b'1'..=b'5']
            | [b'2', b'1'..=b'3']
            | [b'3', b'1'..=b'7']
            | [b'4', b'1'..=b'6']
            | [b'5', b'0'..=b'4']
            | [b'6', b'1'..=b'5']
            | b"71"
            | [b'8', b'1'..=b'3']
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_of_the_standard_is_valid_in_either_case() {
        assert!(is_valid("11010519491231002X") && is_valid("11010519491231002x"));
    }

    #[test]
    fn province_date_check_and_length_all_count() {
        for text in ["110105194912310021", "99010519491231002X", "110105194913310021", "1101051949123100", "１1010519491231002X"] {
            assert!(!is_valid(text), "{text}");
        }
    }

    #[test]
    fn a_number_is_masked_inside_a_text_even_with_a_wrong_check() {
        assert_eq!(mask("张三 11010519491231002X。"), "张三 110105********002X。");
        assert_eq!(mask("110105194912310021,110105194912310022"), "110105********0021,110105********0022");
    }

    #[test]
    fn longer_numbers_and_other_codes_stay() {
        for text in ["37060000400010000003", "91350100M000100Y43", "110105********002X", ""] {
            assert!(matches!(mask(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
