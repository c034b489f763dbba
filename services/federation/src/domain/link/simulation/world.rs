//! The nodes, their machines, and what the drivers would do: one event after the other, in the order of a global clock that no node sees.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::super::child::{self, ChildLink, Greeting};
use super::super::parent::{self, ParentLink, Verdict};
use super::super::{Line, Moment, Purpose, Tree, Version};
use super::ledger::{ChildLedger, Entry, Journal, Kind, ParentLedger, SERVICE, month, number_of};
use super::network::{Connection, Down, Message, Up, Waiting};

const CHILDREN: usize = 2;
/// The one whose database is set back.
const RESTORED: usize = 0;
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug)]
enum Event {
    /// For a machine that still is the one it was meant for.
    Child(usize, u64, child::Input),
    Parent(usize, u64, parent::Input),
    Arrives(u64, Message),
    Work,
    Fault,
    ChildStarts(usize),
    ParentStarts,
    Breaks(u64),
    /// The parent has noticed.
    Gone(u64),
}

/// A process: made new after every crash, with a clock of its own pace.
struct Process<M> {
    machine: M,
    began: Duration,
    pace: f64,
    /// When it is woken, if nothing happens before.
    wakes: Option<Duration>,
}

impl<M> Process<M> {
    fn new(machine: M, began: Duration, pace: f64) -> Self {
        Self { machine, began, pace, wakes: None }
    }

    /// When to wake it, if that is sooner than it is woken anyway.
    fn sooner(&mut self, now: Duration, wake: Option<Moment>) -> Option<Duration> {
        let at = self.global(wake?);
        let sooner = self.wakes.is_none_or(|wakes| wakes <= now || at < wakes);
        sooner.then(|| *self.wakes.insert(at))
    }

    fn local(&self, now: Duration) -> Moment {
        (now - self.began).mul_f64(self.pace)
    }

    fn global(&self, local: Moment) -> Duration {
        self.began + local.div_f64(self.pace) + Duration::from_millis(1)
    }
}

struct Child {
    ledger: ChildLedger,
    copy: ChildLedger,
    process: Option<Process<ChildLink>>,
    life: u64,
}

struct Parent {
    ledgers: [ParentLedger; CHILDREN],
    processes: Option<[Process<ParentLink>; CHILDREN]>,
    /// Figures that have come and are not kept yet: in memory alone.
    pulled: BTreeMap<(usize, u64), Version>,
    life: u64,
}

pub struct World {
    now: Duration,
    queue: BinaryHeap<Reverse<(Duration, u64)>>,
    events: BTreeMap<u64, Event>,
    sent: u64,
    dice: StdRng,
    children: [Child; CHILDREN],
    parent: Parent,
    connections: BTreeMap<u64, Connection>,
    ids: u64,
    healed: bool,
    /// The copy that a database is set back to is minutes old, or not even seconds.
    copies_are_new: bool,
    log: DefaultHasher,
    print: bool,
    pub crashes: u64,
    pub broken: u64,
}

impl World {
    pub fn new(seed: u64, print: bool) -> Self {
        let child = || Child { ledger: ChildLedger::new(), copy: ChildLedger::new(), process: None, life: 0 };
        let parent = Parent { ledgers: Default::default(), processes: None, pulled: BTreeMap::new(), life: 0 };
        let mut world = Self {
            now: Duration::ZERO,
            queue: BinaryHeap::new(),
            events: BTreeMap::new(),
            sent: 0,
            dice: StdRng::seed_from_u64(seed),
            children: [child(), child()],
            parent,
            connections: BTreeMap::new(),
            ids: 0,
            healed: false,
            copies_are_new: seed % 2 == 0,
            log: DefaultHasher::new(),
            print,
            crashes: 0,
            broken: 0,
        };
        world.later(0, Event::ParentStarts);
        for index in 0..CHILDREN {
            world.later(500, Event::ChildStarts(index));
        }
        world.later(100, Event::Work);
        world.later(5_000, Event::Fault);
        world
    }

    pub fn log_hash(&self) -> u64 {
        self.log.finish()
    }

