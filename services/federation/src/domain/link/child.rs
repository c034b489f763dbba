//! The child's side: it dials, says hello, and then serves the parent's calls on each of its three connections.
//!
//! Each connection lives for itself, with its own pauses: a firewall that cuts one must not slow down the others. What the parent thinks of us
//! (that it takes nothing from us until somebody approves) is kept from its last hello and shown; it changes nothing here, because orders and
//! questions go on.
//!
//! What the parent has for us is followed over the same connections, urgent entries over theirs. A parent whose history does not continue what we
//! have of it was set back: nothing more is taken from it until an operator of ours approves, and all else goes on.

use std::time::Duration;

use super::backoff::Backoff;
use super::{Line, Moment, Purpose, State, versions_talk};

/// Dialling or greeting that takes longer has failed, whatever the transport still hopes for.
const PATIENCE: Duration = Duration::from_secs(45);
/// A connection that stood for so long was a good one: the pause after it is a first one again.
const STEADY: Duration = Duration::from_secs(10);

/// What the parent says to our hello.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Greeting {
    pub node: String,
    pub version: String,
    /// Why it takes nothing from us; empty = it does.
    pub quarantined: String,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Nothing but time.
    Tick,
    /// Certificate or address have changed: pauses are over.
    Refreshed,
    Dialled(Purpose, Line),
    Greeted(Purpose, Line, Greeting),
    Lost(Purpose, Line, String),
    /// The history on offer is not the one that was followed.
    Forked(String),
    /// An operator has approved the parent's history of now.
    Approved,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    Dial(Purpose, Line),
    Greet(Purpose, Line),
    /// Open the tunnel and serve what comes through it.
    Serve(Purpose, Line),
    /// Follow the downlink of this purpose, for as long as the connection stands.
    Follow(Purpose, Line),
    /// Take nothing more from the parent.
    Distrust(String),
    Close(Purpose, Line),
    /// Nothing before this moment, unless something happens.
    BackOff(Purpose, Moment),
    /// The link is in another state than before.
    Became(State),
}

/// One connection.
#[derive(Debug)]
struct Connection {
    stage: Stage,
    backoff: Backoff,
    /// Why it is not there.
    why: String,
    /// Whether the downlink is followed over it.
    followed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Resting { until: Moment },
    Dialling { line: Line, until: Moment },
    Greeting { line: Line, until: Moment },
    Serving { line: Line, since: Moment },
}

impl Stage {
    const fn line(self) -> Option<Line> {
        match self {
            Self::Resting { .. } => None,
            Self::Dialling { line, .. } | Self::Greeting { line, .. } | Self::Serving { line, .. } => Some(line),
        }
    }

    const fn until(self) -> Option<Moment> {
        match self {
            Self::Resting { until } | Self::Dialling { until, .. } | Self::Greeting { until, .. } => Some(until),
            Self::Serving { .. } => None,
        }
    }
}

/// The child's side of a link.
#[derive(Debug)]
pub struct ChildLink {
    version: &'static str,
    connections: [Connection; 3],
    lines: u64,
    quarantined: String,
    /// Why nothing is taken from the parent.
    forked: Option<String>,
    state: State,
}

impl ChildLink {
    /// `version` is our own; `forked` is remembered from before; `longest_pause` lies between two attempts, `seed` decides their jitter.
    pub fn new(version: &'static str, forked: Option<String>, longest_pause: Duration, seed: u64) -> Self {
        let connection = |purpose: Purpose| Connection {
            stage: Stage::Resting { until: Moment::ZERO },
            backoff: Backoff::new(longest_pause, seed ^ purpose as u64),
            why: "not dialled yet".into(),
            followed: false,
        };
        let connections = Purpose::ALL.map(connection);
        let state = forked.clone().map_or_else(|| State::Away("not dialled yet".into()), State::Quarantined);
        Self { version, connections, lines: 0, quarantined: String::new(), forked, state }
    }

