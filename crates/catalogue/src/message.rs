//! One message and how its blanks are filled.
//!
//! A text holds blanks such as `{field}` and `{value}`. They are filled in one pass, so that a value with braces in it stays what the
//! sender wrote and is never read as a blank again. Nothing is escaped here: a page, a log and a workbook escape differently.

/// A message to people: what is the matter and why, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// What programs and tests go by: `record.event_time.future`. Never reused with another meaning.
    pub code: &'static str,
    /// What is the matter and why, in Chinese.
    pub message_zh: &'static str,
    /// What to do about it, in Chinese.
    pub remedy_zh: &'static str,
    /// What is the matter and why, in English.
    pub message_en: &'static str,
    /// What to do about it, in English.
    pub remedy_en: &'static str,
}

/// The four texts of a message with their blanks filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// What is the matter, in Chinese.
    pub message_zh: String,
    /// What to do, in Chinese.
    pub remedy_zh: String,
    /// What is the matter, in English.
    pub message_en: String,
    /// What to do, in English.
    pub remedy_en: String,
}

/// Stands where a blank has nothing to be filled with.
const EMPTY_ZH: &str = "（空）";
const EMPTY_EN: &str = "(empty)";

impl Message {
    /// Fills the blanks of all four texts from names and values. Names that no text uses are passed over.
    pub fn render(&self, values: &[(&str, &str)]) -> Rendered {
        Rendered::fill([self.message_zh, self.remedy_zh], [self.message_en, self.remedy_en], values)
    }
}

impl Rendered {
    /// What is the matter and what to do, in both languages, from texts that stand elsewhere than here.
    pub fn fill([message_zh, remedy_zh]: [&str; 2], [message_en, remedy_en]: [&str; 2], values: &[(&str, &str)]) -> Self {
        Self {
            message_zh: fill(message_zh, values, EMPTY_ZH),
            remedy_zh: fill(remedy_zh, values, EMPTY_ZH),
            message_en: fill(message_en, values, EMPTY_EN),
            remedy_en: fill(remedy_en, values, EMPTY_EN),
        }
    }
}

/// Fills the blanks of one text. A blank without a value, or with an empty one, is filled with `empty`.
pub fn fill(text: &str, values: &[(&str, &str)], empty: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_blank(rest) {
        filled.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        filled.push_str(if value.is_empty() { empty } else { value });
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The names of the blanks in a text, in order.
pub fn blanks(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = next_blank(rest) {
        names.push(name);
        rest = after;
    }
    names
}

/// What stands before the next blank, its name, and what follows. A brace that opens no name is text.
fn next_blank(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let inside = &text[open + 1..];
        match inside.find('}') {
            Some(close) if is_name(&inside[..close]) => return Some((&text[..open], &inside[..close], &inside[close + 1..])),
            _ => from = open + 1,
        }
    }
    None
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_filled_once() {
        let text = "{field} is {value}, not {value}";
        assert_eq!(fill(text, &[("field", "units[0]"), ("value", "{field}")], "-"), "units[0] is {field}, not {field}");
    }

    #[test]
    fn what_has_no_value_says_so() {
        assert_eq!(fill("值“{value}”", &[("value", "")], EMPTY_ZH), "值“（空）”");
        assert_eq!(fill("value {value}", &[], EMPTY_EN), "value (empty)");
    }

    #[test]
    fn a_brace_that_opens_no_name_is_text() {
        assert_eq!(fill("{ {} {A} {b", &[("b", "x")], "-"), "{ {} {A} {b");
        assert_eq!(fill("{{b}}", &[("b", "x")], "-"), "{x}");
        assert_eq!(blanks("{a} 和 {b_c}，{ 除外"), ["a", "b_c"]);
    }
}