    pub fn run_for(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(Reverse((at, number))) = self.queue.peek().copied().filter(|Reverse((at, _))| *at <= end) {
            self.queue.pop();
            self.now = at;
            let Some(event) = self.events.remove(&number) else { continue };
            (at, number).hash(&mut self.log);
            if self.print {
                println!("{at:?} {event:?}");
            }
            self.happen(event);
        }
        self.now = end;
    }

    /// The last fault is over, and what was counted last has been hinted at.
    pub fn heal(&mut self) {
        self.healed = true;
        for child in 0..CHILDREN {
            let months: Vec<u64> = self.children[child].ledger.figures.keys().copied().collect();
            months.into_iter().for_each(|month| self.append(child, Purpose::Bulk, Kind::Hint(month)));
            self.append_checkpoint(child);
        }
        if self.dice.random_bool(0.5) {
            let last: Vec<u64> = self.connections.keys().copied().collect();
            for id in last {
                let at = self.dice.random_range(0..3_000);
                self.later(at, Event::Breaks(id));
            }
        }
        (0..CHILDREN).for_each(|child| self.feed_all(child));
        for index in 0..CHILDREN {
            self.later(0, Event::ChildStarts(index));
        }
        self.later(0, Event::ParentStarts);
        let hanging: Vec<u64> = self.connections.iter().filter(|(_, connection)| connection.hangs).map(|(id, _)| *id).collect();
        hanging.into_iter().for_each(|id| self.later(30_000, Event::Breaks(id)));
    }

    /// The operator approves, and the child goes on in a new epoch.
    pub fn resync(&mut self, child: usize) {
        self.children[child].ledger.epoch += 1;
        self.append_checkpoint(child);
        self.parent.ledgers[child].approve();
        self.crash_parent();
        self.later(0, Event::ParentStarts);
    }

    /// Compares everything, and answers who is quarantined.
    pub fn check(&self) -> Vec<usize> {
        (0..CHILDREN).filter(|child| self.check_child(*child)).collect()
    }

