//! The parent's side, one machine for each child: what to follow, what to have proven, which months to pull, and when to take nothing more.
//!
//! A child's uplink says what is new; the truth is asked for. Checkpoints of the child's journals are taken as offers, and each has to be proven
//! against the last one that is held. Digests of figures are hints, and a list of months that is asked for at every connection and from time to
//! time makes up for whatever hints were lost. Neither is looked at before the bulk journal has been read to its end, because what stands further
//! back in it may be long out of date.
//!
//! Figures that were pulled are kept only once a checkpoint is held that covers them. Otherwise a child could be set back to before what it has
//! told, and nothing that is held would contradict it: the parent would show records that no longer exist.
//!
//! One failed proof quarantines the child: nothing more is followed, proven or pulled, and its connections are closed, so that its next hello
//! tells it. The other children have machines of their own and notice nothing.

mod claims;
mod months;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use self::claims::Claims;
use self::months::Months;
use super::backoff::Backoff;
use super::{Line, Moment, Month, Purpose, State, Tree, Version};

/// Longest pause before something that failed over a standing connection is tried again.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How far a journal has been followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    pub epoch: u64,
    pub seq: u64,
}

/// What a proof has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This tree, the newest, continues both the offered one and the held one.
    Continues(Tree),
    /// It does not; what was found instead.
    Forks(String),
    /// Nobody answered: ask again.
    Unanswered,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing but time.
    Tick,
    Connected(Purpose, Line),
    Lost(Purpose, Line, String),
    /// The follower's transaction has committed.
    Advanced(Purpose, Cursor),
    /// The child says that its journal ends with this entry.
    Ends(Purpose, u64),
    /// Everything up to this entry has been followed, and nothing more is there now.
    CaughtUp(Purpose, Line, u64),
    /// The follower has ended without a fork.
    Stopped(Purpose, Line),
    /// The history on offer is not the one that was followed.
    Forked(String),
    /// The child says that one of its journals has this tree.
    Offered(String, Tree),
    Proven(String, Tree, Verdict),
    /// The child hints that a month has these figures.
    Hinted(Month, Version),
    /// The child's months beside those that we keep; none: nobody answered.
    Listed(Option<Vec<Listed>>),
    /// What was pulled; none: it failed.
    Pulled(Month, Option<Pulled>),
    /// Whether our own analytics has taken the figures.
    Kept(Month, bool),
}

/// Figures that have come and are not kept yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    pub version: Version,
    /// The child's journal that the figures are true of, and its tree after they were read.
    pub journal: String,
    pub tree: Tree,
}

/// One month in the answer to [`Output::List`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub month: Month,
    pub offered: Version,
    pub kept: Option<Version>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Follow the uplink journal of this purpose over this connection, after the cursor.
    Follow(Purpose, Line, Cursor),
    /// Have it proven that a journal's newest tree continues both the offered and the held one.
    Prove {
        journal: String,
        held: Option<Tree>,
        offered: Tree,
    },
    /// Hold this tree from now on.
    Hold(String, Tree),
    /// Ask the child for its months, and our own analytics for those that it keeps.
    List,
    /// Pull the figures of a month.
    Pull(Month),
    /// Hand what was pulled to our own analytics.
    Keep(Month),
    /// Take nothing more from this child.
    Quarantine(String),
    Close(Purpose, Line),
    /// Try nothing again before this moment, unless something happens.
    BackOff(Moment),
    /// The link is in another state than before.
    Became(State),
}

/// What a restart needs.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    pub quarantined: Option<String>,
    pub cursors: BTreeMap<Purpose, Cursor>,
    /// The last proven tree of each of the child's journals.
    pub held: BTreeMap<String, Tree>,
    /// Those that were offered since and not proven yet.
    pub offered: BTreeMap<String, Tree>,
}

