//! What somebody who holds a thing in hand says does not match its page.

use tracemesh_codes::resident_id;

/// Characters of a report; bytes of a code.
pub const TEXT_CHARS_MOST: usize = 1_000;
pub const CODE_BYTES_MOST: usize = 512;
/// Characters of an answer, in each language.
pub const ANSWER_CHARS_MOST: usize = 2_000;
/// Digits in a row that may be somebody's telephone number.
const PHONE_DIGITS: usize = 11;
/// Of these the first three and the last two are shown.
const PHONE_HIDDEN: std::ops::Range<usize> = 3..9;

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Cannot be guessed: whoever has it may read the report and its answer.
    pub number: String,
    pub code: String,
    pub text: String,
    /// Unix microseconds.
    pub at: i64,
    pub answer: Option<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub zh: String,
    pub en: String,
    /// Unix microseconds.
    pub at: i64,
}

/// The text without what may be a person's number: of an identity card the date of birth, of a mobile telephone its middle.
pub fn masked(text: &str) -> String {
    let mut masked = resident_id::mask(text).into_owned();
    for start in phones(&masked) {
        masked.replace_range(start + PHONE_HIDDEN.start..start + PHONE_HIDDEN.end, &"*".repeat(PHONE_HIDDEN.len()));
    }
    masked
}

/// Where runs of exactly eleven digits that begin with a 1 stand: longer ones are codes.
fn phones(text: &str) -> Vec<usize> {
    let digits = |part: &str| part.len() == PHONE_DIGITS && part.starts_with('1');
    let mut found = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive(|c: char| !c.is_ascii_digit()) {
        if digits(part.trim_end_matches(|c: char| !c.is_ascii_digit())) {
            found.push(at);
        }
        at += part.len();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_numbers_are_masked_and_codes_are_not() {
        assert_eq!(masked("我的电话13912345678，身份证11010519491231002X"), "我的电话139******78，身份证110105********002X");
        assert_eq!(masked("37060000400010000003 and 139123456789"), "37060000400010000003 and 139123456789");
        assert_eq!(masked("13912345678"), "139******78");
    }
}
