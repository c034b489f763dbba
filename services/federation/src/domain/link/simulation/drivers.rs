//! What drivers would do: the machines' outputs become messages and rows, messages become inputs.

use rand::RngExt;

use super::desk::Received;
use super::ledger::{Journal, Kind, SERVICE, month, number_of};
use super::mesh::{lower, upper};
use super::network::{Connection, Down, Message, Up, Waiting};
use super::world::{Event, Parent, World};
use crate::domain::link::child::{self, Greeting};
use crate::domain::link::parent::{self, Verdict};
use crate::domain::link::{Line, Purpose};

impl World {
    pub fn do_for_child(&mut self, link: usize, output: child::Output) {
        let life = self.nodes[lower(link)].life;
        match output {
            child::Output::Dial(purpose, line) => {
                let refused = !self.nodes[upper(link)].is_up || (!self.healed && self.dice.random_bool(0.2));
                let delay = self.dice.random_range(1..200);
                if !refused {
                    let id = self.next_id();
                    self.connections.insert(id, Connection::new(link, purpose, line, self.now));
                    self.later(delay, Event::Child(link, life, child::Input::Dialled(purpose, line)));
                } else if self.dice.random_bool(0.8) {
                    self.later(delay, Event::Child(link, life, child::Input::Lost(purpose, line, "refused".into())));
                }
                // Else nobody says anything, ever.
            }
            child::Output::Greet(purpose, line) => self.send_up(link, purpose, line, Up::Hello),
            child::Output::Serve(purpose, line) => self.send_up(link, purpose, line, Up::Tunnel),
            child::Output::Follow(purpose, line) => {
                let held = self.children[link].ledger.taken.get(&purpose).cloned().unwrap_or_else(|| Journal::default().head());
                self.send_up(link, purpose, line, Up::FollowDown(held));
            }
            child::Output::Distrust(why) => self.children[link].ledger.forked = Some(why),
            child::Output::Close(purpose, line) => {
                self.break_all(|connection| (connection.link, connection.purpose, connection.line) == (link, purpose, line));
            }
            child::Output::BackOff(..) | child::Output::Became(_) => {}
        }
    }

    pub fn do_for_parent(&mut self, link: usize, output: parent::Output) {
        let Parent { ledger, pulled, .. } = &mut self.parents[link];
        match output {
            parent::Output::Follow(purpose, Line(id), cursor) => {
                assert_eq!(cursor, ledger.cursor(purpose), "the machine has lost count");
                let held = ledger.taken.get(&purpose).cloned().unwrap_or_else(|| Journal::default().head());
                self.send(id, Message::Down(Down::Follow(held)));
            }
            parent::Output::Prove { journal, held, offered } => {
                assert_eq!(journal, SERVICE);
                ledger.told.push(offered.clone());
                self.ask(link, Waiting::Proof(offered.clone()), Down::Prove { held, offered });
            }
            parent::Output::Hold(_, tree) => ledger.held = Some(tree),
            parent::Output::List => self.ask(link, Waiting::List, Down::List),
            parent::Output::Pull(month) => self.ask(link, Waiting::Pull(number_of(&month)), Down::Pull(number_of(&month))),
            parent::Output::Keep(month) => {
                let number = number_of(&month);
                let version = pulled.remove(&number).expect("what is to be kept was pulled");
                let held = ledger.held.as_ref();
                assert!(held.is_some_and(|held| held.size >= version.seq), "figures are kept that no checkpoint covers");
                ledger.keep(number, &version);
                self.later(10, Event::Parent(link, self.nodes[upper(link)].life, parent::Input::Kept(month, true)));
            }
            parent::Output::Quarantine(why) => ledger.quarantined = Some(why),
            parent::Output::Close(_, Line(id)) => self.break_connection(id),
            parent::Output::BackOff(_) | parent::Output::Became(_) => {}
        }
    }

    pub fn arrive(&mut self, id: u64, message: Message) {
        let Some(connection) = self.connections.get(&id).filter(|connection| connection.carries(&message)) else { return };
        let (link, purpose, line) = (connection.link, connection.purpose, connection.line);
        match message {
            Message::Up(up) if self.nodes[upper(link)].is_up => self.arrive_up(id, link, purpose, up),
            Message::Down(down) if self.nodes[lower(link)].is_up => self.arrive_down(id, link, purpose, line, down),
            _ => {}
        }
    }

