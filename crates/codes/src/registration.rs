//! The registration number that enterprises had before the unified social credit code: 15 digits, the last one by ISO 7064 MOD 11,10.
//! It is no scheme of its own: records that still carry it keep it as opaque text, and the registry uses this check when it looks a
//! subject up by its old number.

use crate::check_digit::mod11_10;

/// Whether the whole text is such a number.
pub fn is_valid(text: &str) -> bool {
    text.len() == 15 && text.is_ascii() && mod11_10(&text[..14]) == text.chars().last()
}

#[cfg(test)]
mod tests {
    use super::is_valid;

    #[test]
    fn only_the_right_last_digit_passes() {
        assert!(is_valid("110000013303000"));
        for text in ["110000013303001", "11000001330300", "11000001330300A", "1100000133030０"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
