//! A code that nobody knows: repeated so that the reader can compare it, with what it could be, and which platforms did not answer.

use tracemesh_codes::{Scheme, classify};
use tracemesh_proto::ingestion::v1::TraceResponse;

use crate::language::Language;
use crate::text::{fill, word};
use crate::views::code::{CodeText, Exact};
use crate::views::platforms::Platforms;
use crate::views::said::Said;
use crate::views::verdict;

/// Silent platforms that are named; behind a province that is away there may be hundreds.
const MAX_SILENT: usize = 12;

/// What the page says besides its fixed text.
#[derive(Debug)]
pub struct UnknownView {
    pub code: CodeText,
    pub read_as: Option<String>,
    /// Platforms that did not answer, each with the time since when.
    pub silent: Vec<Said>,
}

/// `answer` is empty where the trace service said "not found" without more.
pub fn unknown(code: &str, answer: &TraceResponse, platforms: &Platforms) -> UnknownView {
    UnknownView {
        code: CodeText::new(Exact::read(code).map_or(code, |exact| exact.value)),
        read_as: read_as(code, platforms.language),
        silent: silent(answer, platforms),
    }
}

fn silent(answer: &TraceResponse, platforms: &Platforms) -> Vec<Said> {
    let text = &platforms.language.text().unknown_code;
    let nodes = verdict::silent(answer);
    let named = nodes.iter().take(MAX_SILENT).map(|node| platforms.silence(node, text.silent_since, "{node}"));
    let left_out = nodes.len().saturating_sub(MAX_SILENT) as u64;
    let more = (left_out > 0).then(|| text.silent_more.of(left_out));
    named.chain(more).filter_map(|sentence| Said::new(&sentence)).collect()
}

/// The catch-all reading says nothing and is left out.
fn read_as(code: &str, language: Language) -> Option<String> {
    let text = language.text();
    let schemes = classify(code).into_iter().map(|identified| identified.code.scheme).filter(|scheme| *scheme != Scheme::Opaque);
    let mut words: Vec<_> = schemes.filter_map(|scheme| word(text.words.schemes, scheme.as_str())).collect();
    words.dedup();
    (!words.is_empty()).then(|| fill(text.unknown_code.read_as, &[("schemes", &words.join(text.time.comma))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_code_could_be_is_said() {
        let said = |code: &str| read_as(code, Language::Chinese);
        assert_eq!(said("37060000400010000003").as_deref(), Some("这串字符可以识别为 20 位追溯码。"));
        assert_eq!(said("批次甲"), None);
    }
}
