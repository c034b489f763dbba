//! The nodes, their machines, and what the drivers would do: one event after the other, in the order of a global clock that no node sees.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::desk::Desk;
use super::ledger::{ChildLedger, Kind, ParentLedger};
use super::mesh::{LINKS, NODES, link_up, links_down, lower, upper};
use super::network::{Connection, Message};
use crate::domain::link::child::{self, ChildLink};
use crate::domain::link::parent::{self, ParentLink};
use crate::domain::link::{Moment, Purpose, Version};

pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub enum Event {
    /// For the machine at one end of a link, if it still is the one it was meant for.
    Child(usize, u64, child::Input),
    Parent(usize, u64, parent::Input),
    Arrives(u64, Message),
    Work,
    /// The services of a node follow its inbox.
    Follows(usize),
    Fault,
    Starts(usize),
    Breaks(u64),
    /// The parent has noticed.
    Gone(u64),
}

/// A process: made new after every crash, with a clock of its own pace.
pub struct Process<M> {
    pub machine: M,
    pub began: Duration,
    pub pace: f64,
    /// When it is woken, if nothing happens before.
    pub wakes: Option<Duration>,
}

impl<M> Process<M> {
    pub fn new(machine: M, began: Duration, pace: f64) -> Self {
        Self { machine, began, pace, wakes: None }
    }

    /// When to wake it, if that is sooner than it is woken anyway.
    pub fn sooner(&mut self, now: Duration, wake: Option<Moment>) -> Option<Duration> {
        let at = self.global(wake?);
        let sooner = self.wakes.is_none_or(|wakes| wakes <= now || at < wakes);
        sooner.then(|| *self.wakes.insert(at))
    }

    pub fn local(&self, now: Duration) -> Moment {
        (now - self.began).mul_f64(self.pace)
    }

    pub fn global(&self, local: Moment) -> Duration {
        self.began + local.div_f64(self.pace) + Duration::from_millis(1)
    }
}

/// The lower end of a link.
pub struct Child {
    pub ledger: ChildLedger,
    pub process: Option<Process<ChildLink>>,
}

/// The upper end of a link.
pub struct Parent {
    pub ledger: ParentLedger,
    pub process: Option<Process<ParentLink>>,
    /// Figures that have come and are not kept yet: in memory alone.
    pub pulled: BTreeMap<u64, Version>,
}

#[derive(Default)]
pub struct Node {
    pub desk: Desk,
    pub is_up: bool,
    /// One more with each crash.
    pub life: u64,
}

/// What a node has on disk.
#[derive(Clone)]
pub struct Disk {
    desk: Desk,
    child: Option<ChildLedger>,
    parents: Vec<ParentLedger>,
}

pub struct World {
    pub now: Duration,
    pub queue: BinaryHeap<Reverse<(Duration, u64)>>,
    pub events: BTreeMap<u64, Event>,
    pub sent: u64,
    pub dice: StdRng,
    pub nodes: [Node; NODES],
    pub children: [Child; LINKS],
    pub parents: [Parent; LINKS],
    /// The node whose databases are set back, and the copy that they are set back to.
    pub restored: usize,
    pub copy: Disk,
    pub connections: BTreeMap<u64, Connection>,
    pub ids: u64,
    pub healed: bool,
    /// The copy that a database is set back to is minutes old, or not even seconds.
    pub copies_are_new: bool,
    pub log: DefaultHasher,
    pub print: bool,
    pub crashes: u64,
    pub broken: u64,
}

