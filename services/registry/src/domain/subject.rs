//! Subjects (追溯主体): who takes part in traceability, and the states that a registration goes through.

use std::fmt;
use std::str::FromStr;

/// The three kinds of GB/T 38155: node enterprise (节点), operator (经营者), natural person (自然人).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SubjectKind {
    Establishment,
    Operator,
    NaturalPerson,
}

/// Where a registration stands. `registered → verified → active ⇄ suspended → cancelled`; a cancelled one stays cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SubjectState {
    Registered,
    Verified,
    Active,
    Suspended,
    Cancelled,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    pub id: String,
    pub kind: SubjectKind,
    /// The scheme of its code: `uscc`, or `opaque` for natural persons and local numbers.
    pub scheme: String,
    pub code: String,
    pub name: String,
    pub area: String,
    pub state: SubjectState,
    pub categories: Vec<String>,
    /// Unix microseconds.
    pub registered_at: i64,
    /// The name of the caller who registered it.
    pub registered_by: String,
}

impl SubjectState {
    /// The states that may follow.
    pub const fn successors(self) -> &'static [Self] {
        match self {
            Self::Registered => &[Self::Verified, Self::Cancelled],
            Self::Verified => &[Self::Active, Self::Cancelled],
            Self::Active => &[Self::Suspended, Self::Cancelled],
            Self::Suspended => &[Self::Active, Self::Cancelled],
            Self::Cancelled => &[],
        }
    }

    /// The one place where a state changes. `Err` holds what would be legal from here.
    pub fn transition(self, to: Self) -> Result<Self, &'static [Self]> {
        if self.successors().contains(&to) { Ok(to) } else { Err(self.successors()) }
    }
}

const KINDS: [(SubjectKind, &str); 3] =
    [(SubjectKind::Establishment, "establishment"), (SubjectKind::Operator, "operator"), (SubjectKind::NaturalPerson, "natural_person")];

pub const STATES: [(SubjectState, &str); 5] = [
    (SubjectState::Registered, "registered"),
    (SubjectState::Verified, "verified"),
    (SubjectState::Active, "active"),
    (SubjectState::Suspended, "suspended"),
    (SubjectState::Cancelled, "cancelled"),
];

impl fmt::Display for SubjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(KINDS.iter().find(|(kind, _)| kind == self).map_or("", |(_, word)| word))
    }
}

impl fmt::Display for SubjectState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(STATES.iter().find(|(state, _)| state == self).map_or("", |(_, word)| word))
    }
}

/// The word is none of the closed list.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown word {0:?}")]
pub struct UnknownWord(pub String);

impl FromStr for SubjectKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        KINDS.iter().find(|(_, word)| *word == text).map(|(kind, _)| *kind).ok_or_else(|| UnknownWord(text.to_owned()))
    }
}

impl FromStr for SubjectState {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        STATES.iter().find(|(_, word)| *word == text).map(|(state, _)| *state).ok_or_else(|| UnknownWord(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registration_goes_only_where_it_may() {
        use SubjectState::*;
        assert_eq!(Registered.transition(Verified), Ok(Verified));
        assert_eq!(Suspended.transition(Active), Ok(Active));
        assert_eq!(Registered.transition(Active), Err(&[Verified, Cancelled][..]));
        assert!(STATES.iter().all(|(state, _)| Cancelled.transition(*state).is_err()));
    }

    #[test]
    fn words_and_values_are_one_to_one() {
        for (state, word) in STATES {
            assert_eq!(word.parse(), Ok(state));
            assert_eq!(state.to_string(), word);
        }
        assert!("Active".parse::<SubjectState>().is_err());
    }
}