    /// How the link is; drivers hear of every change by [`Output::Became`].
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// When to send a [`Input::Tick`] if nothing happens before.
    pub fn wakes_at(&self) -> Option<Moment> {
        self.connections.iter().filter_map(|connection| connection.stage.until()).min()
    }

    /// What follows from what happened.
    pub fn step(&mut self, now: Moment, input: Input) -> Vec<Output> {
        let mut todo = Vec::new();
        match input {
            Input::Tick => {}
            Input::Refreshed => self.refresh(now),
            Input::Dialled(purpose, line) => {
                if let Stage::Dialling { line: current, .. } = self.at(purpose).stage
                    && current == line
                {
                    self.at(purpose).stage = Stage::Greeting { line, until: now + PATIENCE };
                    todo.push(Output::Greet(purpose, line));
                }
            }
            Input::Greeted(purpose, line, greeting) => self.greeted(now, purpose, line, greeting, &mut todo),
            Input::Lost(purpose, line, why) => {
                if self.at(purpose).stage.line() == Some(line) {
                    self.lose(now, purpose, why, &mut todo);
                }
            }
            Input::Forked(why) => self.distrust(why, &mut todo),
            Input::Approved => self.forked = None,
        }
        self.keep_time(now, &mut todo);
        self.follow(&mut todo);
        self.notice(&mut todo);
        todo
    }

    fn greeted(&mut self, now: Moment, purpose: Purpose, line: Line, greeting: Greeting, todo: &mut Vec<Output>) {
        if !matches!(self.at(purpose).stage, Stage::Greeting { line: current, .. } if current == line) {
            return;
        }
        if !versions_talk(self.version, &greeting.version) {
            let why = format!("{} runs version {}, which is too far from {}", greeting.node, greeting.version, self.version);
            todo.push(Output::Close(purpose, line));
            return self.lose(now, purpose, why, todo);
        }
        self.quarantined = greeting.quarantined;
        let connection = self.at(purpose);
        connection.stage = Stage::Serving { line, since: now };
        connection.why.clear();
        todo.push(Output::Serve(purpose, line));
    }

    fn lose(&mut self, now: Moment, purpose: Purpose, why: String, todo: &mut Vec<Output>) {
        let connection = self.at(purpose);
        if matches!(connection.stage, Stage::Serving { since, .. } if now >= since + STEADY) {
            connection.backoff.reset();
        }
        let until = now + connection.backoff.pause();
        connection.stage = Stage::Resting { until };
        (connection.why, connection.followed) = (why, false);
        todo.push(Output::BackOff(purpose, until));
    }

    /// Both downlinks: of a node that was set back neither says what it has said.
    fn distrust(&mut self, why: String, todo: &mut Vec<Output>) {
        if self.forked.is_none() {
            self.forked = Some(why.clone());
            self.connections.iter_mut().for_each(|connection| connection.followed = false);
            todo.push(Output::Distrust(why));
        }
    }

    fn follow(&mut self, todo: &mut Vec<Output>) {
        if self.forked.is_some() {
            return;
        }
        for purpose in [Purpose::Urgent, Purpose::Bulk] {
            let connection = self.at(purpose);
            if let (Stage::Serving { line, .. }, false) = (connection.stage, connection.followed) {
                connection.followed = true;
                todo.push(Output::Follow(purpose, line));
            }
        }
    }

    fn refresh(&mut self, now: Moment) {
        for connection in &mut self.connections {
            connection.backoff.reset();
            if let Stage::Resting { until } = &mut connection.stage {
                *until = now;
            }
        }
    }

    /// Pauses that are over, and attempts that have taken too long.
    fn keep_time(&mut self, now: Moment, todo: &mut Vec<Output>) {
        for purpose in Purpose::ALL {
            match self.at(purpose).stage {
                Stage::Resting { until } if until <= now => {
                    self.lines += 1;
                    let line = Line(self.lines);
                    self.at(purpose).stage = Stage::Dialling { line, until: now + PATIENCE };
                    todo.push(Output::Dial(purpose, line));
                }
                Stage::Dialling { line, until } | Stage::Greeting { line, until } if until <= now => {
                    todo.push(Output::Close(purpose, line));
                    self.lose(now, purpose, format!("no answer within {} s", PATIENCE.as_secs()), todo);
                }
                _ => {}
            }
        }
    }