impl World {
    pub fn new(seed: u64, print: bool) -> Self {
        let child = || Child { ledger: ChildLedger::new(), process: None };
        let parent = || Parent { ledger: ParentLedger::new(), process: None, pulled: BTreeMap::new() };
        let mut dice = StdRng::seed_from_u64(seed);
        let restored = dice.random_range(0..NODES);
        let mut world = Self {
            now: Duration::ZERO,
            queue: BinaryHeap::new(),
            events: BTreeMap::new(),
            sent: 0,
            dice,
            nodes: Default::default(),
            children: [child(), child(), child()],
            parents: [parent(), parent(), parent()],
            restored,
            copy: Disk { desk: Desk::default(), child: None, parents: Vec::new() },
            connections: BTreeMap::new(),
            ids: 0,
            healed: false,
            copies_are_new: seed.is_multiple_of(2),
            log: DefaultHasher::new(),
            print,
            crashes: 0,
            broken: 0,
        };
        world.copy = world.disk(restored);
        for node in 0..NODES {
            world.later(100 * node as u64, Event::Starts(node));
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
        for link in 0..LINKS {
            let months: Vec<u64> = self.children[link].ledger.figures.keys().copied().collect();
            months.into_iter().for_each(|month| self.append(link, Purpose::Bulk, Kind::Hint(month)));
            self.append_checkpoint(link);
        }
        if self.dice.random_bool(0.5) {
            let last: Vec<u64> = self.connections.keys().copied().collect();
            for id in last {
                let at = self.dice.random_range(0..3_000);
                self.later(at, Event::Breaks(id));
            }
        }
        (0..LINKS).for_each(|link| self.feed_all(link));
        (0..NODES).for_each(|node| self.later(0, Event::Starts(node)));
        let hanging: Vec<u64> = self.connections.iter().filter(|(_, connection)| connection.hangs).map(|(id, _)| *id).collect();
        hanging.into_iter().for_each(|id| self.later(30_000, Event::Breaks(id)));
    }

    /// The operator above approves, and the child goes on in a new epoch.
    pub fn resync(&mut self, link: usize) {
        self.children[link].ledger.epoch += 1;
        self.append_checkpoint(link);
        self.parents[link].ledger.approve();
        self.crash(upper(link));
        self.later(0, Event::Starts(upper(link)));
    }

    /// The operator below approves.
    pub fn resync_parent(&mut self, link: usize) {
        self.children[link].ledger.approve();
        self.tell_child(link, child::Input::Approved);
    }

    pub fn disk(&self, node: usize) -> Disk {
        let child = link_up(node).map(|link| self.children[link].ledger.clone());
        let parents = links_down(node).map(|link| self.parents[link].ledger.clone()).collect();
        Disk { desk: self.nodes[node].desk.clone(), child, parents }
    }

    /// The database of one service is set back, the gateway's is not.
    pub fn set_service_back(&mut self, link: usize) {
        if let Some(copy) = self.copy.child.clone() {
            self.children[link].ledger.set_service_back(&copy);
        }
    }

    /// Sets all databases of the restored node back.
    pub fn set_back(&mut self) {
        let (node, Disk { desk, child, parents }) = (self.restored, self.copy.clone());
        self.nodes[node].desk = desk;
        if let (Some(link), Some(ledger)) = (link_up(node), child) {
            self.children[link].ledger = ledger;
        }
        for (link, ledger) in links_down(node).zip(parents) {
            self.parents[link].ledger = ledger;
        }
    }

    pub fn happen(&mut self, event: Event) {
        match event {
            Event::Child(link, life, input) => {
                if self.nodes[lower(link)].life == life {
                    self.tell_child(link, input);
                }
            }
            Event::Parent(link, life, input) => {
                if self.nodes[upper(link)].life == life {
                    self.tell_parent(link, input);
                }
            }
            Event::Arrives(connection, message) => self.arrive(connection, message),
            Event::Work => self.work(),
            Event::Fault => self.fault(),
            Event::Follows(node) => self.follow_inbox(node),
            Event::Starts(node) => self.start(node),
            Event::Breaks(connection) => self.break_connection(connection),
            Event::Gone(connection) => drop(self.connections.remove(&connection)),
        }
    }

    pub fn next_id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    pub fn later(&mut self, milliseconds: u64, event: Event) {
        self.at(self.now + Duration::from_millis(milliseconds), event);
    }

    pub fn at(&mut self, at: Duration, event: Event) {
        self.sent += 1;
        self.events.insert(self.sent, event);
        self.queue.push(Reverse((at.max(self.now), self.sent)));
    }
}
