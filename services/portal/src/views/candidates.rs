//! What a bare code may be. Twenty digits are a trace code where their first six were ever a region, and a drug code where they start with
//! 8: the page shows the best that hit, and offers the others.

use tracemesh_proto::ingestion::v1::Candidate;

use crate::language::Language;
use crate::text::word;
use crate::views::code::CodeText;

/// One reading of a code.
#[derive(Debug)]
pub struct CandidateView {
    pub scheme: String,
    pub code: CodeText,
    pub batch: Option<CodeText>,
    /// Where its page is.
    pub href: String,
}

/// The readings besides the first that hit, as links. Readings without a record are left out: their pages would be empty.
pub fn others(candidates: &[Candidate], language: Language) -> Vec<CandidateView> {
    candidates.iter().filter(|candidate| candidate.hit).skip(1).map(|candidate| view(candidate, language)).collect()
}

/// The reading that the page is about: the best that hit, else the best.
pub fn best(candidates: &[Candidate], language: Language) -> Option<CandidateView> {
    candidates.iter().find(|candidate| candidate.hit).or(candidates.first()).map(|candidate| view(candidate, language))
}

/// The address of a code's page.
pub fn href(code: &str) -> String {
    format!("/t/{}", escaped(code))
}

/// For a place in an address: everything but letters, digits and `-._~` is escaped, so that a value can hold slashes and hashes.
pub fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => escaped.push(char::from(byte)),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// `SCHEME:ISSUER/VALUE#BATCH`.
pub fn exact(candidate: &Candidate) -> String {
    let Candidate { scheme, issuer, value, batch, .. } = candidate;
    let bare = format!("{scheme}:{issuer}/{value}");
    if batch.is_empty() { bare } else { format!("{bare}#{batch}") }
}

fn view(candidate: &Candidate, language: Language) -> CandidateView {
    let scheme = word(language.text().words.schemes, &candidate.scheme).unwrap_or(&candidate.scheme);
    CandidateView {
        scheme: scheme.to_owned(),
        code: CodeText::new(&candidate.value),
        batch: (!candidate.batch.is_empty()).then(|| CodeText::new(&candidate.batch)),
        href: href(&exact(candidate)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_any_code() {
        assert_eq!(href("gtin:/069#L 1/二"), "/t/gtin%3A%2F069%23L%201%2F%E4%BA%8C");
    }

    #[test]
    fn only_what_hit_is_offered() {
        let candidate = |scheme: &str, hit| Candidate { scheme: scheme.into(), value: "1".into(), hit, ..Candidate::default() };
        let all = [candidate("drug20", false), candidate("mofcom20", true), candidate("opaque", true)];
        let others: Vec<_> = others(&all, Language::English).into_iter().map(|c| c.href).collect();
        assert_eq!(others, ["/t/opaque%3A%2F1"]);
        assert_eq!(best(&all, Language::English).map(|c| c.href).as_deref(), Some("/t/mofcom20%3A%2F1"));
    }
}
