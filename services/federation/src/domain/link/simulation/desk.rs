//! What the services of a simulated node make of what comes over links: an order from above takes effect, goes on to those below and is acknowledged; an
//! acknowledgement goes up. Beside it the inbox that the gateway fills, with what it remembers of earlier histories.

use std::collections::BTreeMap;

use crate::domain::link::Purpose;

/// What one node says to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// Numbers grow with the time of issue, and none is given out twice.
    Order(u64),
    /// That an order has taken effect at a node.
    Done(u64, usize),
}

/// One entry of the inbox.
#[derive(Clone, Copy, Debug)]
pub struct Received {
    pub word: Word,
    pub purpose: Purpose,
}

#[derive(Clone, Debug, Default)]
pub struct Desk {
    inbox: Vec<Received>,
    /// How far the services have followed it.
    followed: usize,
    /// By link, in which history it came first.
    known: BTreeMap<(usize, Word), u64>,
    /// Orders that took effect here, in this order.
    pub orders: Vec<(Purpose, u64)>,
    /// Acknowledgements that came from below.
    pub done: Vec<(u64, usize)>,
}

impl Desk {
    /// What comes over a link goes into the inbox, unless it was said in an earlier history.
    pub fn receive(&mut self, link: usize, history: u64, received: Received) {
        if *self.known.entry((link, received.word)).or_insert(history) == history {
            self.inbox.push(received);
        }
    }

    /// The next entry for the services, once.
    pub fn next(&mut self) -> Option<Received> {
        let received = self.inbox.get(self.followed).copied()?;
        self.followed += 1;
        match received.word {
            Word::Order(order) => self.orders.push((received.purpose, order)),
            Word::Done(order, node) => self.done.push((order, node)),
        }
        Some(received)
    }
}
