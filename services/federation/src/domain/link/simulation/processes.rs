//! Processes: started, crashed, and told what happened, each on a clock of its own.

use rand::RngExt;

use super::world::{CHILDREN, Event, LONGEST_PAUSE, Process, World};
use crate::domain::link::child::{self, ChildLink};
use crate::domain::link::parent::{self, ParentLink};

impl World {
    pub fn start_child(&mut self, child: usize) {
        if self.children[child].process.is_none() {
            let seed = self.dice.random();
            let machine = ChildLink::new("0.1.0", LONGEST_PAUSE, seed);
            let pace = self.dice.random_range(0.5..2.0);
            self.children[child].process = Some(Process::new(machine, self.now, pace));
            self.tell_child(child, child::Input::Tick);
        }
    }

    pub fn start_parent(&mut self) {
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

    pub fn crash_child(&mut self, child: usize) {
        self.crashes += 1;
        self.children[child].life += 1;
        self.children[child].process = None;
        self.break_all(|connection| connection.child == child);
    }

    pub fn crash_parent(&mut self) {
        self.crashes += 1;
        self.parent.life += 1;
        self.parent.processes = None;
        self.parent.pulled.clear();
        self.break_all(|_| true);
    }

    pub fn tell_child(&mut self, child: usize, input: child::Input) {
        let Some(process) = &mut self.children[child].process else { return };
        let todo = process.machine.step(process.local(self.now), input);
        let wake = process.machine.wakes_at();
        if let Some(at) = process.sooner(self.now, wake) {
            self.at(at, Event::Child(child, self.children[child].life, child::Input::Tick));
        }
        todo.into_iter().for_each(|output| self.do_for_child(child, output));
    }

    pub fn tell_parent(&mut self, child: usize, input: parent::Input) {
        let Some(processes) = &mut self.parent.processes else { return };
        let process = &mut processes[child];
        let local = process.local(self.now);
        let todo = process.machine.step(local, input);
        let wake = process.machine.wakes_at(local);
        assert!(wake.is_none_or(|at| at > local), "what is due is done: else it wakes for ever and time stands still");
        if let Some(at) = process.sooner(self.now, wake) {
            self.at(at, Event::Parent(child, self.parent.life, parent::Input::Tick));
        }
        todo.into_iter().for_each(|output| self.do_for_parent(child, output));
    }
}
