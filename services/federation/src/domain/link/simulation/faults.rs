//! What happens by itself: work, and what goes wrong.

use rand::RngExt;

use super::ledger::{Entry, Kind};
use super::mesh::{LINKS, NATION, NODES, link_up, lower};
use super::world::{Event, World};
use crate::domain::link::Purpose;

impl World {
    pub fn work(&mut self) {
        if self.healed {
            return;
        }
        for link in 0..LINKS {
            if self.nodes[lower(link)].is_up {
                self.work_at(link);
            }
        }
        if self.nodes[NATION].is_up && self.dice.random_bool(0.4) {
            self.issue();
        }
        let often = if self.copies_are_new { 0.7 } else { 0.02 };
        if self.nodes[self.restored].is_up && self.dice.random_bool(often) {
            self.copy = self.disk(self.restored);
        }
        let pause = self.dice.random_range(100..3_000);
        self.later(pause, Event::Work);
    }

    pub fn work_at(&mut self, link: usize) {
        for _ in 0..self.dice.random_range(0..4) {
            let salt = self.next_id();
            let month = salt % 3;
            self.children[link].ledger.count(month, salt);
            // A hint may come late.
            if self.dice.random_bool(0.6) {
                self.append(link, Purpose::Bulk, Kind::Hint(month));
            }
        }
        for purpose in [Purpose::Urgent, Purpose::Bulk] {
            if self.dice.random_bool(0.3) {
                self.append(link, purpose, Kind::Fact);
            }
        }
        if self.dice.random_bool(0.2) {
            self.append_checkpoint(link);
        }
        self.feed_all(link);
    }

    pub fn append(&mut self, link: usize, purpose: Purpose, kind: Kind) {
        let salt = self.next_id();
        self.children[link].ledger.uplink(purpose).push(Entry { kind, salt });
    }

    pub fn append_checkpoint(&mut self, link: usize) {
        let tree = self.children[link].ledger.service.head();
        self.append(link, Purpose::Bulk, Kind::Checkpoint(tree));
    }

    pub fn fault(&mut self) {
        if self.healed {
            return;
        }
        let node = self.dice.random_range(0..NODES);
        let pause = self.dice.random_range(200..20_000);
        match self.dice.random_range(0..100) {
            0..60 => self.one_connection(|world, id| world.break_connection(id)),
            60..72 => self.one_connection(|world, id| {
                if let Some(connection) = world.connections.get_mut(&id) {
                    connection.hangs = true;
                }
                world.later(40_000, Event::Breaks(id));
            }),
            72..97 => {
                self.crash(node);
                self.later(pause, Event::Starts(node));
            }
            number => {
                self.crash(self.restored);
                match link_up(self.restored).filter(|_| number == 97) {
                    Some(link) => self.set_service_back(link),
                    None => self.set_back(),
                }
                self.later(pause, Event::Starts(self.restored));
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
