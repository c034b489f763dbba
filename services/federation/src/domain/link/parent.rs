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

use std::collections::BTreeMap;
use std::time::Duration;

use super::backoff::Backoff;
use super::{Line, Moment, Month, Purpose, State, Tree, Version};

/// Pulls under way at once from one child: enough to fill its line, too few to bury its database.
const PULLS: usize = 4;
/// How often the child is asked for its months although nothing hints at a difference.
const LIST_EVERY: Duration = Duration::from_secs(600);
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

#[derive(Debug, Default)]
struct Claim {
    held: Option<Tree>,
    offered: Option<Tree>,
    /// What is being proven.
    proving: Option<Tree>,
}

impl Claim {
    /// Whether what is held reaches as far as this tree.
    fn covers(&self, tree: &Tree) -> bool {
        self.held.as_ref().is_some_and(|held| (held.epoch, held.size) >= (tree.epoch, tree.size))
    }
}

#[derive(Debug)]
struct Figures {
    offered: Version,
    /// The offer is a hint that came after the months were last asked for.
    hinted: bool,
    kept: Option<Version>,
    stage: Stage,
}

/// How far a pull has come.
#[derive(Clone, Debug)]
enum Stage {
    None,
    /// With what was offered when it began.
    Pulling(Version),
    /// Waits for a checkpoint.
    Unproven(Version, Pulled),
    Keeping(Version, Version),
}

impl Figures {
    const fn is_idle(&self) -> bool {
        matches!(self.stage, Stage::None)
    }

    fn is_wanted(&self) -> bool {
        self.is_idle() && self.kept.as_ref() != Some(&self.offered)
    }

    /// What came is what the child has; a hint that came meanwhile and is later still stands.
    fn keep(&mut self, began_with: &Version, version: Version) {
        if version.covers(&self.offered) || *began_with == self.offered {
            self.offered = version.clone();
        }
        self.kept = Some(version);
    }
}

/// When the months were last asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Never,
    Waiting,
    At(Moment),
}

