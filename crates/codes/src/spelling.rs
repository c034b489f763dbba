//! How people and their software spell codes: full-width digits from a Chinese input method, no-break spaces from a web page, zero-width
//! characters from a chat. All of them are brought to one spelling before anything is compared, and the change is told as a doubt.
//! Nothing else is touched: case, inner spaces and rare characters of a free text keep their meaning for its issuer.

use crate::fault::CodeFault;

/// Longest value, in bytes; a URI fits.
pub(crate) const VALUE_BYTES: usize = 1000;
/// Longest issuer, in bytes.
pub(crate) const ISSUER_BYTES: usize = 200;
/// Longest batch, in bytes.
pub(crate) const BATCH_BYTES: usize = 200;

/// A text in its one spelling.
pub(crate) struct Spelled {
    pub(crate) text: String,
    changed: bool,
}

impl Spelled {
    /// The doubt that tells of the change, if there was one. White space around the text is no change worth telling.
    pub(crate) fn doubt(&self) -> Option<CodeFault> {
        self.changed.then(|| CodeFault::new("spelling.normalised", "full-width, no-break or zero-width characters were replaced"))
    }
}

/// Brings a text to its one spelling.
pub(crate) fn normalise(text: &str) -> Spelled {
    let spelled: String = text.chars().filter_map(plain).collect();
    let changed = spelled != text;
    Spelled { text: spelled.trim().to_owned(), changed }
}

fn plain(character: char) -> Option<char> {
    match character {
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => None,
        '\u{A0}' | '\u{3000}' => Some(' '),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0),
        _ => Some(character),
    }
}

/// What keeps a free text from being stored: its length, or a control character.
pub(crate) fn text_faults(rule: &'static str, text: &str, most_bytes: usize) -> Vec<CodeFault> {
    let mut faults = Vec::new();
    if text.len() > most_bytes {
        faults.push(CodeFault::new(rule, format!("at most {most_bytes} bytes, found {}", text.len())));
    }
    if let Some(position) = text.chars().position(char::is_control) {
        faults.push(CodeFault::at(rule, position, "a control character"));
    }
    faults
}

/// Long numbers are printed in groups; without the spaces between the groups they are the number. Other texts come back as they are.
pub(crate) fn ungrouped(text: &str) -> String {
    if text.bytes().all(|b| b.is_ascii_digit() || b == b' ') { text.replace(' ', "") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_invisible_characters_become_plain_and_are_told() {
        let spelled = normalise("\u{FEFF}６９２４\u{A0}ＳＣ\u{200B}1 ");
        assert_eq!(spelled.text, "6924 SC1");
        assert_eq!(spelled.doubt().map(|d| d.rule), Some("spelling.normalised"));
    }

    #[test]
    fn rare_characters_and_outer_spaces_are_no_doubt() {
        let spelled = normalise("  䶮㛃𠮷 号 ");
        assert_eq!(spelled.text, "䶮㛃𠮷 号");
        assert!(spelled.doubt().is_none());
    }

    #[test]
    fn only_numbers_lose_their_groups() {
        assert_eq!(ungrouped("8 3857 9300"), "838579300");
        assert_eq!(ungrouped("LOT 1"), "LOT 1");
    }

    #[test]
    fn a_text_that_is_too_long_and_holds_a_control_character_has_two_faults() {
        assert_eq!(text_faults("value.text", "ab\u{0}", 2).len(), 2);
    }
}