    fn notice(&mut self, todo: &mut Vec<Output>) {
        let missing = self.connections.iter().find(|connection| !matches!(connection.stage, Stage::Serving { .. }));
        let state = match (&self.forked, missing) {
            (Some(why), _) => State::Quarantined(why.clone()),
            (None, Some(connection)) => State::Away(connection.why.clone()),
            (None, None) if self.quarantined.is_empty() => State::Connected,
            (None, None) => State::Quarantined(self.quarantined.clone()),
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

    const MINUTE: Duration = Duration::from_secs(60);

    fn link() -> ChildLink {
        ChildLink::new("0.1.0", None, MINUTE, 1)
    }

    fn dials(todo: &[Output]) -> Vec<(Purpose, Line)> {
        todo.iter().filter_map(|output| if let Output::Dial(purpose, line) = output { Some((*purpose, *line)) } else { None }).collect()
    }

    fn greeting(version: &str, quarantined: &str) -> Greeting {
        Greeting { node: "fj".into(), version: version.into(), quarantined: quarantined.into() }
    }

    /// Brings all three connections up.
    fn connect(link: &mut ChildLink, now: Moment, answer: &Greeting) -> Vec<Output> {
        let mut last = Vec::new();
        for (purpose, line) in dials(&link.step(now, Input::Tick)) {
            assert_eq!(link.step(now, Input::Dialled(purpose, line)), [Output::Greet(purpose, line)]);
            last = link.step(now, Input::Greeted(purpose, line, answer.clone()));
            assert_eq!(last[0], Output::Serve(purpose, line));
        }
        last
    }

    #[test]
    fn three_connections_make_a_link() {
        let mut link = link();
        let last = connect(&mut link, Moment::ZERO, &greeting("0.1.9", ""));
        assert_eq!(last[1..], [Output::Became(State::Connected)], "questions bring no entries");
        assert_eq!(link.wakes_at(), None);
    }

    #[test]
    fn one_that_is_lost_is_dialled_again_after_its_pause_and_the_others_stay() {
        let mut link = link();
        connect(&mut link, Moment::ZERO, &greeting("0.1.0", ""));
        let line = link.connections[1].stage.line().unwrap();
        let todo = link.step(MINUTE, Input::Lost(Purpose::Bulk, line, "reset".into()));
        let Output::BackOff(Purpose::Bulk, until) = todo[0] else { panic!("{todo:?}") };
        assert_eq!(todo[1], Output::Became(State::Away("reset".into())));
        assert!(dials(&link.step(until - Duration::from_millis(1), Input::Tick)).is_empty());
        assert_eq!(dials(&link.step(until, Input::Tick)).len(), 1);
    }

    #[test]
    fn what_is_said_of_an_earlier_attempt_means_nothing() {
        let mut link = link();
        connect(&mut link, Moment::ZERO, &greeting("0.1.0", ""));
        assert!(link.step(MINUTE, Input::Lost(Purpose::Bulk, Line(99), "reset".into())).is_empty());
        assert!(link.step(MINUTE, Input::Dialled(Purpose::Bulk, Line(1))).is_empty());
        assert_eq!(*link.state(), State::Connected);
    }

    #[test]
    fn an_attempt_that_hangs_is_given_up() {
        let mut link = link();
        assert_eq!(dials(&link.step(Moment::ZERO, Input::Tick)).len(), 3);
        let todo = link.step(link.wakes_at().unwrap(), Input::Tick);
        assert_eq!(todo.iter().filter(|output| matches!(output, Output::Close(..))).count(), 3);
        assert!(link.state().detail().contains("no answer"));
    }

    #[test]
    fn a_parent_of_another_age_is_not_served() {
        let mut link = link();
        let (purpose, line) = dials(&link.step(Moment::ZERO, Input::Tick))[0];
        link.step(Moment::ZERO, Input::Dialled(purpose, line));
        let todo = link.step(Moment::ZERO, Input::Greeted(purpose, line, greeting("0.3.0", "")));
        assert_eq!(todo[0], Output::Close(purpose, line));
        assert!(link.state().detail().contains("0.3.0"), "{:?}", link.state());
    }

    #[test]
    fn a_quarantine_is_shown_until_the_parent_no_longer_speaks_of_it() {
        let mut link = link();
        connect(&mut link, Moment::ZERO, &greeting("0.1.0", "shorter than what was taken"));
        assert_eq!(link.state().word(), "quarantined");
        for purpose in Purpose::ALL {
            let line = link.connections[purpose as usize].stage.line().unwrap();
            link.step(MINUTE, Input::Lost(purpose, line, "closed".into()));
        }
        connect(&mut link, 3 * MINUTE, &greeting("0.1.0", ""));
        assert_eq!(*link.state(), State::Connected);
    }

    fn follows(todo: &[Output]) -> Vec<Purpose> {
        todo.iter().filter_map(|output| if let Output::Follow(purpose, _) = output { Some(*purpose) } else { None }).collect()
    }

    #[test]
    fn what_is_for_us_is_followed_over_each_connection_that_comes_to_stand() {
        let mut link = link();
        let mut followed = Vec::new();
        for (purpose, line) in dials(&link.step(Moment::ZERO, Input::Tick)) {
            link.step(Moment::ZERO, Input::Dialled(purpose, line));
            followed.extend(follows(&link.step(Moment::ZERO, Input::Greeted(purpose, line, greeting("0.1.0", "")))));
        }
        assert_eq!(followed, [Purpose::Urgent, Purpose::Bulk]);
        let line = link.connections[0].stage.line().unwrap();
        link.step(MINUTE, Input::Lost(Purpose::Urgent, line, "reset".into()));
        let (purpose, line) = dials(&link.step(2 * MINUTE, Input::Tick))[0];
        link.step(2 * MINUTE, Input::Dialled(purpose, line));
        assert_eq!(follows(&link.step(2 * MINUTE, Input::Greeted(purpose, line, greeting("0.1.0", "")))), [Purpose::Urgent]);
    }

    #[test]
    fn of_a_parent_that_was_set_back_nothing_is_taken_until_somebody_approves() {
        let mut link = link();
        connect(&mut link, Moment::ZERO, &greeting("0.1.0", ""));
        let todo = link.step(MINUTE, Input::Forked("shorter".into()));
        assert_eq!(todo, [Output::Distrust("shorter".into()), Output::Became(State::Quarantined("shorter".into()))]);
        assert!(link.step(MINUTE, Input::Forked("shorter, too".into())).is_empty(), "once");

        let mut restarted = ChildLink::new("0.1.0", Some("shorter".into()), MINUTE, 1);
        assert_eq!(*restarted.state(), State::Quarantined("shorter".into()));
        assert!(follows(&connect(&mut restarted, Moment::ZERO, &greeting("0.1.0", ""))).is_empty());
        let todo = restarted.step(MINUTE, Input::Approved);
        assert_eq!(follows(&todo), [Purpose::Urgent, Purpose::Bulk]);
        assert_eq!(todo.last(), Some(&Output::Became(State::Connected)));
    }

    #[test]
    fn a_new_certificate_ends_all_pauses() {
        let mut link = link();
        for (purpose, line) in dials(&link.step(Moment::ZERO, Input::Tick)) {
            link.step(Moment::ZERO, Input::Lost(purpose, line, "refused".into()));
        }
        assert_eq!(dials(&link.step(Moment::ZERO, Input::Refreshed)).len(), 3);
    }
}