/// The parent's side of one link.
#[derive(Debug)]
pub struct ParentLink {
    connections: [Connection; 3],
    claims: BTreeMap<String, Claim>,
    months: BTreeMap<Month, Figures>,
    asked: Asked,
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
        let mut claims: BTreeMap<String, Claim> =
            held.into_iter().map(|(journal, tree)| (journal, Claim { held: Some(tree), ..Claim::default() })).collect();
        for (journal, tree) in offered {
            claims.entry(journal).or_default().offered = Some(tree);
        }
        let state = match &quarantined {
            Some(why) => State::Quarantined(why.clone()),
            None => State::Away("has not connected".into()),
        };
        let backoff = Backoff::new(LONGEST_PAUSE, seed);
        Self { connections, claims, months: BTreeMap::new(), asked: Asked::Never, quarantined, backoff, rests_until: Moment::ZERO, state }
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
        let list = match self.asked {
            Asked::At(moment) if self.is_settled() => Some(moment + LIST_EVERY),
            _ => None,
        };
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
            self.prove(&mut todo);
            self.list(now, &mut todo);
            self.pull(&mut todo);
            self.keep(&mut todo);
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
            Input::Offered(journal, tree) => self.claims.entry(journal).or_default().offered = Some(tree),
            Input::Proven(journal, offered, verdict) => self.proven(now, journal, offered, verdict, todo),
            Input::Hinted(month, version) => self.hinted(month, version),
            Input::Listed(Some(months)) => self.listed(now, months),
            Input::Listed(None) => {
                self.asked = Asked::Never;
                self.rest(now, todo);
            }
            Input::Pulled(month, pulled) => self.pulled(now, &month, pulled, todo),
            Input::Kept(month, taken) => self.kept(now, &month, taken, todo),
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
            self.asked = Asked::Never;
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
        let connection = self.at(purpose);
        if connection.followed == Some(line) {
            (connection.followed, connection.settled) = (None, false);
            let until = now + self.backoff.pause();
            self.at(purpose).rests_until = until;
            todo.push(Output::BackOff(until));
        }
    }

    fn proven(&mut self, now: Moment, journal: String, offered: Tree, verdict: Verdict, todo: &mut Vec<Output>) {
        let Some(claim) = self.claims.get_mut(&journal).filter(|claim| claim.proving.as_ref() == Some(&offered)) else { return };
        claim.proving = None;
        match verdict {
            Verdict::Continues(newest) => {
                claim.held = Some(newest.clone());
                self.backoff.reset();
                todo.push(Output::Hold(journal, newest));
            }
            Verdict::Forks(why) => self.quarantine(format!("{journal}: {why}"), todo),
            Verdict::Unanswered => {
                claim.offered.get_or_insert(offered);
                self.rest(now, todo);
            }
        }
    }

    fn hinted(&mut self, month: Month, offered: Version) {
        let (kept, stage) = self.months.remove(&month).map_or((None, Stage::None), |figures| (figures.kept, figures.stage));
        self.months.insert(month, Figures { offered, hinted: true, kept, stage });
    }

    /// The list is the truth of when it was made, which a hint that came since may know better.
    fn listed(&mut self, now: Moment, months: Vec<Listed>) {
        self.asked = Asked::At(now);
        for Listed { month, offered, kept } in months {
            let listed = Figures { offered, hinted: false, kept, stage: Stage::None };
            let figures = match self.months.remove(&month) {
                Some(known) if known.hinted => Figures { kept: listed.kept, ..known },
                Some(known) => Figures { stage: known.stage, ..listed },
                None => listed,
            };
            self.months.insert(month, figures);
        }
    }

    fn pulled(&mut self, now: Moment, month: &Month, pulled: Option<Pulled>, todo: &mut Vec<Output>) {
        let Some(figures) = self.months.get_mut(month) else { return };
        let Stage::Pulling(began_with) = std::mem::replace(&mut figures.stage, Stage::None) else { return };
        let Some(pulled) = pulled else { return self.rest(now, todo) };
        let claim = self.claims.entry(pulled.journal.clone()).or_default();
        if !claim.covers(&pulled.tree) {
            claim.offered = Some(pulled.tree.clone());
        }
        figures.stage = Stage::Unproven(began_with, pulled);
    }

    fn kept(&mut self, now: Moment, month: &Month, taken: bool, todo: &mut Vec<Output>) {
        let Some(figures) = self.months.get_mut(month) else { return };
        let Stage::Keeping(began_with, version) = std::mem::replace(&mut figures.stage, Stage::None) else { return };
        if taken {
            figures.keep(&began_with, version);
            self.backoff.reset();
        } else {
            self.rest(now, todo);
        }
    }

    fn quarantine(&mut self, why: String, todo: &mut Vec<Output>) {
        if self.quarantined.is_none() {
            self.quarantined = Some(why.clone());
            todo.push(Output::Quarantine(why));
            self.begin_anew(todo);
        }
    }

    /// Closes every connection: the child comes back and hears at its hello how it stands.
    fn begin_anew(&mut self, todo: &mut Vec<Output>) {
        for purpose in Purpose::ALL {
            let connection = self.at(purpose);
            if let Some(line) = connection.line.take() {
                connection.why = "connects anew".into();
                todo.push(Output::Close(purpose, line));
            }
            (connection.followed, connection.settled) = (None, false);
        }
        self.months.clear();
        self.asked = Asked::Never;
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

    fn prove(&mut self, todo: &mut Vec<Output>) {
        for (journal, claim) in self.claims.iter_mut().filter(|(_, claim)| claim.proving.is_none()) {
            if let Some(offered) = claim.offered.take() {
                claim.proving = Some(offered.clone());
                todo.push(Output::Prove { journal: journal.clone(), held: claim.held.clone(), offered });
            }
        }
    }

    fn list(&mut self, now: Moment, todo: &mut Vec<Output>) {
        let due = match self.asked {
            Asked::Never => true,
            Asked::Waiting => false,
            Asked::At(moment) => moment + LIST_EVERY <= now,
        };
        if due {
            self.asked = Asked::Waiting;
            self.months.values_mut().for_each(|figures| figures.hinted = false);
            todo.push(Output::List);
        }
    }

    fn pull(&mut self, todo: &mut Vec<Output>) {
        if !matches!(self.asked, Asked::At(_)) {
            return;
        }
        let under_way = self.months.values().filter(|figures| !figures.is_idle()).count();
        let wanted = self.months.iter_mut().filter(|(_, figures)| figures.is_wanted());
        for (month, figures) in wanted.take(PULLS.saturating_sub(under_way)) {
            figures.stage = Stage::Pulling(figures.offered.clone());
            todo.push(Output::Pull(month.clone()));
        }
    }

    fn keep(&mut self, todo: &mut Vec<Output>) {
        for (month, figures) in &mut self.months {
            if let Stage::Unproven(began_with, pulled) = &figures.stage
                && self.claims.get(&pulled.journal).is_some_and(|claim| claim.covers(&pulled.tree))
            {
                figures.stage = Stage::Keeping(began_with.clone(), pulled.version.clone());
                todo.push(Output::Keep(month.clone()));
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

#[cfg(test)]
mod tests {
    use super::*;

    const BULK: Line = Line(2);
    const JOURNAL: &str = "xm.ingestion";

    fn tree(size: u64) -> Tree {
        Tree { epoch: 1, size, root: vec![size as u8; 32] }
    }

    fn month() -> Month {
        Month { origin: "xm".into(), month: "2026-11".into() }
    }

    fn version(seq: u64) -> Version {
        Version { epoch: 1, seq, hash: vec![seq as u8; 32] }
    }

    fn listed(offered: u64, kept: Option<u64>) -> Input {
        Input::Listed(Some(vec![Listed { month: month(), offered: version(offered), kept: kept.map(version) }]))
    }

    fn pulled(seq: u64) -> Input {
        Input::Pulled(month(), Some(Pulled { version: version(seq), journal: JOURNAL.into(), tree: tree(seq) }))
    }

    fn at(seconds: u64) -> Moment {
        Moment::from_secs(seconds)
    }

    /// A link with its three connections, whose bulk journal has been read to its end.
    fn settled(memory: Memory) -> (ParentLink, Vec<Output>) {
        let mut link = ParentLink::new(memory, 1);
        link.step(at(0), Input::Connected(Purpose::Urgent, Line(1)));
        link.step(at(0), Input::Connected(Purpose::Bulk, BULK));
        link.step(at(0), Input::Connected(Purpose::Questions, Line(3)));
        let todo = link.step(at(0), Input::CaughtUp(Purpose::Bulk, BULK, 9));
        (link, todo)
    }

    #[test]
    fn entries_are_followed_at_once_and_nothing_else_before_they_are_read() {
        let mut link = ParentLink::new(Memory { offered: [(JOURNAL.into(), tree(4))].into(), ..Memory::default() }, 1);
        let todo = link.step(at(0), Input::Connected(Purpose::Bulk, BULK));
        assert_eq!(todo, [Output::Follow(Purpose::Bulk, BULK, Cursor::default())]);
        assert_eq!(link.step(at(0), Input::Connected(Purpose::Questions, Line(3))), []);
        let todo = link.step(at(0), Input::CaughtUp(Purpose::Bulk, BULK, 9));
        assert_eq!(todo, [Output::Prove { journal: JOURNAL.into(), held: None, offered: tree(4) }, Output::List]);
        assert!(matches!(link.state(), State::Away(_)));
    }

    #[test]
    fn months_that_differ_are_pulled_proven_and_kept_once() {
        let (mut link, todo) = settled(Memory::default());
        assert_eq!(todo, [Output::List]);
        assert_eq!(link.step(at(1), listed(5, Some(4))), [Output::Pull(month())]);
        // It went on counting meanwhile: what came is newer than what was asked for.
        let todo = link.step(at(2), pulled(6));
        assert_eq!(todo, [Output::Prove { journal: JOURNAL.into(), held: None, offered: tree(6) }]);
        let todo = link.step(at(2), Input::Proven(JOURNAL.into(), tree(6), Verdict::Continues(tree(9))));
        assert_eq!(todo, [Output::Hold(JOURNAL.into(), tree(9)), Output::Keep(month())]);
        assert_eq!(link.step(at(2), Input::Kept(month(), true)), []);
        assert_eq!(link.step(at(3), Input::Hinted(month(), version(6))), []);
        assert_eq!(link.step(at(4), Input::Hinted(month(), version(7))), [Output::Pull(month())]);
        assert_eq!(link.step(at(4), pulled(7)), [Output::Keep(month())], "a checkpoint that covers it is held already");
    }

    #[test]
    fn figures_that_no_checkpoint_covers_are_never_kept() {
        let (mut link, _) = settled(Memory::default());
        link.step(at(1), listed(5, None));
        link.step(at(2), pulled(5));
        let todo = link.step(at(3), Input::Proven(JOURNAL.into(), tree(5), Verdict::Forks("it is shorter".into())));
        assert!(matches!(todo[0], Output::Quarantine(_)));
        assert!(!todo.contains(&Output::Keep(month())));
    }

    #[test]
    fn a_hint_during_a_pull_or_a_list_is_not_lost() {
        let (mut link, _) = settled(Memory::default());
        link.step(at(1), Input::Hinted(month(), version(7)));
        assert_eq!(link.step(at(1), listed(5, None)), [Output::Pull(month())]);
        link.step(at(2), pulled(7));
        link.step(at(2), Input::Hinted(month(), version(8)));
        link.step(at(2), Input::Proven(JOURNAL.into(), tree(7), Verdict::Continues(tree(7))));
        assert_eq!(link.step(at(2), Input::Kept(month(), true)), [Output::Pull(month())]);
    }

    #[test]
    fn what_failed_is_tried_again_after_a_pause() {
        let (mut link, _) = settled(Memory::default());
        link.step(at(1), listed(5, None));
        let todo = link.step(at(2), Input::Pulled(month(), None));
        let [Output::BackOff(until)] = todo[..] else { panic!("{todo:?}") };
        assert_eq!(link.wakes_at(at(2)), Some(until));
        assert_eq!(link.step(until, Input::Tick), [Output::Pull(month())]);
    }

    #[test]
    fn the_list_is_asked_for_again_from_time_to_time() {
        let (mut link, _) = settled(Memory::default());
        link.step(at(1), listed(5, Some(5)));
        assert_eq!(link.step(at(1) + LIST_EVERY, Input::Tick), [Output::List]);
    }

    #[test]
    fn a_proven_tree_is_held_and_a_failed_proof_ends_everything() {
        let (mut link, _) = settled(Memory { held: [(JOURNAL.into(), tree(4))].into(), ..Memory::default() });
        let todo = link.step(at(1), Input::Offered(JOURNAL.into(), tree(6)));
        assert_eq!(todo, [Output::Prove { journal: JOURNAL.into(), held: Some(tree(4)), offered: tree(6) }]);
        let todo = link.step(at(1), Input::Proven(JOURNAL.into(), tree(6), Verdict::Continues(tree(7))));
        assert_eq!(todo, [Output::Hold(JOURNAL.into(), tree(7))]);

        link.step(at(2), Input::Offered(JOURNAL.into(), tree(5)));
        let todo = link.step(at(2), Input::Proven(JOURNAL.into(), tree(5), Verdict::Forks("it is shorter".into())));
        let why = "xm.ingestion: it is shorter".to_owned();
        assert_eq!(todo[0], Output::Quarantine(why.clone()));
        assert_eq!(todo[1..4], [(Purpose::Urgent, 1), (Purpose::Bulk, 2), (Purpose::Questions, 3)].map(|(p, n)| Output::Close(p, Line(n))));
        assert_eq!(todo[4..], [Output::Became(State::Quarantined(why))]);
        assert_eq!(link.step(at(3), Input::Connected(Purpose::Bulk, Line(4))), []);
        assert_eq!(link.step(at(3), Input::Hinted(month(), version(8))), []);
    }

    #[test]
    fn a_proof_that_nobody_answered_is_asked_for_again() {
        let (mut link, _) = settled(Memory::default());
        link.step(at(1), Input::Offered(JOURNAL.into(), tree(6)));
        let todo = link.step(at(1), Input::Proven(JOURNAL.into(), tree(6), Verdict::Unanswered));
        let [Output::BackOff(until)] = todo[..] else { panic!("{todo:?}") };
        let again = Output::Prove { journal: JOURNAL.into(), held: None, offered: tree(6) };
        assert_eq!(link.step(until, Input::Tick), [again]);
    }

    #[test]
    fn a_proof_that_nobody_waits_for_any_more_says_nothing() {
        let (mut link, _) = settled(Memory::default());
        link.step(at(1), Input::Offered(JOURNAL.into(), tree(6)));
        assert_eq!(link.step(at(1), Input::Proven(JOURNAL.into(), tree(5), Verdict::Forks("late".into()))), []);
    }

    #[test]
    fn a_child_that_came_back_is_followed_over_its_new_connection() {
        let (mut link, _) = settled(Memory::default());
        link.step(at(1), Input::Advanced(Purpose::Bulk, Cursor { epoch: 1, seq: 9 }));
        let todo = link.step(at(2), Input::Connected(Purpose::Bulk, Line(7)));
        let follow = Output::Follow(Purpose::Bulk, Line(7), Cursor { epoch: 1, seq: 9 });
        assert_eq!(todo, [Output::Close(Purpose::Bulk, BULK), follow]);
        assert_eq!(link.step(at(3), Input::Lost(Purpose::Bulk, BULK, "closed".into())), []);
        let todo = link.step(at(4), Input::Lost(Purpose::Bulk, Line(7), "reset".into()));
        assert_eq!(todo, [Output::Became(State::Away("reset".into()))]);
    }

    #[test]
    fn a_quarantine_outlives_a_restart() {
        let memory = Memory { quarantined: Some("shorter".into()), ..Memory::default() };
        let (link, todo) = settled(memory);
        assert_eq!((link.state(), todo), (&State::Quarantined("shorter".into()), vec![]));
    }
}
