//! The nodes, their machines, and what the drivers would do: one event after the other, in the order of a global clock that no node sees.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::ledger::{ChildLedger, Kind, ParentLedger};
use super::network::{Connection, Message};
use crate::domain::link::child::{self, ChildLink};
use crate::domain::link::parent::{self, ParentLink};
use crate::domain::link::{Moment, Purpose, Version};

pub const CHILDREN: usize = 2;
/// The one whose database is set back.
pub const RESTORED: usize = 0;
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub enum Event {
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

pub struct Child {
    pub ledger: ChildLedger,
    pub copy: ChildLedger,
    pub process: Option<Process<ChildLink>>,
    pub life: u64,
}

pub struct Parent {
    pub ledgers: [ParentLedger; CHILDREN],
    pub processes: Option<[Process<ParentLink>; CHILDREN]>,
    /// Figures that have come and are not kept yet: in memory alone.
    pub pulled: BTreeMap<(usize, u64), Version>,
    pub life: u64,
}

pub struct World {
    pub now: Duration,
    pub queue: BinaryHeap<Reverse<(Duration, u64)>>,
    pub events: BTreeMap<u64, Event>,
    pub sent: u64,
    pub dice: StdRng,
    pub children: [Child; CHILDREN],
    pub parent: Parent,
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
            copies_are_new: seed.is_multiple_of(2),
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

    pub fn happen(&mut self, event: Event) {
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
