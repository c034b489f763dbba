//! A part of a page that comes from one service. When that service does not answer, its panel says so, hatched and in words; the rest of
//! the page stands.

use crate::error::Trouble;
use crate::language::Language;
use crate::text::fill;

/// A part of a page, or why it is not there.
#[derive(Debug)]
pub enum Panel<T> {
    Ready(T),
    Failing(String),
}

impl<T> Panel<T> {
    /// Shows the answer with `view`, or the trouble as a sentence about `part`.
    pub fn new<A>(answer: &Result<A, Trouble>, part: &str, language: Language, view: impl FnOnce(&A) -> T) -> Self {
        match answer {
            Ok(answer) => Self::Ready(view(answer)),
            Err(trouble) => Self::Failing(sentence(trouble, part, language)),
        }
    }
}

/// What a reader is told about a part that has nothing to show. What the service said to us is for the log, except why a module is off.
pub fn sentence(trouble: &Trouble, part: &str, language: Language) -> String {
    let text = &language.text().trouble;
    let (template, why) = match trouble {
        Trouble::NoAnswer(_) | Trouble::Busy => (text.no_answer, ""),
        Trouble::Refused(_) | Trouble::NotSignedIn => (text.refused, ""),
        Trouble::SwitchedOff(why) => (text.switched_off, why.in_words(language)),
        Trouble::NotFound | Trouble::WrongQuestion(_) | Trouble::Unusable(_) => (text.wrong, ""),
    };
    fill(template, &[("part", part), ("why", why)])
}