    fn check_child(&self, child: usize) -> bool {
        let (there, here) = (&self.children[child].ledger, &self.parent.ledgers[child]);
        let forks = |journal: &Journal, held: Option<&Tree>| held.is_some_and(|held| journal.fork(held).is_some());
        let uplink_forked = there.uplinks.iter().any(|(purpose, journal)| forks(journal, here.taken.get(purpose)));
        let forked = uplink_forked || forks(&there.service, here.held.as_ref());
        assert!(here.quarantined.is_some() || !forked, "child {child}: a fork was not noticed");
        if let Some(why) = &here.quarantined {
            let word_broken = here.told.iter().any(|tree| there.service.fork(tree).is_some());
            assert!(child == RESTORED && (forked || word_broken), "child {child} was quarantined for nothing: {why}");
            return true;
        }
        let claimed = there.uplinks[&Purpose::Bulk].entries().iter().rev().find_map(Entry::checkpoint);
        assert_eq!(here.held.as_ref().map(|held| held.size), claimed.map(|tree| tree.size), "child {child}: a checkpoint was not proven");
        for (purpose, journal) in &there.uplinks {
            assert_eq!(here.taken.get(purpose), Some(&journal.head()), "child {child}: {purpose} was not followed to its end");
            for entry in journal.entries() {
                let applied = entry.kind != Kind::Fact || here.facts.contains(&entry.salt);
                assert!(applied, "child {child}: {entry:?} has no effect");
            }
        }
        let counted: BTreeMap<u64, Vec<u8>> = there.months().map(|(month, version)| (month, version.hash)).collect();
        let kept: BTreeMap<u64, Vec<u8>> = here.kept.iter().map(|(month, version)| (*month, version.hash.clone())).collect();
        assert_eq!(kept, counted, "child {child}: figures differ");
        if there.epoch == 1 {
            assert_eq!(here.twice, 0, "child {child}: an entry took effect twice");
        }
        let processes = self.parent.processes.as_ref().expect("the parent is up");
        assert_eq!(processes[child].machine.state().word(), "connected", "{:?}", processes[child].machine.state());
        let process = self.children[child].process.as_ref().expect("the child is up");
        assert_eq!(process.machine.state().word(), "connected", "{:?}", process.machine.state());
        false
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Child(child, life, input) => {
                if self.children[child].life == life {
                    self.tell_child(child, input);
                }
            }
            Event::Parent(child, life, input) => {
                if self.parent.life == life {
                    self.tell_parent(child, input);
                }
            }
            Event::Arrives(connection, message) => self.arrive(connection, message),
            Event::Work => self.work(),
            Event::Fault => self.fault(),
            Event::ChildStarts(child) => self.start_child(child),
            Event::ParentStarts => self.start_parent(),
            Event::Breaks(connection) => self.break_connection(connection),
            Event::Gone(connection) => drop(self.connections.remove(&connection)),
        }
    }

    // Nodes

    fn start_child(&mut self, child: usize) {
        if self.children[child].process.is_none() {
            let seed = self.dice.random();
            let machine = ChildLink::new("0.1.0", LONGEST_PAUSE, seed);
            let pace = self.dice.random_range(0.5..2.0);
            self.children[child].process = Some(Process::new(machine, self.now, pace));
            self.tell_child(child, child::Input::Tick);
        }
    }

    fn start_parent(&mut self) {
        if self.parent.processes.is_none() {
            let pace = self.dice.random_range(0.5..2.0);
            let seeds: [u64; CHILDREN] = self.dice.random();
            let began = self.now;
            let process = |child: usize| {
                let machine = ParentLink::new(self.parent.ledgers[child].memory(), seeds[child]);
                Process::new(machine, began, pace)
            };
            self.parent.processes = Some([process(0), process(1)]);
        }
    }

    fn crash_child(&mut self, child: usize) {
        self.crashes += 1;
        self.children[child].life += 1;
        self.children[child].process = None;
        self.break_all(|connection| connection.child == child);
    }

    fn crash_parent(&mut self) {
        self.crashes += 1;
        self.parent.life += 1;
        self.parent.processes = None;
        self.parent.pulled.clear();
        self.break_all(|_| true);
    }

    fn tell_child(&mut self, child: usize, input: child::Input) {
        let Some(process) = &mut self.children[child].process else { return };
        let todo = process.machine.step(process.local(self.now), input);
        let wake = process.machine.wakes_at();
        if let Some(at) = process.sooner(self.now, wake) {
            self.at(at, Event::Child(child, self.children[child].life, child::Input::Tick));
        }
        todo.into_iter().for_each(|output| self.do_for_child(child, output));
    }

    fn tell_parent(&mut self, child: usize, input: parent::Input) {
        let Some(processes) = &mut self.parent.processes else { return };
        let process = &mut processes[child];
        let local = process.local(self.now);
        let todo = process.machine.step(local, input);
        let wake = process.machine.wakes_at(local);
        if let Some(at) = process.sooner(self.now, wake) {
            self.at(at, Event::Parent(child, self.parent.life, parent::Input::Tick));
        }
        todo.into_iter().for_each(|output| self.do_for_parent(child, output));
    }

    // What drivers do

    fn do_for_child(&mut self, child: usize, output: child::Output) {
        let life = self.children[child].life;
        match output {
            child::Output::Dial(purpose, line) => {
                let refused = self.parent.processes.is_none() || (!self.healed && self.dice.random_bool(0.2));
                let delay = self.dice.random_range(1..200);
                if !refused {
                    let id = self.next_id();
                    self.connections.insert(id, Connection::new(child, purpose, line, self.now));
                    self.later(delay, Event::Child(child, life, child::Input::Dialled(purpose, line)));
                } else if self.dice.random_bool(0.8) {
                    self.later(delay, Event::Child(child, life, child::Input::Lost(purpose, line, "refused".into())));
                }
                // Else nobody says anything, ever.
            }
            child::Output::Greet(purpose, line) => self.send_up(child, purpose, line, Up::Hello),
            child::Output::Serve(purpose, line) => self.send_up(child, purpose, line, Up::Tunnel),
            child::Output::Close(purpose, line) => {
                self.break_all(|connection| (connection.child, connection.purpose, connection.line) == (child, purpose, line));
            }
            child::Output::BackOff(..) | child::Output::Became(_) => {}
        }
    }

    fn do_for_parent(&mut self, child: usize, output: parent::Output) {
        match output {
            parent::Output::Follow(purpose, Line(id), cursor) => {
                let ledger = &self.parent.ledgers[child];
                assert_eq!(cursor, ledger.cursor(purpose), "the machine has lost count");
                let held = ledger.taken.get(&purpose).cloned().unwrap_or_else(|| Journal::default().head());
                self.send(id, Message::Down(Down::Follow(held)));
            }
            parent::Output::Prove { journal, held, offered } => {
                assert_eq!(journal, SERVICE);
                self.parent.ledgers[child].told.push(offered.clone());
                self.ask(child, Waiting::Proof(offered.clone()), Down::Prove { held, offered });
            }
            parent::Output::Hold(_, tree) => self.parent.ledgers[child].held = Some(tree),
            parent::Output::List => self.ask(child, Waiting::List, Down::List),
            parent::Output::Pull(month) => self.ask(child, Waiting::Pull(number_of(&month)), Down::Pull(number_of(&month))),
            parent::Output::Keep(month) => {
                let number = number_of(&month);
                let version = self.parent.pulled.remove(&(child, number)).expect("what is to be kept was pulled");
                let held = self.parent.ledgers[child].held.as_ref();
                assert!(held.is_some_and(|held| held.size >= version.seq), "figures are kept that no checkpoint covers");
                self.parent.ledgers[child].keep(number, &version);
                self.later(10, Event::Parent(child, self.parent.life, parent::Input::Kept(month, true)));
            }
            parent::Output::Quarantine(why) => self.parent.ledgers[child].quarantined = Some(why),
            parent::Output::Close(_, Line(id)) => self.break_connection(id),
            parent::Output::BackOff(_) | parent::Output::Became(_) => {}
        }
    }

    fn arrive(&mut self, id: u64, message: Message) {
        let Some(connection) = self.connections.get(&id).filter(|connection| connection.carries(&message)) else { return };
        let (child, purpose, line) = (connection.child, connection.purpose, connection.line);
        match message {
            Message::Up(up) if self.parent.processes.is_some() => self.arrive_up(id, child, purpose, up),
            Message::Down(down) if self.children[child].process.is_some() => self.arrive_down(id, child, purpose, line, down),
            _ => {}
        }
    }

    fn arrive_up(&mut self, id: u64, child: usize, purpose: Purpose, up: Up) {
        let here = Line(id);
        match up {
            Up::Hello => {
                let quarantined = self.parent.ledgers[child].quarantined.clone().unwrap_or_default();
                let greeting = Greeting { node: "parent".into(), version: "0.1.0".into(), quarantined };
                self.send(id, Message::Down(Down::Greeting(greeting)));
            }
            Up::Tunnel => self.tell_parent(child, parent::Input::Connected(purpose, here)),
            Up::Commit { at, entry, hint, offered } => {
                if self.parent.ledgers[child].take(purpose, &at, &entry, offered.as_ref()) {
                    if !self.healed && self.dice.random_bool(0.002) {
                        // Committed, and nobody told the machine.
                        self.crash_parent();
                        return self.later(1_000, Event::ParentStarts);
                    }
                    self.tell_parent(child, parent::Input::Advanced(purpose, parent::Cursor { epoch: 1, seq: at.size }));
                    if let Some((number, version)) = hint {
                        self.tell_parent(child, parent::Input::Hinted(month(number), version));
                    }
                    if let Some(tree) = offered {
                        self.tell_parent(child, parent::Input::Offered(SERVICE.into(), tree));
                    }
                }
            }
            Up::CaughtUp(seq) => self.tell_parent(child, parent::Input::CaughtUp(purpose, here, seq)),
            Up::Forked(why) => self.tell_parent(child, parent::Input::Forked(why)),
            Up::Proven(offered, verdict) => {
                if self.answered(id, &Waiting::Proof(offered.clone())) {
                    self.tell_parent(child, parent::Input::Proven(SERVICE.into(), offered, verdict));
                }
            }
            Up::Months(months) => {
                if self.answered(id, &Waiting::List) {
                    let listed = self.parent.ledgers[child].listed(&months);
                    self.tell_parent(child, parent::Input::Listed(Some(listed)));
                }
            }
            Up::Figures(number, version, tree) => {
                if self.answered(id, &Waiting::Pull(number)) {
                    self.parent.pulled.insert((child, number), version.clone());
                    let pulled = parent::Pulled { version, journal: SERVICE.into(), tree };
                    self.tell_parent(child, parent::Input::Pulled(month(number), Some(pulled)));
                }
            }
        }
    }

    fn arrive_down(&mut self, id: u64, child: usize, purpose: Purpose, line: Line, down: Down) {
        let ledger = &mut self.children[child].ledger;
        let answer = match down {
            Down::Greeting(greeting) => return self.tell_child(child, child::Input::Greeted(purpose, line, greeting)),
            Down::Follow(held) => match ledger.uplink(purpose).fork(&held) {
                Some(why) => Up::Forked(why),
                None => {
                    if let Some(connection) = self.connections.get_mut(&id) {
                        connection.followed_to = Some(held.size);
                    }
                    return self.feed(id);
                }
            },
            Down::Prove { held, offered } => {
                let fork = held.iter().chain([&offered]).find_map(|tree| ledger.service.fork(tree));
                let verdict = fork.map_or_else(|| Verdict::Continues(ledger.service.head()), Verdict::Forks);
                Up::Proven(offered, verdict)
            }
            Down::List => Up::Months(ledger.months().collect()),
            Down::Pull(number) => Up::Figures(number, ledger.version(number), ledger.service.head()),
        };
        self.send(id, Message::Up(answer));
    }

    fn feed_all(&mut self, child: usize) {
        let followed = |connection: &Connection| connection.child == child && connection.followed_to.is_some();
        let ids: Vec<u64> = self.connections.iter().filter(|(_, connection)| followed(connection)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.feed(id));
    }

    /// Sends a follower what it does not have yet.
    fn feed(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(from) = connection.followed_to else { return };
        let ledger = &mut self.children[connection.child].ledger;
        let end = ledger.uplink(connection.purpose).len();
        connection.followed_to = Some(end);
        let mut messages: Vec<Up> = (from + 1..=end).map(|seq| ledger.commit(connection.purpose, seq)).collect();
        messages.push(Up::CaughtUp(end));
        messages.into_iter().for_each(|message| self.send(id, Message::Up(message)));
    }

    // The network

    fn send_up(&mut self, child: usize, purpose: Purpose, line: Line, up: Up) {
        let wanted = |connection: &Connection| (connection.child, connection.purpose, connection.line) == (child, purpose, line);
        if let Some(id) = self.connections.iter().find(|(_, connection)| wanted(connection)).map(|(id, _)| *id) {
            self.send(id, Message::Up(up));
        }
    }

    fn send(&mut self, id: u64, message: Message) {
        let at = self.now + Duration::from_millis(self.dice.random_range(1..400));
        let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.broken) else { return };
        let at = connection.arrival(&message, at);
        self.at(at, Event::Arrives(id, message));
    }

    /// Asks over the newest connection for questions.
    fn ask(&mut self, child: usize, waiting: Waiting, down: Down) {
        let open = self.connections.iter_mut().rev();
        let found = open
            .map(|(id, connection)| (*id, connection))
            .find(|(_, connection)| connection.child == child && connection.purpose == Purpose::Questions && !connection.broken);
        match found {
            Some((id, connection)) => {
                connection.waiting.push(waiting);
                self.send(id, Message::Down(down));
            }
            None => self.unanswered(child, waiting),
        }
    }

    fn answered(&mut self, id: u64, waiting: &Waiting) -> bool {
        self.connections.get_mut(&id).is_some_and(|connection| connection.answered(waiting))
    }

    fn unanswered(&mut self, child: usize, waiting: Waiting) {
        let input = match waiting {
            Waiting::Proof(offered) => parent::Input::Proven(SERVICE.into(), offered, Verdict::Unanswered),
            Waiting::List => parent::Input::Listed(None),
            Waiting::Pull(number) => parent::Input::Pulled(month(number), None),
        };
        let delay = self.dice.random_range(1..2_000);
        self.later(delay, Event::Parent(child, self.parent.life, input));
    }

    fn break_all(&mut self, which: impl Fn(&Connection) -> bool) {
        let ids: Vec<u64> = self.connections.iter().filter(|(_, connection)| which(connection)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.break_connection(id));
    }

    fn break_connection(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.broken) else { return };
        self.broken += 1;
        connection.broken = true;
        let (child, purpose, line) = (connection.child, connection.purpose, connection.line);
        let waiting = std::mem::take(&mut connection.waiting);
        let (near, far) = (self.dice.random_range(0..5_000), self.dice.random_range(0..5_000));
        let gone = || "broken".to_owned();
        self.later(near, Event::Child(child, self.children[child].life, child::Input::Lost(purpose, line, gone())));
        self.later(far, Event::Parent(child, self.parent.life, parent::Input::Lost(purpose, Line(id), gone())));
        self.later(far, Event::Gone(id));
        waiting.into_iter().for_each(|waiting| self.unanswered(child, waiting));
    }

    // What happens by itself

    fn work(&mut self) {
        if self.healed {
            return;
        }
        for child in 0..CHILDREN {
            if self.children[child].process.is_some() {
                self.work_at(child);
            }
        }
        let pause = self.dice.random_range(100..3_000);
        self.later(pause, Event::Work);
    }

    fn work_at(&mut self, child: usize) {
        let often = if self.copies_are_new { 0.7 } else { 0.02 };
        if child == RESTORED && self.dice.random_bool(often) {
            self.children[child].copy = self.children[child].ledger.clone();
        }
        for _ in 0..self.dice.random_range(0..4) {
            let salt = self.next_id();
            let month = salt % 3;
            self.children[child].ledger.count(month, salt);
            // A hint may come late.
            if self.dice.random_bool(0.6) {
                self.append(child, Purpose::Bulk, Kind::Hint(month));
            }
        }
        for purpose in [Purpose::Urgent, Purpose::Bulk] {
            if self.dice.random_bool(0.3) {
                self.append(child, purpose, Kind::Fact);
            }
        }
        if self.dice.random_bool(0.2) {
            self.append_checkpoint(child);
        }
        self.feed_all(child);
    }

    fn append(&mut self, child: usize, purpose: Purpose, kind: Kind) {
        let salt = self.next_id();
        self.children[child].ledger.uplink(purpose).push(Entry { kind, salt });
    }

    fn append_checkpoint(&mut self, child: usize) {
        let tree = self.children[child].ledger.service.head();
        self.append(child, Purpose::Bulk, Kind::Checkpoint(tree));
    }

    fn fault(&mut self) {
        if self.healed {
            return;
        }
        let child = self.dice.random_range(0..CHILDREN);
        let pause = self.dice.random_range(200..20_000);
        match self.dice.random_range(0..100) {
            0..60 => self.one_connection(|world, id| world.break_connection(id)),
            60..75 => self.one_connection(|world, id| {
                if let Some(connection) = world.connections.get_mut(&id) {
                    connection.hangs = true;
                }
                world.later(40_000, Event::Breaks(id));
            }),
            75..86 => {
                self.crash_child(child);
                self.later(pause, Event::ChildStarts(child));
            }
            86..97 => {
                self.crash_parent();
                self.later(pause, Event::ParentStarts);
            }
            97 => {
                self.crash_child(RESTORED);
                let Child { ledger, copy, .. } = &mut self.children[RESTORED];
                ledger.set_service_back(copy);
                self.later(pause, Event::ChildStarts(RESTORED));
            }
            _ => {
                self.crash_child(RESTORED);
                self.children[RESTORED].ledger = self.children[RESTORED].copy.clone();
                self.later(pause, Event::ChildStarts(RESTORED));
            }
        }
        let next = self.dice.random_range(500..30_000);
        self.later(next, Event::Fault);
    }

    fn one_connection(&mut self, act: impl FnOnce(&mut Self, u64)) {
        let count = self.connections.len();
        if count > 0 {
            let index = self.dice.random_range(0..count);
            let id = self.connections.keys().nth(index).copied().expect("the index is one of them");
            act(self, id);
        }
    }

    fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    fn later(&mut self, milliseconds: u64, event: Event) {
        self.at(self.now + Duration::from_millis(milliseconds), event);
    }

    fn at(&mut self, at: Duration, event: Event) {
        self.sent += 1;
        self.events.insert(self.sent, event);
        self.queue.push(Reverse((at.max(self.now), self.sent)));
    }
}
