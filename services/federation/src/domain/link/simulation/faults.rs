//! What happens by itself: work, and what goes wrong.

use rand::RngExt;

use super::ledger::{Entry, Kind};
use super::world::{CHILDREN, Child, Event, RESTORED, World};
use crate::domain::link::Purpose;

impl World {
    pub fn work(&mut self) {
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

    pub fn work_at(&mut self, child: usize) {
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

    pub fn append(&mut self, child: usize, purpose: Purpose, kind: Kind) {
        let salt = self.next_id();
        self.children[child].ledger.uplink(purpose).push(Entry { kind, salt });
    }

    pub fn append_checkpoint(&mut self, child: usize) {
        let tree = self.children[child].ledger.service.head();
        self.append(child, Purpose::Bulk, Kind::Checkpoint(tree));
    }

    pub fn fault(&mut self) {
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

    pub fn one_connection(&mut self, act: impl FnOnce(&mut Self, u64)) {
        let count = self.connections.len();
        if count > 0 {
            let index = self.dice.random_range(0..count);
            let id = self.connections.keys().nth(index).copied().expect("the index is one of them");
            act(self, id);
        }
    }
}
