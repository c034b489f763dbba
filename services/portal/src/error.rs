//! What a page can say about a question that got no answer. A variant is something that the reader can do.

use std::fmt;

use tonic::{Code, Status};
use tonic_types::{ErrorDetail, FieldViolation, StatusExt};

use crate::language::Language;

/// Why another service did not answer a question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Too slow, down, or overloaded: try again.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// Too many look-ups at once: try again in a few seconds.
    #[error("too many look-ups at once")]
    Busy,
    /// There is no such thing: check what was asked.
    #[error("not found")]
    NotFound,
    /// The question itself is wrong: mend it.
    #[error("wrong question: {0}")]
    WrongQuestion(Wrong),
    /// The caller may not know, or may not do it: ask somebody who may.
    #[error("refused: {0}")]
    Refused(Reason),
    /// Nobody is signed in: sign in.
    #[error("not signed in")]
    NotSignedIn,
    /// Not in this state: the module is switched off, or what was asked for is not possible from here.
    #[error("not in this state: {0}")]
    SwitchedOff(Reason),
    /// An answer that cannot be used: tell the operator.
    #[error("unusable answer: {0}")]
    Unusable(String),
}

/// What a service said to people, in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason {
    /// May be empty; then the other is shown.
    pub chinese: String,
    /// May be empty; then the other is shown.
    pub english: String,
}

/// What is wrong with a question: as a whole, and field by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrong {
    pub reason: Reason,
    pub faults: Vec<Fault>,
}

/// What is wrong with one field of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its path in the request, with proto names and dots: `facts.hurt`, `codes.0`.
    pub field: String,
    pub reason: Reason,
}

impl Wrong {
    /// Every violation that came with a status.
    fn of(status: &Status) -> Self {
        let mut faults = Vec::new();
        for detail in status.get_error_details_vec() {
            if let ErrorDetail::BadRequest(bad) = detail {
                faults.extend(bad.field_violations.into_iter().map(Fault::of));
            }
        }
        Self { reason: Reason::of(status), faults }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

impl Fault {
    fn of(violation: FieldViolation) -> Self {
        let chinese = violation.localized_message.map(|text| text.message).unwrap_or_default();
        Self { field: violation.field, reason: Reason { chinese, english: violation.description } }
    }
}

impl Reason {
    /// In a language, or in the other where this one is empty.
    pub fn in_words(&self, language: Language) -> &str {
        language.pick(&self.chinese, &self.english)
    }

    /// The texts that came with a status; the bare message where none did.
    fn of(status: &Status) -> Self {
        let mut reason = Self { english: status.message().to_owned(), ..Self::default() };
        for detail in status.get_error_details_vec() {
            if let ErrorDetail::LocalizedMessage(text) = detail {
                match Language::from_tag(&text.locale) {
                    Some(Language::Chinese) => reason.chinese = text.message,
                    Some(Language::English) => reason.english = text.message,
                    None => (),
                }
            }
        }
        reason
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl From<Status> for Trouble {
    fn from(status: Status) -> Self {
        let said = status.message().to_owned();
        match status.code() {
            Code::NotFound => Self::NotFound,
            Code::InvalidArgument | Code::OutOfRange | Code::AlreadyExists => Self::WrongQuestion(Wrong::of(&status)),
            Code::PermissionDenied => Self::Refused(Reason::of(&status)),
            Code::Unauthenticated => Self::NotSignedIn,
            Code::FailedPrecondition => Self::SwitchedOff(Reason::of(&status)),
            Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::ResourceExhausted | Code::Aborted | Code::Unknown => {
                Self::NoAnswer(said)
            }
            _ => Self::Unusable(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use tonic_types::LocalizedMessage;

    use super::*;

    #[test]
    fn a_reason_comes_in_both_languages() {
        let texts = [LocalizedMessage::new("zh-CN", "分析模块未启用"), LocalizedMessage::new("en", "analytics is switched off")];
        let status = Status::with_error_details_vec(Code::FailedPrecondition, "off", texts.map(ErrorDetail::from));
        let reason = Reason { chinese: "分析模块未启用".into(), english: "analytics is switched off".into() };
        assert_eq!(Trouble::from(status), Trouble::SwitchedOff(reason));
        let bare = Reason { english: "off".into(), ..Reason::default() };
        assert_eq!(Trouble::from(Status::failed_precondition("off")), Trouble::SwitchedOff(bare));
    }
}