    pub fn arrive_up(&mut self, id: u64, link: usize, purpose: Purpose, up: Up) {
        let here = Line(id);
        match up {
            Up::Hello => {
                let quarantined = self.parents[link].ledger.quarantined.clone().unwrap_or_default();
                let greeting = Greeting { node: "parent".into(), version: "0.1.0".into(), quarantined };
                self.send(id, Message::Down(Down::Greeting(greeting)));
            }
            Up::Tunnel => self.tell_parent(link, parent::Input::Connected(purpose, here)),
            Up::FollowDown(held) => match self.parents[link].ledger.downlink(purpose).fork(&held) {
                Some(why) => self.send(id, Message::Down(Down::Forked(why))),
                None => {
                    if let Some(connection) = self.connections.get_mut(&id) {
                        connection.fed_to = Some(held.size);
                    }
                    self.feed_down(id);
                }
            },
            Up::Commit { at, entry, hint, offered } => {
                let history = self.parents[link].ledger.history;
                if self.parents[link].ledger.take(purpose, &at, &entry, offered.as_ref()) {
                    if let Kind::Addressed(word) = entry.kind {
                        self.receive(upper(link), link, history, Received { word, purpose });
                    }
                    if !self.healed && self.dice.random_bool(0.002) {
                        // Committed, and nobody told the machine.
                        self.crash(upper(link));
                        return self.later(1_000, Event::Starts(upper(link)));
                    }
                    self.tell_parent(link, parent::Input::Advanced(purpose, parent::Cursor { epoch: 1, seq: at.size }));
                    if let Some((number, version)) = hint {
                        self.tell_parent(link, parent::Input::Hinted(month(number), version));
                    }
                    if let Some(tree) = offered {
                        self.tell_parent(link, parent::Input::Offered(SERVICE.into(), tree));
                    }
                }
            }
            Up::End(seq) => self.tell_parent(link, parent::Input::CaughtUp(purpose, here, seq)),
            Up::Forked(why) => self.tell_parent(link, parent::Input::Forked(why)),
            Up::Proven(offered, verdict) => {
                if self.answered(id, &Waiting::Proof(offered.clone())) {
                    self.tell_parent(link, parent::Input::Proven(SERVICE.into(), offered, verdict));
                }
            }
            Up::Months(months) => {
                if self.answered(id, &Waiting::List) {
                    let listed = self.parents[link].ledger.listed(&months);
                    self.tell_parent(link, parent::Input::Listed(Some(listed)));
                }
            }
            Up::Figures(number, version, tree) => {
                if self.answered(id, &Waiting::Pull(number)) {
                    self.parents[link].pulled.insert(number, version.clone());
                    let pulled = parent::Pulled { version, journal: SERVICE.into(), tree };
                    self.tell_parent(link, parent::Input::Pulled(month(number), Some(pulled)));
                }
            }
        }
    }

    pub fn arrive_down(&mut self, id: u64, link: usize, purpose: Purpose, line: Line, down: Down) {
        let ledger = &mut self.children[link].ledger;
        let answer = match down {
            Down::Greeting(greeting) => return self.tell_child(link, child::Input::Greeted(purpose, line, greeting)),
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
            Down::Entry { at, word } => return self.take_from_above(link, purpose, &at, word),
            Down::Forked(why) => return self.tell_child(link, child::Input::Forked(why)),
            Down::List => Up::Months(ledger.months().collect()),
            Down::Pull(number) => Up::Figures(number, ledger.version(number), ledger.service.head()),
        };
        self.send(id, Message::Up(answer));
    }

    pub fn feed_all(&mut self, link: usize) {
        let followed = |connection: &Connection| connection.link == link && connection.followed_to.is_some();
        let ids: Vec<u64> = self.connections.iter().filter(|(_, connection)| followed(connection)).map(|(id, _)| *id).collect();
        ids.into_iter().for_each(|id| self.feed(id));
    }

    /// Sends a follower what it does not have yet.
    pub fn feed(&mut self, id: u64) {
        let Some(connection) = self.connections.get_mut(&id) else { return };
        let Some(from) = connection.followed_to else { return };
        let ledger = &mut self.children[connection.link].ledger;
        let end = ledger.uplink(connection.purpose).len();
        connection.followed_to = Some(end);
        let mut messages: Vec<Up> = (from + 1..=end).map(|seq| ledger.commit(connection.purpose, seq)).collect();
        messages.push(Up::End(end));
        messages.into_iter().for_each(|message| self.send(id, Message::Up(message)));
    }
}
