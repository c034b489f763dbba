//! The hops of a unit that a walk has not taken yet, by time, so that a window that widens pays only for what it gains.

use std::collections::BTreeSet;

use crate::index::dense::HopId;
use crate::index::facts::{Fact, Facts};
use crate::index::trail::Trail;
use crate::window::Window;

#[derive(Debug, Default)]
pub(crate) struct Untaken {
    hops: BTreeSet<(i64, HopId)>,
    /// How many of the trail's hops were looked at.
    seen: usize,
}

impl Untaken {
    /// Looks at the hops that came since, and keeps those that the walk would take. Hands all of them back.
    pub fn absorb<'a>(&mut self, facts: &Facts, trail: &'a Trail, takes: impl Fn(&Fact) -> bool) -> &'a [HopId] {
        let new = &trail.fed[self.seen..];
        for id in new {
            let fact = facts.get(*id);
            if takes(fact) && facts.stands(*id) {
                self.hops.insert((fact.time, *id));
            }
        }
        self.seen = trail.fed.len();
        new
    }

    /// Hands out those within the window, once.
    pub fn drain(&mut self, window: Window) -> Vec<HopId> {
        let within: Vec<_> = self.hops.range((window.from, HopId::FIRST)..=(window.to, HopId::LAST)).copied().collect();
        for hop in &within {
            self.hops.remove(hop);
        }
        within.into_iter().map(|(_, id)| id).collect()
    }

    /// Takes a hop back in, to be handed out again.
    pub fn put_back(&mut self, time: i64, hop: HopId) {
        self.hops.insert((time, hop));
    }

    /// Everything is to be handed out again.
    pub fn reset(&mut self) {
        *self = Untaken::default();
    }
}
