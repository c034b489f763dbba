//! The simulated network: each connection delivers in order, different ones overtake each other, and any may hang or break, which its two ends
//! notice at different times.

use std::time::Duration;

use super::desk::Word;
use super::ledger::Entry;
use crate::domain::link::child::Greeting;
use crate::domain::link::parent::Verdict;
use crate::domain::link::{Line, Purpose, Tree, Version};

/// What travels up to the parent.
#[derive(Clone, Debug)]
pub enum Up {
    Hello,
    Tunnel,
    /// The child follows its downlink, with what it has already.
    FollowDown(Tree),
    Commit {
        at: Tree,
        entry: Entry,
        hint: Option<(u64, Version)>,
        offered: Option<Tree>,
    },
    End(u64),
    Forked(String),
    Proven(Tree, Verdict),
    Months(Vec<(u64, Version)>),
    Figures(u64, Version, Tree),
}

/// What travels down to the child.
#[derive(Clone, Debug)]
pub enum Down {
    Greeting(Greeting),
    /// With what is held already.
    Follow(Tree),
    Prove {
        held: Option<Tree>,
        offered: Tree,
    },
    List,
    Pull(u64),
    /// An entry of the downlink that is followed over this connection.
    Entry {
        at: Tree,
        word: Word,
    },
    Forked(String),
}

#[derive(Clone, Debug)]
pub enum Message {
    Up(Up),
    Down(Down),
}

/// What the parent waits for on a connection: it hears of its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    Proof(Tree),
    List,
    Pull(u64),
}

#[derive(Debug)]
pub struct Connection {
    pub link: usize,
    pub purpose: Purpose,
    /// The child's name for it; the parent's is the connection's own number.
    pub line: Line,
    pub broken: bool,
    /// Nothing arrives any more, and nobody knows it yet.
    pub hangs: bool,
    /// The last entry that was sent to the follower at the other end, once there is one.
    pub followed_to: Option<u64>,
    /// The same for what goes down.
    pub fed_to: Option<u64>,
    pub waiting: Vec<Waiting>,
    /// When the last message of each direction arrives.
    pub up_until: Duration,
    pub down_until: Duration,
}

impl Connection {
    pub fn new(link: usize, purpose: Purpose, line: Line, now: Duration) -> Self {
        Self {
            link,
            purpose,
            line,
            broken: false,
            hangs: false,
            followed_to: None,
            fed_to: None,
            waiting: Vec::new(),
            up_until: now,
            down_until: now,
        }
    }

    /// When a message that takes so long arrives: behind those that were sent before it.
    pub fn arrival(&mut self, message: &Message, at: Duration) -> Duration {
        let until = match message {
            Message::Up(_) => &mut self.up_until,
            Message::Down(_) => &mut self.down_until,
        };
        *until = at.max(*until);
        *until
    }

    /// Whether a message on its way arrives. What the child had sent before a break still does, until the parent notices.
    pub const fn carries(&self, message: &Message) -> bool {
        !self.hangs && (!self.broken || matches!(message, Message::Up(_)))
    }

    /// Whether an answer was waited for.
    pub fn answered(&mut self, waiting: &Waiting) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|one| one != waiting);
        self.waiting.len() < before
    }
}
