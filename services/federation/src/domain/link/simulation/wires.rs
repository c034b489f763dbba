//! Sending over connections, and breaking them.

use std::time::Duration;

use rand::RngExt;

use super::ledger::{SERVICE, month};
use super::mesh::{lower, upper};
use super::network::{Connection, Down, Message, Up, Waiting};
use super::world::{Event, World};
use crate::domain::link::parent::{self, Verdict};
use crate::domain::link::{Line, Purpose, child};

impl World {
    pub fn send_up(&mut self, link: usize, purpose: Purpose, line: Line, up: Up) {
        let wanted = |connection: &Connection| (connection.link, connection.purpose, connection.line) == (link, purpose, line);
        if let Some(id) = self.connections.iter().find(|(_, connection)| wanted(connection)).map(|(id, _)| *id) {
            self.send(id, Message::Up(up));
        }
    }

    pub fn send(&mut self, id: u64, message: Message) {
        let at = self.now + Duration::from_millis(self.dice.random_range(1..400));
        let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.broken) else { return };
        let at = connection.arrival(&message, at);
        self.at(at, Event::Arrives(id, message));
    }

    /// Asks over the newest connection for questions.
    pub fn ask(&mut self, link: usize, waiting: Waiting, down: Down) {
        let open = self.connections.iter_mut().rev();
        let found = open
            .map(|(id, connection)| (*id, connection))
            .find(|(_, connection)| connection.link == link && connection.purpose == Purpose::Questions && !connection.broken);
        match found {
            Some((id, connection)) => {
                connection.waiting.push(waiting);
                self.send(id, Message::Down(down));
            }
            None => self.unanswered(link, waiting),
        }
    }

    pub fn answered(&mut self, id: u64, waiting: &Waiting) -> bool {
        self.connections.get_mut(&id).is_some_and(|connection| connection.answered(waiting))
    }

    pub fn unanswered(&mut self, link: usize, waiting: Waiting) {
        let input = match waiting {
            Waiting::Proof(offered) => parent::Input::Proven(SERVICE.into(), offered, Verdict::Unanswered),
            Waiting::List => parent::Input::Listed(None),
            Waiting::Pull(number) => parent::Input::Pulled(month(number), None),
        };
        let delay = self.dice.random_range(1..2_000);
        self.later(delay, Event::Parent(link, self.nodes[upper(link)].life, input));
    }

    pub fn break_all(&mut self, which: impl Fn(&Connection) -> bool) {
        let ids: Vec<u64> = self.connections.iter().filter(|(_, connection)| which(connection)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.break_connection(id));
    }

    pub fn break_connection(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id).filter(|connection| !connection.broken) else { return };
        self.broken += 1;
        connection.broken = true;
        let (link, purpose, line) = (connection.link, connection.purpose, connection.line);
        let waiting = std::mem::take(&mut connection.waiting);
        let (near, far) = (self.dice.random_range(0..5_000), self.dice.random_range(0..5_000));
        let gone = || "broken".to_owned();
        self.later(near, Event::Child(link, self.nodes[lower(link)].life, child::Input::Lost(purpose, line, gone())));
        self.later(far, Event::Parent(link, self.nodes[upper(link)].life, parent::Input::Lost(purpose, Line(id), gone())));
        self.later(far, Event::Gone(id));
        waiting.into_iter().for_each(|waiting| self.unanswered(link, waiting));
    }
}
