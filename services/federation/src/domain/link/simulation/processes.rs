//! Processes: started, crashed, and told what happened, each on a clock of its own.

use rand::RngExt;

use super::mesh::{link_up, links_down, lower, upper};
use super::world::{Event, LONGEST_PAUSE, Process, World};
use crate::domain::link::child::{self, ChildLink};
use crate::domain::link::parent::{self, ParentLink};

impl World {
    pub fn start(&mut self, node: usize) {
        if self.nodes[node].is_up {
            return;
        }
        self.nodes[node].is_up = true;
        let pace = self.dice.random_range(0.5..2.0);
        for link in links_down(node) {
            let machine = ParentLink::new(self.parents[link].ledger.memory(), self.dice.random());
            self.parents[link].process = Some(Process::new(machine, self.now, pace));
        }
        if let Some(link) = link_up(node) {
            let machine = ChildLink::new("0.1.0", self.children[link].ledger.forked.clone(), LONGEST_PAUSE, self.dice.random());
            self.children[link].process = Some(Process::new(machine, self.now, pace));
            self.tell_child(link, child::Input::Tick);
        }
        self.later(1, Event::Follows(node));
    }

    pub fn crash(&mut self, node: usize) {
        self.crashes += 1;
        self.nodes[node].life += 1;
        self.nodes[node].is_up = false;
        for link in links_down(node) {
            self.parents[link].process = None;
            self.parents[link].pulled.clear();
        }
        if let Some(link) = link_up(node) {
            self.children[link].process = None;
        }
        self.break_all(|connection| upper(connection.link) == node || lower(connection.link) == node);
    }

    pub fn tell_child(&mut self, link: usize, input: child::Input) {
        let Some(process) = &mut self.children[link].process else { return };
        let todo = process.machine.step(process.local(self.now), input);
        let wake = process.machine.wakes_at();
        if let Some(at) = process.sooner(self.now, wake) {
            self.at(at, Event::Child(link, self.nodes[lower(link)].life, child::Input::Tick));
        }
        todo.into_iter().for_each(|output| self.do_for_child(link, output));
    }

    pub fn tell_parent(&mut self, link: usize, input: parent::Input) {
        let Some(process) = &mut self.parents[link].process else { return };
        let local = process.local(self.now);
        let todo = process.machine.step(local, input);
        let wake = process.machine.wakes_at(local);
        assert!(wake.is_none_or(|at| at > local), "what is due is done: else it wakes for ever and time stands still");
        if let Some(at) = process.sooner(self.now, wake) {
            self.at(at, Event::Parent(link, self.nodes[upper(link)].life, parent::Input::Tick));
        }
        todo.into_iter().for_each(|output| self.do_for_parent(link, output));
    }
}
