//! What goes down and what is answered: orders of the nation, through the services of each node, and their acknowledgements.

use rand::RngExt;

use super::desk::{Received, Word};
use super::ledger::{Entry, Kind};
use super::mesh::{NATION, link_up, links_down, lower};
use super::network::{Connection, Down, Message};
use super::world::{Event, World};
use crate::domain::link::{Purpose, Tree};

impl World {
    /// The nation's operators order something.
    pub fn issue(&mut self) {
        let order = self.next_id();
        let purpose = if self.dice.random_bool(0.5) { Purpose::Urgent } else { Purpose::Bulk };
        self.nodes[NATION].desk.orders.push((purpose, order));
        self.hand_down(NATION, purpose, Word::Order(order));
    }

    /// An entry from below or above goes into a node's inbox, and its services hear of it in a while.
    pub fn receive(&mut self, node: usize, link: usize, history: u64, received: Received) {
        self.nodes[node].desk.receive(link, history, received);
        let pause = self.dice.random_range(1..1_000);
        self.later(pause, Event::Follows(node));
    }

    /// What the services make of the inbox, each entry in one transaction with their cursor.
    pub fn follow_inbox(&mut self, node: usize) {
        while self.nodes[node].is_up {
            let Some(Received { word, purpose }) = self.nodes[node].desk.next() else { return };
            match word {
                Word::Order(order) => {
                    self.hand_down(node, purpose, word);
                    self.hand_up(node, Word::Done(order, node));
                }
                Word::Done(..) => self.hand_up(node, word),
            }
            if !self.healed && self.dice.random_bool(0.01) {
                self.crash(node);
                self.later(1_000, Event::Starts(node));
            }
        }
    }

    fn hand_down(&mut self, node: usize, purpose: Purpose, word: Word) {
        for link in links_down(node) {
            let salt = self.next_id();
            self.parents[link].ledger.downlink(purpose).push(Entry { kind: Kind::Addressed(word), salt });
            self.feed_all_down(link);
        }
    }

    fn hand_up(&mut self, node: usize, word: Word) {
        if let Some(link) = link_up(node) {
            self.append(link, Purpose::Urgent, Kind::Addressed(word));
            self.feed_all(link);
        }
    }

    /// The child's follower of a downlink.
    pub fn take_from_above(&mut self, link: usize, purpose: Purpose, at: &Tree, word: Word) {
        let (salt, ledger) = (self.next_id(), &mut self.children[link].ledger);
        let history = ledger.history;
        if ledger.take(purpose, at, salt) {
            self.receive(lower(link), link, history, Received { word, purpose });
            self.feed_all(link);
            if !self.healed && self.dice.random_bool(0.01) {
                self.crash(lower(link));
                self.later(1_000, Event::Starts(lower(link)));
            }
        }
    }

    pub fn feed_all_down(&mut self, link: usize) {
        let followed = |connection: &Connection| connection.link == link && connection.fed_to.is_some();
        let ids: Vec<u64> = self.connections.iter().filter(|(_, connection)| followed(connection)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.feed_down(id));
    }

    /// Sends the child what it does not have yet.
    pub fn feed_down(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(from) = connection.fed_to else { return };
        let downlink = self.parents[connection.link].ledger.downlink(connection.purpose);
        connection.fed_to = Some(downlink.len());
        let words = downlink.entries().iter().enumerate().skip(from as usize).filter_map(|(index, entry)| {
            let Kind::Addressed(word) = entry.kind else { return None };
            Some(Down::Entry { at: downlink.tree(index as u64 + 1), word })
        });
        let messages: Vec<Down> = words.collect();
        messages.into_iter().for_each(|message| self.send(id, Message::Down(message)));
    }
}