/// One of the three connections, and for two of them the journal that is followed over it.
#[derive(Debug, Default)]
struct Connection {
    line: Option<Line>,
    why: String,
    cursor: Cursor,
    /// The connection over which it is followed.
    followed: Option<Line>,
    /// Read to its end since then.
    settled: bool,
    /// A follower that has ended is not started before this moment.
    rests_until: Moment,
    /// The last entry that is known of.
    end: u64,
}

/// The parent's side of one link.
#[derive(Debug)]
pub struct ParentLink {
    connections: [Connection; 3],
    claims: Claims,
    months: Months,
    quarantined: Option<String>,
    backoff: Backoff,
    /// After a failure nothing is asked before this moment.
    rests_until: Moment,
    state: State,
}

impl ParentLink {
    /// `seed` decides the jitter of pauses.
    pub fn new(memory: Memory, seed: u64) -> Self {
        let Memory { quarantined, mut cursors, held, offered } = memory;
        let connections = Purpose::ALL.map(|purpose| Connection {
            cursor: cursors.remove(&purpose).unwrap_or_default(),
            why: "has not connected".into(),
            ..Connection::default()
        });
        let state = match &quarantined {
            Some(why) => State::Quarantined(why.clone()),
            None => State::Away("has not connected".into()),
        };
        Self {
            connections,
            claims: Claims::new(held, offered),
            months: Months::default(),
            quarantined,
            backoff: Backoff::new(LONGEST_PAUSE, seed),
            rests_until: Moment::ZERO,
            state,
        }
    }

    /// How the link is.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// How many uplink entries are known to lie behind the cursors.
    pub fn behind(&self) -> u64 {
        self.connections.iter().map(|connection| connection.end.saturating_sub(connection.cursor.seq)).sum()
    }

    /// When to send a [`Input::Tick`] if nothing happens before.
    pub fn wakes_at(&self, now: Moment) -> Option<Moment> {
        // While it rests it asks for nothing, whatever is due.
        let list = self.months.list_due().filter(|_| self.is_settled()).map(|due| due.max(self.rests_until));
        let rests = self.connections.iter().map(|connection| connection.rests_until).chain([self.rests_until]);
        list.into_iter().chain(rests.filter(|until| *until > now)).min()
    }

    /// What follows from what happened.
    pub fn step(&mut self, now: Moment, input: Input) -> Vec<Output> {
        let mut todo = Vec::new();
        self.learn(now, input, &mut todo);
        if self.quarantined.is_none() {
            self.follow(now, &mut todo);
        }
        if self.quarantined.is_none() && self.rests_until <= now && self.is_settled() {
            self.months.list(now, &mut todo);
            self.months.pull(&mut todo);
            self.claims.prove(&mut todo);
            self.months.keep(&self.claims, &mut todo);
        }
        self.notice(&mut todo);
        todo
    }

    fn learn(&mut self, now: Moment, input: Input, todo: &mut Vec<Output>) {
        match input {
            Input::Tick => {}
            Input::Connected(purpose, line) => self.connected(purpose, line, todo),
            Input::Lost(purpose, line, why) => self.lost(purpose, line, why),
            Input::Advanced(purpose, cursor) => self.at(purpose).cursor = cursor,
            Input::Ends(purpose, end) => self.at(purpose).end = end,
            Input::CaughtUp(purpose, line, end) => self.caught_up(purpose, line, end),
            Input::Stopped(purpose, line) => self.stopped(now, purpose, line, todo),
            Input::Forked(why) => self.quarantine(why, todo),
            Input::Offered(journal, tree) => self.claims.offer(&journal, tree),
            Input::Proven(journal, offered, verdict) => self.proven(now, journal, offered, verdict, todo),
            Input::Hinted(month, version) => self.months.hinted(month, version),
            Input::Listed(Some(months)) => self.months.listed(now, months),
            Input::Listed(None) => {
                self.months.forget_list();
                self.rest(now, todo);
            }
            Input::Pulled(month, pulled) => {
                if !self.months.pulled(&month, pulled, &mut self.claims) {
                    self.rest(now, todo);
                }
            }
            Input::Kept(month, taken) => match self.months.kept(&month, taken) {
                true => self.backoff.reset(),
                false => self.rest(now, todo),
            },
        }
    }

