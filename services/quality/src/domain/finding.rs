//! A finding on its way: found and sent at once, then explained or corrected, rechecked, and closed; or escalated where nobody answers in time.
//!
//! ```text
//! found → sent ─┬→ explained ─┬→ closed
//!               │             └→ sent (reopened)
//!               ├→ corrected → rechecked → closed      by itself, when the next revisions take the cause away
//!               └→ escalated → explained | closed      when it is overdue, or somebody says so
//! ```
//!
//! A closed finding whose cause comes back, or takes in records that it did not have, is sent again.

use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Found,
    Sent,
    Explained,
    Corrected,
    Rechecked,
    Closed,
    Escalated,
}

/// What a regulator decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Close,
    Escalate,
    Reopen,
}

/// One finding as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In the order in which causes were found; a part of the id.
    pub number: i64,
    pub kind: String,
    /// The group that it was found in, and which cause there.
    pub group: i64,
    pub cause: i64,
    pub state: State,
    /// Whom it was said to.
    pub provider: String,
    pub subject: i64,
    pub subject_shown: String,
    pub area: String,
    pub category: String,
    /// Unix microseconds.
    pub found_at: i64,
    /// The first moment that is too late.
    pub due_at: i64,
    /// 0 = open.
    pub closed_at: i64,
    /// The day on which it is due rests on a calendar that is not published yet.
    pub is_presumed: bool,
    /// Records that share the cause.
    pub records: i64,
}

/// One step of a finding's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub state: State,
    pub by: String,
    /// Unix microseconds.
    pub at: i64,
    pub text: String,
}

/// What stands on a record that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    pub record: i64,
    pub field: String,
    pub value: String,
    pub against: String,
}

/// A finding with its way and the first of its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub finding: Finding,
    pub steps: Vec<Step>,
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// `NODE-F-NUMBER`
    pub fn id(&self, node: &str) -> String {
        format!("{node}-F-{}", self.number)
    }

    pub fn is_open(&self) -> bool {
        self.state != State::Closed
    }

    pub fn is_closed_in_time(&self) -> bool {
        !self.is_open() && self.closed_at < self.due_at
    }

    pub fn is_overdue(&self, now: i64) -> bool {
        self.is_open() && self.due_at <= now
    }
}

/// The number in a finding's id; none in somebody else's.
pub fn number(node: &str, id: &str) -> Option<i64> {
    id.strip_prefix(node)?.strip_prefix("-F-")?.parse().ok().filter(|number| *number > 0)
}

impl State {
    pub const ALL: [(State, &str); 7] = [
        (State::Found, "found"),
        (State::Sent, "sent"),
        (State::Explained, "explained"),
        (State::Corrected, "corrected"),
        (State::Rechecked, "rechecked"),
        (State::Closed, "closed"),
        (State::Escalated, "escalated"),
    ];

    /// What people may do from here: the states that may follow.
    pub const fn successors(self) -> &'static [State] {
        match self {
            State::Sent => &[State::Explained, State::Escalated, State::Closed],
            State::Explained => &[State::Sent, State::Escalated, State::Closed, State::Explained],
            State::Escalated => &[State::Explained, State::Closed, State::Sent],
            State::Closed => &[State::Sent],
            // Passed through within one entry, never stood in.
            State::Found | State::Corrected | State::Rechecked => &[],
        }
    }

    /// The one place where people change a state. `Err` holds what would be possible from here.
    pub fn transition(self, to: State) -> Result<State, &'static [State]> {
        if self.successors().contains(&to) { Ok(to) } else { Err(self.successors()) }
    }
}

impl Decision {
    pub const ALL: [(Decision, &str); 3] = [(Decision::Close, "close"), (Decision::Escalate, "escalate"), (Decision::Reopen, "reopen")];

    pub fn leads_to(self) -> State {
        match self {
            Decision::Close => State::Closed,
            Decision::Escalate => State::Escalated,
            Decision::Reopen => State::Sent,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::ALL[*self as usize].1)
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|(_, word)| *word == text).map(|(state, _)| state).ok_or(())
    }
}

impl FromStr for Decision {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|(_, word)| *word == text).map(|(decision, _)| decision).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for (state, word) in State::ALL {
            assert_eq!((state.to_string().as_str(), word.parse()), (word, Ok(state)));
        }
        assert_eq!(Decision::ALL.map(|(decision, word)| word.parse() == Ok(decision)), [true; 3]);
    }

    #[test]
    fn what_is_not_possible_is_told_what_is() {
        assert_eq!(State::Sent.transition(State::Explained), Ok(State::Explained));
        assert_eq!(State::Closed.transition(State::Explained), Err(&[State::Sent][..]));
    }

    #[test]
    fn an_id_holds_the_number_and_the_node() {
        assert_eq!(number("yantai", "yantai-F-17"), Some(17));
        assert_eq!(["yantai-F-0", "yantai-F-", "jinan-F-17", "17", "yantai-F--1"].map(|id| number("yantai", id)), [None; 5]);
    }
}
