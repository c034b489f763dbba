//! The link between a child and its parent, as a pure state machine for each side.
//!
//! A machine is told what happened and when ([`child::Input`], [`parent::Input`]) and answers what is to be done ([`child::Output`],
//! [`parent::Output`]). It dials nothing, reads no clock and moves no bytes: drivers do that and tell it what came of it. So the simulation runs
//! thousands of schedules of loss, reordering, crashes and skew in seconds, through the very code that runs in production.
//!
//! Both machines decide by level, not by edge: after every input they compare what is with what should be. An input that is lost delays the
//! link and never derails it, and a restart needs only what the store remembers.
//!
//! Times are durations since the machine was made, on a clock that never goes back; wall clocks of two nodes are never compared.

pub mod backoff;
pub mod child;
pub mod parent;
#[cfg(test)]
mod simulation;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// When something happened, on the machine's own clock.
pub type Moment = Duration;

/// What a connection is for. Entries that share one wait for each other: an urgent one behind a full send buffer for half a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The journals whose entries overtake everything else, up and down.
    Urgent,
    /// The journals of everything else.
    Bulk,
    /// Questions in both directions, proofs, and the parent's pulls of figures.
    Questions,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::Urgent, Self::Bulk, Self::Questions];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Bulk => "bulk",
            Self::Questions => "questions",
        }
    }

    /// The name of the child's journal that is followed over it.
    pub fn uplink(self, child: &str) -> Option<String> {
        match self {
            Self::Urgent | Self::Bulk => Some(format!("{child}.federation.uplink-{self}")),
            Self::Questions => None,
        }
    }

    /// The name of the parent's journal that a child follows over it. The purpose stands before the child, whose id may hold its word.
    pub fn downlink(self, parent: &str, child: &str) -> Option<String> {
        match self {
            Self::Urgent | Self::Bulk => Some(format!("{parent}.federation.downlink-{self}-{child}")),
            Self::Questions => None,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no purpose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no purpose of a connection: urgent, bulk or questions")]
pub struct UnknownPurpose(pub String);

impl FromStr for Purpose {
    type Err = UnknownPurpose;

    fn from_str(word: &str) -> Result<Self, UnknownPurpose> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == word).ok_or_else(|| UnknownPurpose(word.to_owned()))
    }
}

/// One connection, or one attempt at it. What is said of an earlier one means nothing for a later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line(pub u64);

/// How a link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// All three connections stand.
    Connected,
    /// At least one does not; what is known of why.
    Away(String),
    /// The histories do not agree; nothing is taken until an operator approves.
    Quarantined(String),
}

impl State {
    /// The word of the contract.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Away(_) => "away",
            Self::Quarantined(_) => "quarantined",
        }
    }

    pub fn detail(&self) -> &str {
        match self {
            Self::Connected => "",
            Self::Away(why) | Self::Quarantined(why) => why,
        }
    }
}

/// The tree over a journal: what a checkpoint signs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tree {
    pub epoch: u64,
    /// Commits in the tree.
    pub size: u64,
    pub root: Vec<u8>,
}

/// Which figures of a month these are: the origin's entry that they are true of, and the hash over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub epoch: u64,
    pub seq: u64,
    pub hash: Vec<u8>,
}

impl Version {
    /// Of one origin, a later version holds all that an earlier one does.
    pub fn covers(&self, other: &Self) -> bool {
        (self.epoch, self.seq) >= (other.epoch, other.seq)
    }
}

/// The figures of one month, by who counted them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    pub origin: String,
    /// `YYYY-MM`
    pub month: String,
}

/// The previous, the same and the next minor release talk to each other.
pub fn versions_talk(one: &str, other: &str) -> bool {
    let release = |version: &str| -> Option<(u64, u64)> {
        let mut parts = version.split('.').map(str::parse::<u64>);
        Some((parts.next()?.ok()?, parts.next()?.ok()?))
    };
    match (release(one), release(other)) {
        (Some(one), Some(other)) => one.0 == other.0 && one.1.abs_diff(other.1) <= 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_versions_talk() {
        assert!(versions_talk("0.1.0", "0.2.7"));
        assert!(versions_talk("1.4.0", "1.3.9"));
        assert!(!versions_talk("0.1.0", "0.3.0"));
        assert!(!versions_talk("0.1.0", "1.1.0"));
        assert!(!versions_talk("0.1.0", ""));
    }

    #[test]
    fn each_kind_of_entries_has_its_journal() {
        assert_eq!(Purpose::Bulk.uplink("xm").as_deref(), Some("xm.federation.uplink-bulk"));
        assert_eq!(Purpose::Urgent.downlink("fj", "xm").as_deref(), Some("fj.federation.downlink-urgent-xm"));
        assert_eq!((Purpose::Questions.uplink("xm"), Purpose::Questions.downlink("fj", "xm")), (None, None));
        assert!(Purpose::ALL.iter().all(|purpose| purpose.as_str().parse() == Ok(*purpose)));
        assert_eq!("Bulk".parse::<Purpose>(), Err(UnknownPurpose("Bulk".into())));
    }
}