    fn connected(&mut self, purpose: Purpose, line: Line, todo: &mut Vec<Output>) {
        // The child knows better than we do that the one before is gone.
        if let Some(former) = self.at(purpose).line.replace(line) {
            todo.push(Output::Close(purpose, former));
        }
        self.at(purpose).why.clear();
        self.at(purpose).settled = false;
        if purpose == Purpose::Questions {
            self.months.forget_list();
        }
    }

    fn lost(&mut self, purpose: Purpose, line: Line, why: String) {
        let connection = self.at(purpose);
        if connection.line == Some(line) {
            (connection.line, connection.settled, connection.why) = (None, false, why);
        }
    }

    fn caught_up(&mut self, purpose: Purpose, line: Line, end: u64) {
        let connection = self.at(purpose);
        if connection.followed == Some(line) {
            (connection.settled, connection.end) = (true, end);
        }
    }

    fn stopped(&mut self, now: Moment, purpose: Purpose, line: Line, todo: &mut Vec<Output>) {
        let until = now + self.backoff.pause();
        let connection = self.at(purpose);
        if connection.followed == Some(line) {
            (connection.followed, connection.settled, connection.rests_until) = (None, false, until);
            todo.push(Output::BackOff(until));
        }
    }

    fn proven(&mut self, now: Moment, journal: String, offered: Tree, verdict: Verdict, todo: &mut Vec<Output>) {
        match self.claims.proven(&journal, offered, verdict) {
            Some(Verdict::Continues(newest)) => {
                self.backoff.reset();
                todo.push(Output::Hold(journal, newest));
            }
            Some(Verdict::Forks(why)) => self.quarantine(format!("{journal}: {why}"), todo),
            Some(Verdict::Unanswered) => self.rest(now, todo),
            None => {}
        }
    }

    /// Closes every connection, too: the child comes back and hears at its hello how it stands.
    fn quarantine(&mut self, why: String, todo: &mut Vec<Output>) {
        if self.quarantined.is_some() {
            return;
        }
        self.quarantined = Some(why.clone());
        todo.push(Output::Quarantine(why));
        for purpose in Purpose::ALL {
            let connection = self.at(purpose);
            (connection.followed, connection.settled) = (None, false);
            if let Some(line) = connection.line.take() {
                todo.push(Output::Close(purpose, line));
            }
        }
        self.months = Months::default();
    }

    fn rest(&mut self, now: Moment, todo: &mut Vec<Output>) {
        self.rests_until = now + self.backoff.pause();
        todo.push(Output::BackOff(self.rests_until));
    }

    fn follow(&mut self, now: Moment, todo: &mut Vec<Output>) {
        for purpose in [Purpose::Urgent, Purpose::Bulk] {
            let connection = self.at(purpose);
            if let Some(line) = connection.line
                && connection.followed != Some(line)
                && connection.rests_until <= now
            {
                (connection.followed, connection.settled) = (Some(line), false);
                todo.push(Output::Follow(purpose, line, connection.cursor));
            }
        }
    }

    /// Whether offers and hints are those of now, and there is a connection to ask over.
    const fn is_settled(&self) -> bool {
        self.connections[Purpose::Bulk as usize].settled && self.connections[Purpose::Questions as usize].line.is_some()
    }

    fn notice(&mut self, todo: &mut Vec<Output>) {
        let missing = self.connections.iter().find(|connection| connection.line.is_none());
        let state = match (&self.quarantined, missing) {
            (Some(why), _) => State::Quarantined(why.clone()),
            (None, Some(connection)) => State::Away(connection.why.clone()),
            (None, None) => State::Connected,
        };
        if state != self.state {
            self.state = state.clone();
            todo.push(Output::Became(state));
        }
    }

    const fn at(&mut self, purpose: Purpose) -> &mut Connection {
        &mut self.connections[purpose as usize]
    }
}
